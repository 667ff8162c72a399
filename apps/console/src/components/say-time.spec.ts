import { sayDuration, sayRelative } from './say-time';

describe('times as people say them', () => {
  it.each([
    [0, '0 ms'],
    [340.4, '340 ms'],
    [1_234, '1.2 s'],
    [59_949, '59.9 s'],
    [125_000, '2 min 5 s'],
    [179_900, '3 min 0 s'],
  ])('%d ms is %s', (ms, said) => {
    expect(sayDuration(ms)).toBe(said);
  });

  it.each([
    ['2026-01-01T11:59:40Z', 'just now'],
    ['2026-01-01T12:00:20Z', 'in less than a minute'],
    ['2026-01-01T09:00:00Z', '3 hours ago'],
    ['2026-01-31T12:00:00Z', 'next month'],
    ['2026-01-04T12:00:00Z', 'in 3 days'],
  ])('%s is %s', (at, said) => {
    expect(sayRelative(at, Date.parse('2026-01-01T12:00:00Z'))).toBe(said);
  });
});
