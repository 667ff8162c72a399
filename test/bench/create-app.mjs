// @ts-check
// How long a founder waits: from `POST /v1/apps` to the first acknowledged write through the gateway. Starts a platform of its own.
// node test/bench/create-app.mjs [RUNS]
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestPlatform } from '../../deploy/testing/platform.mjs';

const runs = Number(process.argv[2] ?? 20);
const account = { email: 'bench@example.com', password: 'a long walk to the harbor' };

const platform = await startTestPlatform({ settings: { BERTH_MAX_APPS_PER_ACCOUNT: '100' } });
try {
  const token = await signUp();
  const figures = [];
  for (let n = 0; n < runs; n++) figures.push(await createAndWrite(token, `bench ${n}`));
  print(
    'answered 202',
    figures.map((each) => each.answered),
  );
  print(
    'operation succeeded',
    figures.map((each) => each.succeeded),
  );
  print(
    'first write',
    figures.map((each) => each.written),
  );
} finally {
  await platform.stop();
}

/** @param {string} token @param {string} name */
async function createAndWrite(token, name) {
  const start = performance.now();
  const { app, operation } = await call('POST', '/v1/apps', { name }, token);
  const answered = performance.now() - start;
  for (;;) {
    const { state, error } = await call('GET', `/v1/operations/${operation.id}`, undefined, token);
    if (state === 'succeeded') break;
    if (state === 'failed') throw new Error(JSON.stringify(error));
    await sleep(10);
  }
  const succeeded = performance.now() - start;
  const { environments } = await call('GET', `/v1/apps/${app.id}`, undefined, token);
  const keys = await call('GET', `/v1/apps/${app.id}/environments/production/keys`, undefined, token);
  const write = await fetch(`${environments[0].serverUrl}/classes/First`, {
    method: 'POST',
    headers: {
      'X-Parse-Application-Id': keys.applicationId,
      'X-Parse-REST-API-Key': keys.restApiKey,
      'Content-Type': 'application/json',
    },
    body: '{"a":1}',
  });
  if (write.status !== 201) throw new Error(`first write: ${write.status} ${await write.text()}`);
  return { answered, succeeded, written: performance.now() - start };
}

async function signUp() {
  await call('POST', '/v1/accounts', { ...account, setupToken: platform.setupToken });
  return (await call('POST', '/v1/tokens/sign-in', { ...account, name: 'bench' })).secret;
}

/** @param {string} method @param {string} path @param {unknown} [body] @param {string} [token] @returns {Promise<any>} */
async function call(method, path, body, token) {
  const answer = await fetch(`${platform.apiUrl}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** @param {string} what @param {number[]} figures */
function print(what, figures) {
  const sorted = figures.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  process.stdout.write(
    `${what.padEnd(20)} min ${at(0)}  p50 ${at(0.5)}  p95 ${at(0.95)}  max ${at(1)} ms  (${figures.length} apps)\n`,
  );
}
