import { BerthError } from '@berth/errors/berth-error';
import { bearer, type Person, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';
import type { Identity } from '../http/identity';
import { findInScope, type OrgScope, OrgScopes } from './org-scope';

let api: TestApi;
let ada: Person;
let eve: Person;
beforeAll(async () => {
  api = await startApi();
  ada = await signUp(api, 'ada@example.com');
  eve = await signUp(api, 'eve@example.com');
});
afterAll(() => api?.close());

const identityOf = (person: Person): Identity => ({
  accountId: person.id,
  operator: false,
  via: { kind: 'token', tokenId: 'tok_x' },
  scopes: new Set(),
});
const scopeOf = (person: Person, ...rest: Parameters<OrgScopes['scopeFor']> extends [unknown, ...infer R] ? R : never) =>
  api.api.get(OrgScopes, { strict: false }).scopeFor(identityOf(person), ...rest);
const memberships = () => api.db.collection<{ _id: string }>('memberships');

it('lists the own organizations alone', async () => {
  const mine = await api.http.get('/v1/orgs').set(bearer(ada)).expect(200);
  expect(mine.body.items.map(({ id }: { id: string }) => id)).toEqual([ada.orgId]);
  expect(ada.orgId).not.toBe(eve.orgId);
});

it('completes a sign-up that was stopped before its organization, or between its two writes', async () => {
  const person = await signUp(api, 'stopped@example.com');
  await memberships().deleteMany({ accountId: person.id });
  const again = await api.http.get('/v1/orgs').set(bearer(person)).expect(200);
  expect(again.body.items).toEqual([{ id: person.orgId, name: 'Personal', personal: true, role: 'owner' }]);
  await memberships().deleteMany({ accountId: person.id });
  await api.db.collection('orgs').deleteMany({ personalOf: person.id });
  const answers = await Promise.all([...Array(6)].map(() => api.http.get('/v1/orgs').set(bearer(person))));
  expect(new Set(answers.map(({ body }) => body.items[0].id)).size).toBe(1);
  expect(await api.db.collection('orgs').countDocuments({ personalOf: person.id })).toBe(1);
  expect(await memberships().countDocuments({ accountId: person.id })).toBe(1);
});

describe('a scope', () => {
  const shared = 'org_shared00000000000000';
  beforeAll(async () => {
    await api.db
      .collection<{ _id: string }>('orgs')
      .insertOne({ _id: shared, name: 'Shared', personalOf: null, createdAt: new Date() } as never);
    await memberships().insertOne({
      _id: 'mem_1',
      orgId: shared,
      accountId: eve.id,
      role: 'viewer',
      createdAt: new Date(),
    } as never);
  });

  it('holds the organizations where the role is enough', async () => {
    expect([...(await scopeOf(eve)).orgIds].sort()).toEqual([eve.orgId, shared].sort());
    const forWriting = await scopeOf(eve, 'developer');
    expect(forWriting.orgIds).toEqual([eve.orgId]);
    expect(forWriting.covers(shared)).toBe(false);
    expect(forWriting.filter()).toEqual({ orgId: { $in: [eve.orgId] } });
  });

  it.each([
    ['a row where the role is enough', () => eve.orgId, 'found'],
    ['a row that may be seen but not touched', () => shared, 'ROLE_INSUFFICIENT'],
    ['a row of another organization', () => ada.orgId, 'APP_NOT_FOUND'],
  ])('%s', async (_what, orgId, outcome) => {
    const rows = [{ orgId: orgId() }];
    const find = async (scope: OrgScope) => rows.find((row) => scope.covers(row.orgId)) ?? null;
    const found = findInScope(await scopeOf(eve, 'developer'), find, () => new BerthError('APP_NOT_FOUND'));
    if (outcome === 'found') expect(await found).toEqual(rows[0]);
    else await expect(found).rejects.toMatchObject({ code: outcome });
  });
});
