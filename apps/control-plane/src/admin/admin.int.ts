import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@berth/observability/logger';
import { NestFactory } from '@nestjs/core';
import { bearer, goodPassword, type Person, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';
import { adminModule } from './admin.module';
import { installedSettings } from './admin-settings';
import { resetPassword } from './commands';

let api: TestApi;
let ada: Person;
beforeAll(async () => {
  api = await startApi();
  ada = await signUp(api, 'ada@example.com');
});
afterAll(() => api?.close());

const signIn = (password: string) => api.http.post('/v1/sessions').send({ email: ada.email, password });

it('resets a password with the settings that the start left on the machine', async () => {
  mkdirSync(join(api.home.path, 'run'), { recursive: true });
  const environment = {
    MONGODB_URL: api.database.url,
    REDIS_URL: process.env.BERTH_TEST_REDIS_URL,
    BERTH_REDUCE_PASSWORD_COST: 'true',
  };
  writeFileSync(join(api.home.path, 'run', 'platform.json'), JSON.stringify({ environment }));
  const settings = installedSettings({ BERTH_HOME: api.home.path });
  const context = await NestFactory.createApplicationContext(adminModule(settings, createLogger('admin', 'silent')), {
    logger: false,
  });
  try {
    for (let i = 0; i < 11; i++) await signIn('wrong-password');
    await signIn(goodPassword).expect(429);

    const made = await resetPassword(context, { email: ada.email, password: null, revokeTokens: false });
    expect(made).toEqual({
      email: ada.email,
      password: expect.stringMatching(/^\w{20}$/),
      sessionsEnded: expect.any(Number),
      tokensRevoked: 0,
    });
    expect(made.sessionsEnded).toBeGreaterThan(0);
    await api.http.get('/v1/account').set('Cookie', ada.cookie).expect(401);
    await api.http.get('/v1/account').set(bearer(ada)).expect(200);
    await signIn(made.password ?? '').expect(201);

    const given = await resetPassword(context, { email: ada.email, password: 'chosen-harbour-99', revokeTokens: true });
    expect(given).toMatchObject({ password: null, tokensRevoked: 1 });
    await api.http.get('/v1/account').set(bearer(ada)).expect(401);
    await signIn('chosen-harbour-99').expect(201);

    await expect(resetPassword(context, { email: ada.email, password: 'short', revokeTokens: false })).rejects.toMatchObject({
      code: 'PASSWORD_WEAK',
    });
    await expect(resetPassword(context, { email: 'no@example.com', password: null, revokeTokens: false })).rejects.toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
    });
  } finally {
    await context.close();
  }
});
