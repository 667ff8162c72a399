import { bearer, cookieOf, goodPassword, type Person, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';
import { hashSecret } from './authentication/secrets';
import type { SessionDocument } from './session.schema';

const minute = 60_000;
let api: TestApi;
let ada: Person;
let eve: Person;
beforeAll(async () => {
  api = await startApi();
  ada = await signUp(api, 'ada@example.com');
  eve = await signUp(api, 'eve@example.com');
});
afterAll(() => api?.close());

const sessions = () => api.db.collection<SessionDocument>('sessions');
const tokenOf = (cookie: string) => cookie.split('=')[1] ?? '';
const whoAmI = (cookie: string) => api.http.get('/v1/account').set('Cookie', cookie);

async function signIn(email = ada.email) {
  const answer = await api.http.post('/v1/sessions').send({ email, password: goodPassword }).expect(201);
  return { cookie: cookieOf(answer.headers), setCookie: String(answer.headers['set-cookie']) };
}

async function idOf(cookie: string): Promise<string> {
  const session = await sessions().findOne({ tokenHash: hashSecret(tokenOf(cookie)) });
  return session?._id ?? 'none';
}

describe('the cookie', () => {
  it('is bound to the host, unseen by scripts and not sent by other sites', async () => {
    const { setCookie } = await signIn();
    expect(setCookie).toMatch(/^__Host-berth=[\w-]{43}; Max-Age=2592000; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/);
  });

  it('has another name where the console is plain http', async () => {
    const plain = await startApi({ BERTH_CONSOLE_ORIGIN: 'http://berth.lan:4000' });
    try {
      const person = await signUp(plain, 'p@example.com');
      expect(person.cookie).toMatch(/^berth=/);
      await plain.http.get('/v1/account').set('Cookie', person.cookie).expect(200);
    } finally {
      await plain.close();
    }
  });

  it('is kept as a hash alone', async () => {
    const { cookie } = await signIn();
    const all = JSON.stringify(await sessions().find().toArray());
    expect(all).not.toContain(tokenOf(cookie));
  });
});

describe('a change by cookie', () => {
  const rename = (cookie: string, headers: Record<string, string>) =>
    api.http.patch('/v1/account').set('Cookie', cookie).set(headers).send({ name: 'Ada' });

  it.each([
    ['the console’s origin', () => ({ Origin: 'http://localhost:4000' }), 200],
    ['the origin it was loaded from, on loopback', () => ({ Origin: api.origin }), 200],
    ['another port of this machine, as apps have', () => ({ Origin: 'http://localhost:4080' }), 403],
    ['another site', () => ({ Origin: 'https://evil.example' }), 403],
    ['a sandboxed page', () => ({ Origin: 'null' }), 403],
    ['another name that leads here', () => ({ Origin: 'http://evil.example:4000', Host: 'evil.example:4000' }), 403],
    ['no origin', () => ({}), 403],
  ])('from %s', async (_from, headers, status) => {
    const answer = await rename(ada.cookie, headers() as Record<string, string>);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.code).toBe('ORIGIN_REFUSED');
  });

  it('by another site cannot sign anybody in or up', async () => {
    const headers = { Origin: 'https://evil.example' };
    const input = { email: eve.email, password: goodPassword };
    expect((await api.http.post('/v1/sessions').set(headers).send(input).expect(403)).body.code).toBe('ORIGIN_REFUSED');
    expect((await api.http.post('/v1/accounts').set(headers).send(input).expect(403)).body.code).toBe('ORIGIN_REFUSED');
  });

  it('needs no origin with an access token', async () => {
    await api.http.patch('/v1/account').set(bearer(ada)).send({ name: 'Ada' }).expect(200);
  });

  it('never falls back to the cookie when the token is wrong', async () => {
    await api.http.get('/v1/account').set('Cookie', ada.cookie).set('Authorization', 'Bearer brt_wrong').expect(401);
  });
});

describe('rotation', () => {
  it('replaces the token after an hour; the old one works for a minute more', async () => {
    const { cookie } = await signIn();
    const id = await idOf(cookie);
    await sessions().updateOne({ _id: id }, { $set: { rotatedAt: new Date(Date.now() - 61 * minute) } });
    const rotated = await whoAmI(cookie).expect(200);
    const next = cookieOf(rotated.headers);
    expect(next).toMatch(/^__Host-berth=/);
    expect(next).not.toBe(cookie);
    await whoAmI(cookie).expect(200);
    await whoAmI(next).expect(200);
    await sessions().updateOne({ _id: id }, { $set: { previousValidUntil: new Date(Date.now() - 1) } });
    await whoAmI(cookie).expect(401);
    await whoAmI(next).expect(200);
  });

  it('signs nobody out whose new cookie was lost on the way', async () => {
    const { cookie } = await signIn();
    const id = await idOf(cookie);
    const longAgo = { $set: { rotatedAt: new Date(Date.now() - 61 * minute) } };
    await sessions().updateOne({ _id: id }, longAgo);
    const lost = cookieOf((await whoAmI(cookie).expect(200)).headers);
    await sessions().updateOne({ _id: id }, longAgo);
    const second = cookieOf((await whoAmI(cookie).expect(200)).headers);
    await whoAmI(second).expect(200);
    expect(second).not.toBe(lost);
    await whoAmI(lost).expect(401);
  });

  it('happens once when many requests come at the same time', async () => {
    const { cookie } = await signIn();
    await sessions().updateOne({ _id: await idOf(cookie) }, { $set: { rotatedAt: new Date(Date.now() - 61 * minute) } });
    const answers = await Promise.all([...Array(8)].map(() => whoAmI(cookie)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(answers.filter(({ headers }) => headers['set-cookie'])).toHaveLength(1);
  });
});

describe('life of a session', () => {
  it('slides while it is used', async () => {
    const { cookie } = await signIn();
    const id = await idOf(cookie);
    const soon = new Date(Date.now() + minute);
    await sessions().updateOne({ _id: id }, { $set: { lastUsedAt: new Date(Date.now() - 6 * minute), expiresAt: soon } });
    const answer = await whoAmI(cookie).expect(200);
    expect(cookieOf(answer.headers)).toBe(cookie);
    const after = await sessions().findOne({ _id: id });
    expect(after?.expiresAt.getTime()).toBeGreaterThan(soon.getTime() + 20 * 24 * 60 * minute);
  });

  it('ends when it is not', async () => {
    const { cookie } = await signIn();
    await sessions().updateOne({ _id: await idOf(cookie) }, { $set: { expiresAt: new Date(Date.now() - 1) } });
    await whoAmI(cookie).expect(401);
  });

  it('ends with the sign-out, which also takes the cookie back', async () => {
    const { cookie } = await signIn();
    const out = await api.http.delete('/v1/sessions/current').set('Cookie', cookie).set('Origin', api.origin).expect(204);
    expect(String(out.headers['set-cookie'])).toMatch(/^__Host-berth=; .*Expires=Thu, 01 Jan 1970/);
    await whoAmI(cookie).expect(401);
  });

  it('is listed, page by page, and can be ended one by one or all at once', async () => {
    const person = await signUp(api, 'many@example.com');
    const others = [];
    for (let i = 0; i < 3; i++) others.push(await signIn(person.email));
    const first = await api.http.get('/v1/sessions?limit=3').set('Cookie', person.cookie).set('User-Agent', 'x').expect(200);
    const second = await api.http
      .get(`/v1/sessions?limit=3&cursor=${first.body.nextCursor}`)
      .set('Cookie', person.cookie)
      .expect(200);
    const all = [...first.body.items, ...second.body.items];
    expect(second.body.nextCursor).toBeNull();
    expect(new Set(all.map(({ id }) => id)).size).toBe(4);
    expect(all.filter(({ current }) => current)).toHaveLength(1);
    expect(all[0]).toMatchObject({ address: '127.0.0.1', userAgent: expect.any(String) });
    const set = { Cookie: person.cookie, Origin: api.origin };
    const ended = await idOf(others[0]?.cookie ?? '');
    await api.http.delete(`/v1/sessions/${ended}`).set(set).expect(204);
    await whoAmI(others[0]?.cookie ?? '').expect(401);
    await api.http.delete('/v1/sessions').set(set).expect(204);
    await whoAmI(others[2]?.cookie ?? '').expect(401);
    await whoAmI(person.cookie).expect(200);
  });

  it('of another account is not found', async () => {
    const id = await idOf((await signIn()).cookie);
    const answer = await api.http.delete(`/v1/sessions/${id}`).set(bearer(eve)).expect(404);
    expect(answer.body.code).toBe('SESSION_NOT_FOUND');
    expect(await sessions().countDocuments({ _id: id })).toBe(1);
  });
});
