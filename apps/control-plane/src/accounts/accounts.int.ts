import { testSetupToken } from '@berth/testing/test-home';
import { hash } from '@node-rs/argon2';
import { bearer, cookieOf, goodPassword, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

describe('the first account', () => {
  it('needs the setup token and is the only operator, however many try at once', async () => {
    const { http } = api;
    const input = { email: 'Ada@Example.com ', password: goodPassword };
    expect((await http.get('/v1/setup').expect(200)).body).toEqual({ needsSetup: true, signUp: 'open', version: '0.1.0' });
    expect((await http.post('/v1/accounts').send(input).expect(403)).body.code).toBe('SETUP_TOKEN_REQUIRED');
    const wrong = await http.post('/v1/accounts').send({ ...input, setupToken: 'guess' });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'SETUP_TOKEN_WRONG']);
    const emails = [input.email, 'b@example.com', 'c@example.com', 'd@example.com'];
    const answers = await Promise.all(
      emails.map((email) => http.post('/v1/accounts').send({ ...input, email, setupToken: testSetupToken })),
    );
    expect(answers.filter(({ body }) => body.account?.operator)).toHaveLength(1);
    const codes = answers.map(({ status, body }) => body.code ?? status);
    expect(codes.filter((code) => code !== 201 && code !== 'SETUP_DONE')).toEqual([]);
    expect(await api.db.collection('accounts').countDocuments({ operator: true })).toBe(1);
    expect((await http.get('/v1/setup').expect(200)).body.needsSetup).toBe(false);
  });
});

describe('POST /v1/accounts', () => {
  it('normalizes the mail address, signs in and makes a personal organization', async () => {
    const made = await api.http
      .post('/v1/accounts')
      .send({ email: ' New.Person@EXAMPLE.com', password: goodPassword })
      .expect(201);
    expect(made.body.account).toMatchObject({ email: 'new.person@example.com', name: 'new.person', operator: false });
    expect(JSON.stringify(made.body)).not.toContain('passwordHash');
    const orgs = await api.http.get('/v1/orgs').set('Cookie', cookieOf(made.headers)).expect(200);
    expect(orgs.body.items).toEqual([{ id: expect.stringMatching(/^org_/), name: 'Personal', personal: true, role: 'owner' }]);
  });

  it('keeps the password as argon2id alone', async () => {
    await signUp(api, 'hashed@example.com');
    const stored = await api.db.collection('accounts').findOne({ email: 'hashed@example.com' });
    expect(stored?.passwordHash).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(stored)).not.toContain(goodPassword);
  });

  it.each([
    ['a taken address, in other capitals', { email: 'HASHED@example.com', password: goodPassword }, 409, 'EMAIL_TAKEN'],
    ['a short password', { email: 'x@example.com', password: 'short' }, 400, 'PASSWORD_WEAK'],
    ['a common password', { email: 'x@example.com', password: 'Password123' }, 400, 'PASSWORD_WEAK'],
    ['the mail address as password', { email: 'long.name@example.com', password: 'long.name@example.com' }, 400, 'PASSWORD_WEAK'],
    ['no mail address', { email: 'nobody', password: goodPassword }, 400, 'INPUT_INVALID'],
    ['an unknown field', { email: 'x@example.com', password: goodPassword, operator: true }, 400, 'INPUT_INVALID'],
    ['an object for the address', { email: { $ne: '' }, password: goodPassword }, 400, 'INPUT_INVALID'],
  ])('refuses %s', async (_what, input, status, code) => {
    const refused = await api.http.post('/v1/accounts').send(input);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect(refused.body.message).not.toMatch(/\{\w+\}/);
  });

  it('makes one account of two sign-ups at the same time', async () => {
    const input = { email: 'twice@example.com', password: goodPassword };
    const answers = await Promise.all([1, 2, 3].map(() => api.http.post('/v1/accounts').send(input)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });
});

describe('sign-in', () => {
  it('gives the same answer for a wrong password and an unknown address', async () => {
    const wrong = await api.http
      .post('/v1/sessions')
      .send({ email: 'hashed@example.com', password: 'not-the-password' })
      .expect(401);
    const unknown = await api.http
      .post('/v1/sessions')
      .send({ email: 'nobody@example.com', password: 'not-the-password' })
      .expect(401);
    const withoutId = ({ requestId: _, ...rest }: Record<string, unknown>) => rest;
    expect(withoutId(wrong.body)).toEqual(withoutId(unknown.body));
    expect(wrong.body.code).toBe('CREDENTIALS_WRONG');
    expect(wrong.headers['set-cookie']).toBeUndefined();
  });

  it('hashes again when the cost has changed', async () => {
    const account = await signUp(api, 'rehash@example.com');
    const old = await hash(goodPassword, { memoryCost: 64, timeCost: 1 });
    await api.db.collection('accounts').updateOne({ email: account.email }, { $set: { passwordHash: old } });
    await api.http.post('/v1/sessions').send({ email: account.email, password: goodPassword }).expect(201);
    const stored = await api.db.collection('accounts').findOne({ email: account.email });
    expect(stored?.passwordHash).not.toBe(old);
    await api.http.post('/v1/sessions').send({ email: account.email, password: goodPassword }).expect(201);
  });
});

describe('the account itself', () => {
  it('can be renamed', async () => {
    const person = await signUp(api, 'rename@example.com');
    const renamed = await api.http.patch('/v1/account').set(bearer(person)).send({ name: '  Grace Hopper ' }).expect(200);
    expect(renamed.body.account.name).toBe('Grace Hopper');
    expect((await api.http.get('/v1/account').set(bearer(person))).body.account.name).toBe('Grace Hopper');
  });

  it('changes its password with the present one alone, and ends the other sessions', async () => {
    const person = await signUp(api, 'change@example.com');
    const other = await api.http.post('/v1/sessions').send({ email: person.email, password: goodPassword }).expect(201);
    const origin = { Origin: api.origin, Cookie: person.cookie };
    const change = (current: string, next: string) => api.http.post('/v1/account/password').set(origin).send({ current, next });
    expect((await change('not-the-password', 'another-harbour-77').expect(403)).body.code).toBe('PASSWORD_WRONG');
    expect((await change(goodPassword, 'short').expect(400)).body.code).toBe('PASSWORD_WEAK');
    await change(goodPassword, 'another-harbour-77').expect(204);
    await api.http.get('/v1/account').set('Cookie', person.cookie).expect(200);
    await api.http.get('/v1/account').set('Cookie', cookieOf(other.headers)).expect(401);
    await api.http.post('/v1/sessions').send({ email: person.email, password: goodPassword }).expect(401);
    await api.http.post('/v1/sessions').send({ email: person.email, password: 'another-harbour-77' }).expect(201);
  });
});
