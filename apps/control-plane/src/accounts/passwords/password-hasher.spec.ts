import { parseOptions } from '@node-rs/argon2';
import { PasswordHasher } from './password-hasher';

const quick = () => new PasswordHasher({ BERTH_REDUCE_PASSWORD_COST: true });

it('hashes at the cost that OWASP recommends unless tests ask for less', async () => {
  const stored = await new PasswordHasher({ BERTH_REDUCE_PASSWORD_COST: false }).hash('harbour-lantern-42');
  expect(parseOptions(stored)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32, saltLen: 16 });
  expect(quick().isOutdated(stored)).toBe(true);
  expect(new PasswordHasher({ BERTH_REDUCE_PASSWORD_COST: false }).isOutdated(stored)).toBe(false);
});

it('knows the right password, and none where there is no account', async () => {
  const hasher = quick();
  const stored = await hasher.hash('harbour-lantern-42');
  expect(await hasher.verify(stored, 'harbour-lantern-42')).toBe(true);
  expect(await hasher.verify(stored, 'harbour-lantern-43')).toBe(false);
  expect(await hasher.verify(undefined, 'no account has this one')).toBe(false);
});

it('refuses when too many wait, and takes more when they are done', async () => {
  const hasher = quick();
  const results = await Promise.allSettled([...Array(100)].map(() => hasher.hash('harbour-lantern-42')));
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused).toHaveLength(100 - 2 - 64);
  expect(refused[0]).toMatchObject({ reason: { code: 'TOO_MANY_REQUESTS' } });
  expect(await hasher.hash('harbour-lantern-42')).toMatch(/^\$argon2id\$/);
});
