import { bearer, type Person, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';

let api: TestApi;
let operator: Person;
let eve: Person;
beforeAll(async () => {
  api = await startApi({ BERTH_SESSION_DAYS: '7' });
  operator = await signUp(api, 'operator@example.com');
  eve = await signUp(api, 'eve@example.com');
});
afterAll(() => api?.close());

it('the operator sees what holds, without passwords', async () => {
  const { body, text } = await api.http.get('/v1/admin/settings').set(bearer(operator)).expect(200);
  const byName = new Map<string, { value: string | null; secret: boolean }>(
    body.items.map((item: { name: string }) => [item.name, item]),
  );
  expect(byName.get('BERTH_SESSION_DAYS')).toMatchObject({ value: '7', secret: false });
  expect(byName.get('MONGODB_URL')).toMatchObject({ value: null, secret: true });
  expect(text).not.toContain(new URL(api.database.url).password);
});

it('nobody else does', async () => {
  expect((await api.http.get('/v1/admin/settings').expect(401)).body.code).toBe('SIGN_IN_REQUIRED');
  expect((await api.http.get('/v1/admin/settings').set(bearer(eve)).expect(403)).body.code).toBe('OPERATOR_ONLY');
});
