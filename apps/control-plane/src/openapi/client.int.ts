import { ApiFailure, ApiUnreachable, answerOf, berthClient } from '@berth/client/client';
import { goodPassword, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await signUp(api, 'ada@example.com');
});
afterAll(() => api?.close());

it('the generated client signs in and reads', async () => {
  const nobody = berthClient({ origin: api.origin });
  const body = { email: 'ada@example.com', password: goodPassword, name: 'client', expiresInDays: 1 };
  const { secret, account } = await answerOf(nobody.POST('/v1/tokens/sign-in', { body }));
  expect(account.email).toBe('ada@example.com');
  const client = berthClient({ origin: api.origin, token: secret, userAgent: 'client-test' });
  const orgs = await answerOf(client.GET('/v1/orgs'));
  expect(orgs.items[0]?.role).toBe('owner');
  const page = await answerOf(client.GET('/v1/tokens', { params: { query: { limit: 1 } } }));
  expect(page.items).toHaveLength(1);
  expect(await answerOf(client.DELETE('/v1/tokens/current'))).toBeUndefined();
});

it('an error answer is thrown with code, next step and request id', async () => {
  const failure = await answerOf(berthClient({ origin: api.origin }).GET('/v1/account')).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiFailure);
  expect(failure).toMatchObject({
    status: 401,
    code: 'SIGN_IN_REQUIRED',
    next: expect.stringContaining('Sign in'),
    requestId: expect.any(String),
  });
});

it('no answer at all is another error', async () => {
  const client = berthClient({ origin: 'http://127.0.0.1:1' });
  await expect(answerOf(client.GET('/v1/setup'))).rejects.toBeInstanceOf(ApiUnreachable);
});
