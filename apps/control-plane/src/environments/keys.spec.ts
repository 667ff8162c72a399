import { firstKeys, keyKinds, nextExpiry, previousOf, rotateKey, withoutExpired } from './keys';

const now = new Date('2026-01-01T00:00:00Z');
const hours = (count: number) => new Date(now.getTime() + count * 3600_000);

describe('keys', () => {
  it('are minted, all different, where none is given', () => {
    const keys = firstKeys({ master: 'mine' });
    expect(keys.master).toEqual({ current: 'mine', previous: [] });
    expect(new Set(keyKinds.map((kind) => keys[kind].current)).size).toBe(5);
    expect(keys.client.current).toMatch(/^[0-9a-z]{40}$/);
  });

  it('keep the old value for the time that was chosen', () => {
    const rotated = rotateKey(firstKeys({ master: 'a' }), 'master', 'b', hours(24), now);
    expect(rotated.master).toEqual({ current: 'b', previous: [{ value: 'a', validUntil: hours(24).toISOString() }] });
    expect(previousOf(rotated, now)).toEqual([{ kind: 'master', validUntil: hours(24).toISOString() }]);
    expect(nextExpiry(rotated)).toEqual(hours(24));
  });

  it('end all former values at once when none is to stay', () => {
    const twice = rotateKey(rotateKey(firstKeys({ rest: 'a' }), 'rest', 'b', hours(24), now), 'rest', 'c', null, now);
    expect(twice.rest).toEqual({ current: 'c', previous: [] });
    expect(nextExpiry(twice)).toBeNull();
  });

  it('drop what has ended and keep the rest', () => {
    const once = rotateKey(firstKeys({ rest: 'a', client: 'x' }), 'rest', 'b', hours(1), now);
    const twice = rotateKey(once, 'client', 'y', hours(3), now);
    const later = withoutExpired(twice, hours(1));
    expect(later.rest.previous).toEqual([]);
    expect(later.client.previous).toHaveLength(1);
    expect(nextExpiry(later)).toEqual(hours(3));
    expect(withoutExpired(later, hours(2))).toEqual(later);
  });

  it('keep at most five former values, the newest', () => {
    let keys = firstKeys({ rest: 'v0' });
    for (let round = 1; round <= 9; round++) keys = rotateKey(keys, 'rest', `v${round}`, hours(round), now);
    expect(keys.rest.previous.map(({ value }) => value)).toEqual(['v8', 'v7', 'v6', 'v5', 'v4']);
  });
});
