// @ts-check
// Uses a runtime as its first users will, so that schema and compile cache hold what they need, and leaves no data. Also the first test of
// an image: a runtime that cannot do this is not built.
import { request } from 'node:http';

const rounds = Number(process.argv.find((each) => each.startsWith('--rounds='))?.slice(9) ?? 1);
const adminSocket = '/run/berth/admin.sock';
const applicationId = 'bake';
const master = { 'X-Parse-Master-Key': 'm' };
const key = (/** @type {string} */ current) => ({ current, previous: [] });

const config = {
  generation: 1,
  runtimeId: 'bake',
  environmentId: 'bake',
  appName: 'bake',
  applicationId,
  keys: { javascript: key('j'), rest: key('r'), client: key('c'), master: key('m'), readOnlyMaster: key('o') },
  mountPaths: ['/parse'],
  publicOrigin: 'http://localhost',
  admission: { mode: 'open' },
  parse: { rateLimit: { requests: 100_000, logins: 100_000 } },
};

await untilReady();
await admin('PUT', '/config', config);
for (let round = 0; round < rounds; round++) await exercise(round);
await cleanUp();

/** @param {number} round */
async function exercise(round) {
  const place = { __type: 'GeoPoint', latitude: 1, longitude: 2 };
  const made = await rest('POST', '/classes/Bake', { a: 1, s: 'x', g: place, d: { x: [1] }, l: ['a'] });
  const where = (/** @type {object} */ query) =>
    `/classes/Bake?limit=10&order=-createdAt&where=${encodeURIComponent(JSON.stringify(query))}`;
  await rest('GET', where({ a: { $gte: 0 }, s: 'x' }));
  await rest('GET', where({ g: { $nearSphere: place } }));
  await rest('POST', '/classes/Bake', { _method: 'GET', where: { l: 'a' }, count: 1 });
  await rest('GET', `/classes/Bake/${made.objectId}`);
  await rest('PUT', `/classes/Bake/${made.objectId}`, { a: { __op: 'Increment', amount: 1 } });
  const user = await rest('POST', '/users', {
    username: `bake${round}`,
    password: 'long enough',
    email: `bake${round}@example.com`,
  });
  const session = { 'X-Parse-Session-Token': user.sessionToken };
  await rest('GET', '/users/me', undefined, session);
  await rest('POST', '/login', { _method: 'GET', username: `bake${round}`, password: 'long enough' });
  const file = await rest('POST', '/files/bake.txt', 'bake', { ...session, 'Content-Type': 'text/plain' });
  await rest('GET', `/files/${applicationId}/${file.name}`);
  await rest('POST', '/batch', { requests: [{ method: 'POST', path: '/parse/classes/Bake', body: { a: 2 } }] });
  await rest('POST', '/logout', {}, session);
  await rest('DELETE', `/files/${file.name}`, undefined, master);
  await rest('GET', '/config');
}

async function cleanUp() {
  for (const name of ['Bake', '_User', '_Session']) await rest('DELETE', `/purge/${name}`, undefined, master);
  await rest('DELETE', '/schemas/Bake', undefined, master);
}

async function untilReady() {
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      return await admin('GET', '/ready?timeoutMs=10000');
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers] */
function rest(method, path, body, headers = {}) {
  const keys = { 'X-Parse-Application-Id': applicationId, 'X-Parse-REST-API-Key': 'r' };
  return call({ host: '127.0.0.1', port: 1337, method, path: `/parse${path}` }, body, { ...keys, ...headers });
}

/** @param {string} method @param {string} path @param {unknown} [body] */
function admin(method, path, body) {
  return call({ socketPath: adminSocket, method, path }, body, {});
}

/** @param {import('node:http').RequestOptions} options @param {unknown} body @param {Record<string, string>} headers @returns {Promise<any>} */
function call(options, body, headers) {
  const bytes = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request({
      ...options,
      headers: { ...(bytes !== undefined && { 'Content-Type': 'application/json' }), ...headers },
    });
    sent.on('error', reject);
    sent.on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      const wrong = `${options.method} ${options.path}: ${response.statusCode} ${text}`;
      if (!response.statusCode || response.statusCode >= 300) return reject(new Error(wrong));
      resolve(response.headers['content-type']?.includes('json') && text ? JSON.parse(text) : text);
    });
    sent.end(bytes);
  });
}
