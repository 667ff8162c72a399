import { testSetupToken } from '@berth/testing/test-home';
import type { TestApi } from './start-api';

export const goodPassword = 'harbour-lantern-42';

export interface Person {
  id: string;
  email: string;
  /** Value of the header `Cookie`. */
  cookie: string;
  /** An access token with all scopes that the account may have. */
  token: string;
  orgId: string;
}

/** Signs somebody up; the first one of a database becomes operator. */
export async function signUp({ http }: TestApi, email: string): Promise<Person> {
  const setup = await http.get('/v1/setup').expect(200);
  const setupToken = setup.body.needsSetup ? { setupToken: testSetupToken } : {};
  const signedUp = await http
    .post('/v1/accounts')
    .send({ email, password: goodPassword, ...setupToken })
    .expect(201);
  const signedIn = await http.post('/v1/tokens/sign-in').send({ email, password: goodPassword, name: 'test' }).expect(201);
  const orgs = await http.get('/v1/orgs').set('Authorization', `Bearer ${signedIn.body.secret}`).expect(200);
  return {
    id: signedUp.body.account.id,
    email,
    cookie: cookieOf(signedUp.headers),
    token: signedIn.body.secret,
    orgId: orgs.body.items[0].id,
  };
}

/** The cookie that an answer set, as the browser would send it back. */
export function cookieOf(headers: Record<string, unknown>): string {
  const cookies = headers['set-cookie'];
  const first = Array.isArray(cookies) ? String(cookies[0]) : '';
  return first.split(';')[0] ?? '';
}

export const bearer = (person: { token: string }) => ({ Authorization: `Bearer ${person.token}` });
