import Parse from 'parse/node';
import { masterHeaders, restHeaders, TestRuntime, testConfig } from './harness';

jest.setTimeout(180_000);

/** What the app's users may do in each mode, through every way that a request can come in. */
describe('admission', () => {
  const config = testConfig();
  let runtime: TestRuntime;
  let generation = 0;
  let token = '';
  let objectId = '';

  const admit = async (admission: Record<string, unknown>) => {
    generation += 1;
    await runtime.configure({ ...config, generation, publicOrigin: runtime.url(''), admission });
  };
  const rest = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    runtime.http(`/parse${path}`, { method, body, headers: restHeaders(config, headers) });
  const graphql = (query: string) => runtime.http('/graphql', { method: 'POST', body: { query }, headers: restHeaders(config) });
  const create = 'mutation { createNote(input: { fields: { text: "x" } }) { note { id } } }';

  beforeAll(async () => {
    runtime = await TestRuntime.start();
    await admit({ mode: 'open' });
    Parse.initialize(config.applicationId, config.keys.javascript.current, config.keys.master.current);
    Parse.serverURL = runtime.url('/parse');
    objectId = (await rest('POST', '/classes/Note', { text: 'a', n: 1 })).body.objectId;
    const user = await rest('POST', '/users', { username: 'ann', password: 'a long password' });
    token = user.body.sessionToken;
    expect((await graphql(create)).status).toBe(200);
  });

  afterAll(() => runtime?.remove());

  /** Every request that only reads, logs in or logs out. */
  async function expectReadable(): Promise<void> {
    expect((await rest('GET', '/classes/Note')).body.results.length).toBeGreaterThan(0);
    expect((await rest('POST', '/classes/Note', { _method: 'GET', where: {} })).status).toBe(200);
    expect((await rest('POST', '/batch', { requests: [{ method: 'GET', path: '/parse/classes/Note' }] })).status).toBe(200);
    expect((await graphql('{ notes { count } }')).body.data.notes.count).toBeGreaterThan(0);
    const login = await rest('POST', '/login', { _method: 'GET', username: 'ann', password: 'a long password' });
    expect(login.status).toBe(200);
    expect((await rest('POST', '/logout', {}, { 'x-parse-session-token': login.body.sessionToken })).status).toBe(200);
    const viaGraphql = await graphql(
      'mutation { logIn(input: { username: "ann", password: "a long password" }) { viewer { sessionToken } } }',
    );
    expect(viaGraphql.body.data.logIn.viewer.sessionToken).toMatch(/^r:/);
  }

  it('read-only: reads and sessions, no write by any way', async () => {
    await admit({ mode: 'read-only', reason: 'The last invoice is unpaid.' });
    await expectReadable();
    const refused = [
      await rest('POST', '/classes/Note', { text: 'b' }),
      await rest('PUT', `/classes/Note/${objectId}`, { text: 'b' }),
      await rest('DELETE', `/classes/Note/${objectId}`),
      await rest('POST', `/classes/Note/${objectId}`, { _method: 'DELETE' }),
      await rest('POST', '/classes/Note', { _method: 'POST', text: 'b' }),
      await rest('POST', '/users', { username: 'bob', password: 'a long password' }),
      await rest('POST', '/batch', {
        requests: [
          { method: 'GET', path: '/parse/classes/Note' },
          { method: 'PUT', path: `/parse/classes/Note/${objectId}`, body: { text: 'b' } },
        ],
      }),
      await rest('POST', '/files/a.txt', 'a', { 'content-type': 'text/plain', 'x-parse-session-token': token }),
      await runtime.http('/parse/schemas/New', { method: 'POST', body: { className: 'New' }, headers: masterHeaders(config) }),
      await runtime.http('/parse/purge/Note', { method: 'DELETE', headers: masterHeaders(config) }),
      await graphql(create),
      await graphql(
        'mutation { ...f } fragment f on Mutation { hidden: createNote(input: { fields: { text: "x" } }) { note { id } } }',
      ),
    ];
    for (const each of refused) {
      expect([each.status, each.body]).toEqual([403, expect.objectContaining({ code: 119, errorCode: 'APP_READ_ONLY' })]);
    }
    await expect(new Parse.Object('Note').save({ text: 'b' })).rejects.toMatchObject({
      code: Parse.Error.OPERATION_FORBIDDEN,
      message: expect.stringContaining('The last invoice is unpaid.'),
    });
    expect((await rest('GET', `/classes/Note/${objectId}`)).body.text).toBe('a');
  });

  it('no-growth: also small changes and deletions; what grows gets 402 with the measured value', async () => {
    const measuredAt = new Date().toISOString();
    await admit({ mode: 'no-growth', meter: 'storage', value: 1200, limit: 1000, measuredAt });
    await expectReadable();
    expect((await rest('PUT', `/classes/Note/${objectId}`, { text: 'c' })).status).toBe(200);
    expect((await rest('PUT', `/classes/Note/${objectId}`, { n: { __op: 'Increment', amount: 1 } })).status).toBe(200);
    const refused = [
      await rest('POST', '/classes/Note', { text: 'b' }),
      await rest('PUT', `/classes/Note/${objectId}`, { text: 'x'.repeat(5000) }),
      await rest('PUT', `/classes/Note/${objectId}`, { tags: { __op: 'Add', objects: ['a'] } }),
      await rest('POST', '/files/a.txt', 'a', { 'content-type': 'text/plain', 'x-parse-session-token': token }),
      await rest('POST', '/batch', { requests: [{ method: 'POST', path: '/parse/classes/Note', body: {} }] }),
      await graphql(create),
    ];
    const expected = { code: 140, errorCode: 'QUOTA_EXCEEDED', meter: 'storage', value: 1200, limit: 1000, measuredAt };
    for (const each of refused) expect([each.status, each.body]).toEqual([402, expect.objectContaining(expected)]);
    const spare = await new Parse.Query('Note').notEqualTo('objectId', objectId).find();
    for (const each of spare) expect((await rest('DELETE', `/classes/Note/${each.id}`)).status).toBe(200);
  });

  it('maintenance: nothing, with the founder’s message', async () => {
    await admit({ mode: 'maintenance', message: 'Back at noon.' });
    const answers = [
      await rest('GET', '/classes/Note'),
      await rest('GET', `/files/${config.applicationId}/x`),
      await rest('POST', '/login', { username: 'ann', password: 'a long password' }),
      await graphql('{ health }'),
    ];
    for (const each of answers) {
      expect([each.status, each.body]).toEqual([
        503,
        expect.objectContaining({ error: 'Back at noon.', errorCode: 'APP_MAINTENANCE' }),
      ]);
      expect(each.headers['retry-after']).toBe('60');
      expect(each.headers['access-control-allow-origin']).toBe('*');
    }
  });

  it('open again: at once, in the same process', async () => {
    const { pid } = (await runtime.admin('GET', '/status')).body.node;
    await admit({ mode: 'open' });
    expect((await rest('POST', '/classes/Note', { text: 'd' })).status).toBe(201);
    expect((await runtime.admin('GET', '/status')).body.node).toMatchObject({ pid, restarts: 0 });
  });

  it('limits guesses at passwords by address, through REST, batch and GraphQL alike', async () => {
    generation += 1;
    const parse = { rateLimit: { requests: 1000, windowSeconds: 60, logins: 3 } };
    await runtime.configure({ ...config, generation, parse });
    const from = (address: string) => ({ 'x-forwarded-for': `10.0.0.1, ${address}` });
    const login = (address: string) => rest('POST', '/login', { _method: 'GET', username: 'x', password: 'x' }, from(address));
    for (let i = 0; i < 3; i++) expect((await login('1.2.3.4')).status).toBe(404);
    expect((await login('1.2.3.4')).status).toBe(429);
    expect((await login('1.2.3.5')).status).toBe(404);
    const query = 'mutation { a: logIn(input: { username: "x", password: "x" }) { viewer { sessionToken } } }';
    const guess = () =>
      runtime.http('/graphql', { method: 'POST', body: { query }, headers: restHeaders(config, from('1.2.3.6')) });
    for (let i = 0; i < 3; i++) expect((await guess()).body.errors[0].message).toMatch(/Invalid username/);
    expect((await guess()).status).toBe(429);
  });
});
