import { slugFromName, slugProblem } from './slug';

describe('address names', () => {
  it.each([
    ['Hello', 'hello'],
    ['  My   App! ', 'my-app'],
    ['Größe', 'groesse'],
    ['Crème Brûlée', 'creme-brulee'],
    ['Anna’s café', 'annas-cafe'],
    ['x'.repeat(60), 'x'.repeat(40)],
  ])('%s suggests %s', (name, slug) => {
    expect(slugFromName(name)).toBe(slug);
    expect(slugProblem(slug)).toBeNull();
  });

  it.each(['', 'ab', 'Hello', 'a--b', '-abc', 'abc-', 'a b', 'x'.repeat(41)])('refuses “%s”', (slug) => {
    expect(slugProblem(slug)).toContain('3 to 40');
  });
});
