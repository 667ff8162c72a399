import { testSetupToken } from '@berth/testing/test-home';
import { bearer, goodPassword, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

describe('the first account', () => {
  it('needs the setup token', async () => {
    const { http } = api;
    const input = { email: 'Ada@Example.com ', password: goodPassword };
    expect((await http.get('/v1/setup').expect(200)).body).toEqual({ needsSetup: true, signUp: 'open', version: '0.1.0' });
    expect((await http.post('/v1/accounts').send(input).expect(403)).body.code).toBe('SETUP_TOKEN_REQUIRED');
    const wrong = await http.post('/v1/accounts').send({ ...input, setupToken: 'guess' }).expect(403);
    expect(wrong.body.code).toBe('SETUP_TOKEN_WRONG');
    const made = await http.post('/v1/accounts').send({ ...input, setupToken: testSetupToken }).expect(201);
    expect(made.body.account).toMatchObject({ email: 'ada@example.com', name: 'ada', operator: true });
    expect((await http.get('/v1/setup').expect(200)).body.needsSetup).toBe(false);
  });

  it('is the only operator', async () => {
    const eve = await signUp(api, 'eve@example.com');
    const account = await api.http.get('/v1/account').set(bearer(eve)).expect(200);
    expect(account.body.account.operator).toBe(false);
  });
});
