import type { TestPlatform } from '../../deploy/testing/platform.mjs';

export const password = 'a long walk to the harbor';

interface ConsolePlatform extends TestPlatform {
  /** Origin of the console as people type it. */
  origin: string;
}

/** Jest runs CommonJS; the setup is ES modules. */
const setup = () => import('../../deploy/testing/platform.mjs');

/** A platform on which nobody has an account yet. */
export async function freshPlatform(): Promise<ConsolePlatform> {
  return withOrigin(await (await setup()).startTestPlatform());
}

/** The platform that the layer's files share. */
export async function sharedPlatform(): Promise<ConsolePlatform> {
  return withOrigin(await (await setup()).testPlatform());
}

function withOrigin(platform: TestPlatform): ConsolePlatform {
  return { ...platform, origin: platform.apiUrl.replace('127.0.0.1', 'localhost') };
}

/** Calls the API; throws its body for anything but success. */
export async function callApi<T>(
  platform: ConsolePlatform,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<T> {
  const response = await fetch(`${platform.apiUrl}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Makes an account, the first one with the setup token; gives a token of it. */
export async function makeAccount(platform: ConsolePlatform, email: string): Promise<string> {
  const { needsSetup } = await callApi<{ needsSetup: boolean }>(platform, 'GET', '/v1/setup');
  const setupToken = needsSetup ? { setupToken: platform.setupToken } : {};
  await callApi(platform, 'POST', '/v1/accounts', { email, password, name: 'Ana Pereira', ...setupToken });
  const { secret } = await callApi<{ secret: string }>(platform, 'POST', '/v1/tokens/sign-in', { email, password, name: 'test' });
  return secret;
}

/** Makes an app and waits until it serves. */
export async function makeApp(platform: ConsolePlatform, token: string, name: string): Promise<{ id: string; slug: string }> {
  type Started = { app: { id: string; slug: string }; operation: { id: string } };
  const { app, operation } = await callApi<Started>(platform, 'POST', '/v1/apps', { name }, token);
  for (;;) {
    const now = await callApi<{ state: string; error: unknown }>(
      platform,
      'GET',
      `/v1/operations/${operation.id}`,
      undefined,
      token,
    );
    if (now.state === 'succeeded') return app;
    if (now.state === 'failed') throw new Error(`${name} was not made: ${JSON.stringify(now.error)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
