import { BerthError } from '@berth/errors/berth-error';
import { startApi, type TestApi } from '../../../test/start-api';
import type { Identity } from '../identity';
import { Idempotency } from './idempotency';

let api: TestApi;
let idempotency: Idempotency;
beforeAll(async () => {
  api = await startApi();
  idempotency = api.api.get(Idempotency, { strict: false });
});
afterAll(() => api?.close());

const identity = (accountId: string): Identity => ({
  accountId,
  operator: false,
  via: { kind: 'token', tokenId: 'tok_x' },
  scopes: new Set(),
});
const request = (body: unknown) => ({ operation: 'createThing', body });
const keys = () => api.db.collection<{ _id: string }>('idempotency_keys');

it('does the work once and gives the same answer again', async () => {
  let done = 0;
  const call = (id: string) =>
    idempotency.once(identity('acc_1'), 'key-number-1', request({ a: 1 }), { id }, async (ids) => ({
      made: ids.id,
      done: ++done,
    }));
  expect(await call('first')).toEqual({ made: 'first', done: 1 });
  expect(await call('second')).toEqual({ made: 'first', done: 1 });
});

it('keeps the keys of two accounts apart', async () => {
  const call = (account: string) =>
    idempotency.once(identity(account), 'the-same-key', request({}), { id: account }, async ({ id }) => id);
  expect([await call('acc_1'), await call('acc_2')]).toEqual(['acc_1', 'acc_2']);
});

it('refuses another request with the same key, and the same one while it is under way', async () => {
  const once = (body: unknown, work: () => Promise<string>) =>
    idempotency.once(identity('acc_1'), 'key-number-2', request(body), { id: 'x' }, work);
  await once({ a: 1 }, async () => {
    await expect(once({ a: 1 }, async () => 'again')).rejects.toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS' });
    return 'done';
  });
  await expect(once({ a: 2 }, async () => 'other')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
});

it('goes on with the first ids after a crash in the middle', async () => {
  const id = `${'acc_1'}:`;
  await expect(
    idempotency.once(identity('acc_1'), 'key-number-3', request({}), { id: 'first' }, () => Promise.reject(new Error('killed'))),
  ).rejects.toThrow('killed');
  expect(await keys().countDocuments({ _id: { $regex: `^${id}` }, done: false })).toBe(1);
  const again = await idempotency.once(identity('acc_1'), 'key-number-3', request({}), { id: 'second' }, async (ids) => ids.id);
  expect(again).toBe('first');
});

it('frees the key of a request that was refused', async () => {
  const refused = () => Promise.reject(new BerthError('SLUG_TAKEN', { slug: 'x' }));
  await expect(idempotency.once(identity('acc_1'), 'key-number-4', request({ a: 1 }), { id: 'x' }, refused)).rejects.toThrow();
  expect(await idempotency.once(identity('acc_1'), 'key-number-4', request({ a: 2 }), { id: 'y' }, async ({ id }) => id)).toBe(
    'y',
  );
});

it.each(['short', 'with space in it', 'x'.repeat(201)])('refuses the key “%.20s”', async (key) => {
  const call = idempotency.once(identity('acc_1'), key, request({}), { id: 'x' }, async () => 'done');
  await expect(call).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});
