import { bearer, goodPassword, type Person, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';
import { tokenScopes } from '../http/identity';
import type { AccessTokenDocument } from './access-token.schema';

let api: TestApi;
let operator: Person;
let ada: Person;
let eve: Person;
beforeAll(async () => {
  api = await startApi();
  operator = await signUp(api, 'operator@example.com');
  ada = await signUp(api, 'ada@example.com');
  eve = await signUp(api, 'eve@example.com');
});
afterAll(() => api?.close());

const create = (person: { token: string }, body: object) => api.http.post('/v1/tokens').set(bearer(person)).send(body);
const stored = () => api.db.collection<AccessTokenDocument>('access_tokens');

describe('a token', () => {
  it('is shown once, kept as a hash, and listed by its prefix', async () => {
    const made = await create(ada, { name: 'ci', scopes: ['apps:read'], expiresInDays: 30 }).expect(201);
    expect(made.body.secret).toMatch(/^brt_[0-9a-z]{40}$/);
    expect(made.body.token).toMatchObject({
      name: 'ci',
      scopes: ['apps:read'],
      prefix: made.body.secret.slice(0, 8),
      lastUsedAt: null,
    });
    expect(JSON.stringify(await stored().find().toArray())).not.toContain(made.body.secret);
    const list = await api.http.get('/v1/tokens').set(bearer(ada)).expect(200);
    expect(list.body.items.map(({ id }: { id: string }) => id)).toContain(made.body.token.id);
    expect(JSON.stringify(list.body)).not.toContain(made.body.secret);
  });

  it('notes when it was last used, and may have no end', async () => {
    const made = await api.http
      .post('/v1/tokens')
      .set({ Cookie: ada.cookie, Origin: api.origin })
      .send({ name: 'used', scopes: ['account:read'], expiresInDays: null })
      .expect(201);
    await api.http
      .get('/v1/account')
      .set(bearer({ token: made.body.secret }))
      .expect(200);
    const row = await stored().findOne({ _id: made.body.token.id });
    expect(row?.lastUsedAt).toBeInstanceOf(Date);
    expect(row?.expiresAt).toBeNull();
  });

  it('ends', async () => {
    const made = await create(ada, { name: 'old', scopes: ['account:read'], expiresInDays: 1 }).expect(201);
    await stored().updateOne({ _id: made.body.token.id }, { $set: { expiresAt: new Date(Date.now() - 1) } });
    await api.http
      .get('/v1/account')
      .set(bearer({ token: made.body.secret }))
      .expect(401);
  });

  it('ends when it is revoked, by its owner alone', async () => {
    const made = await create(ada, { name: 'gone', scopes: ['account:read'], expiresInDays: 1 }).expect(201);
    const path = `/v1/tokens/${made.body.token.id}`;
    expect((await api.http.delete(path).set(bearer(eve)).expect(404)).body.code).toBe('TOKEN_NOT_FOUND');
    await api.http
      .get('/v1/account')
      .set(bearer({ token: made.body.secret }))
      .expect(200);
    await api.http.delete(path).set(bearer(ada)).expect(204);
    await api.http
      .get('/v1/account')
      .set(bearer({ token: made.body.secret }))
      .expect(401);
    await api.http.delete(path).set(bearer(ada)).expect(404);
  });

  it('can revoke itself, whatever its scopes', async () => {
    const made = await create(ada, { name: 'self', scopes: ['keys:read'], expiresInDays: 1 }).expect(201);
    await api.http
      .delete('/v1/tokens/current')
      .set(bearer({ token: made.body.secret }))
      .expect(204);
    await api.http
      .get('/v1/account')
      .set(bearer({ token: made.body.secret }))
      .expect(401);
  });
});

describe('scopes', () => {
  it('limit what a token may do', async () => {
    const made = await create(ada, { name: 'narrow', scopes: ['account:read'], expiresInDays: 1 }).expect(201);
    const narrow = { token: made.body.secret };
    await api.http.get('/v1/orgs').set(bearer(narrow)).expect(200);
    const refused = await api.http.patch('/v1/account').set(bearer(narrow)).send({ name: 'x' }).expect(403);
    expect(refused.body).toMatchObject({ code: 'TOKEN_SCOPE_MISSING', details: { scope: 'account:write' } });
    expect((await api.http.get('/v1/apps').set(bearer(narrow)).expect(403)).body.code).toBe('TOKEN_SCOPE_MISSING');
  });

  it('cannot grow: a token makes none with more scopes or a longer life than its own', async () => {
    const parent = await create(ada, { name: 'parent', scopes: ['account:write', 'account:read'], expiresInDays: 2 }).expect(201);
    const by = { token: parent.body.secret };
    expect((await create(by, { name: 'more', scopes: ['apps:write'], expiresInDays: 1 }).expect(403)).body.code).toBe(
      'TOKEN_SCOPE_MISSING',
    );
    for (const expiresInDays of [null, 300]) {
      const child = await create(by, { name: 'longer', scopes: ['account:read'], expiresInDays }).expect(201);
      expect(child.body.token.expiresAt).toBe(parent.body.token.expiresAt);
    }
  });

  it('of the operator work for the operator alone', async () => {
    const made = await create(operator, { name: 'no admin', scopes: ['account:read'], expiresInDays: 1 }).expect(201);
    expect(
      (
        await api.http
          .get('/v1/invitations')
          .set(bearer({ token: made.body.secret }))
          .expect(403)
      ).body.code,
    ).toBe('TOKEN_SCOPE_MISSING');
    await api.http.get('/v1/invitations').set(bearer(operator)).expect(200);
    expect((await api.http.get('/v1/invitations').set(bearer(eve)).expect(403)).body.code).toBe('OPERATOR_ONLY');
  });
});

describe('POST /v1/tokens/sign-in', () => {
  const signIn = (body: object) => api.http.post('/v1/tokens/sign-in').send(body);

  it('gives a token of 90 days with all scopes of the account', async () => {
    const answer = await signIn({ email: ada.email, password: goodPassword, name: 'laptop' }).expect(201);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body.account.email).toBe(ada.email);
    expect(answer.body.token.scopes).toEqual(tokenScopes.filter((scope) => scope !== 'admin'));
    const days = (Date.parse(answer.body.token.expiresAt) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(90);
  });

  it('gives the operator the scope admin', async () => {
    const answer = await signIn({ email: operator.email, password: goodPassword, name: 'laptop', expiresInDays: null }).expect(
      201,
    );
    expect(answer.body.token).toMatchObject({ scopes: [...tokenScopes], expiresAt: null });
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, 401, 'CREDENTIALS_WRONG'],
    ['no name', { name: undefined }, 400, 'INPUT_INVALID'],
    ['an unknown scope', { scopes: ['everything'] }, 400, 'INPUT_INVALID'],
    ['no scope at all', { scopes: [] }, 400, 'INPUT_INVALID'],
    ['an unknown field', { operator: true }, 400, 'INPUT_INVALID'],
    ['a life beyond all bounds', { expiresInDays: 100_000 }, 400, 'INPUT_INVALID'],
  ])('refuses %s', async (_what, change, status, code) => {
    const answer = await signIn({ email: ada.email, password: goodPassword, name: 'x', ...change });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('stops at a hundred tokens', async () => {
    const person = await signUp(api, 'hoarder@example.com');
    const own = await stored().findOne({ accountId: person.id });
    const copies = [...Array(99)].map((_, i) => ({ ...own, _id: `tok_copy${i}`, secretHash: `copy${i}` }));
    await stored().insertMany(copies as never[]);
    expect((await create(person, { name: 'one more', scopes: ['account:read'], expiresInDays: 1 }).expect(403)).body.code).toBe(
      'TOKEN_CAP_REACHED',
    );
  });
});

it.each(['', 'brt_', 'brt_x', `brt_${'0'.repeat(40)}`, 'Basic abc', `brt_${'0'.repeat(4000)}`])(
  'the token %.20s is nobody’s',
  async (secret) => {
    const answer = await api.http.get('/v1/account').set('Authorization', `Bearer ${secret}`).expect(401);
    expect(answer.body.code).toBe('SIGN_IN_REQUIRED');
  },
);

it('is not read from the query or the body', async () => {
  await api.http.get(`/v1/account?access_token=${ada.token}`).expect(401);
  await api.http.patch('/v1/account').send({ name: 'x', access_token: ada.token }).expect(401);
});
