import { WebSocket } from 'ws';
import { masterHeaders, restHeaders, type TestConfig, TestRuntime, testConfig } from './harness';

jest.setTimeout(180_000);

/** Who is served under which name, with which keys, at which path. */
describe('identity', () => {
  let runtime: TestRuntime;
  let generation = 0;

  const configure = async (config: TestConfig) => {
    generation += 1;
    await runtime.configure({ ...config, generation });
  };
  const get = (headers: Record<string, string>, path = '/parse/classes/Item') => runtime.http(path, { headers });

  beforeAll(async () => {
    runtime = await TestRuntime.start();
  });

  afterAll(() => runtime?.remove());

  it('serves nobody before its first configuration', async () => {
    expect((await runtime.admin('GET', '/status')).body).toMatchObject({ generation: 0, environmentId: null, postgres: 'ready' });
    const answer = await get(restHeaders(testConfig()));
    expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([503, 'RUNTIME_NOT_CONFIGURED', '1']);
  });

  it('refuses a configuration that is wrong, and says what is wrong', async () => {
    const broken = await runtime.admin('PUT', '/config', { ...testConfig(), mountPaths: [] });
    expect([broken.status, broken.body.code]).toEqual([422, 'INVALID_CONFIG']);
    expect(broken.body.message).toContain('mountPaths');
    expect((await runtime.admin('PUT', '/config', 'not json')).status).toBe(400);
    expect((await runtime.admin('PUT', '/config', {})).status).toBe(422);
    expect((await runtime.admin('GET', '/status')).body.generation).toBe(0);
    expect((await runtime.admin('GET', '/nothing')).status).toBe(404);
  });

  it('keeps the old configuration when Parse Server refuses the new one', async () => {
    const good = testConfig();
    await configure(good);
    const same = { ...good.keys.master };
    const bad = { ...good, generation: generation + 1, keys: { ...good.keys, readOnlyMaster: same } };
    const answer = await runtime.admin('PUT', '/config', bad);
    expect([answer.status, answer.body.message]).toEqual([422, expect.stringContaining('should be different')]);
    expect((await get(restHeaders(good))).status).toBe(200);
    expect((await runtime.admin('GET', '/status')).body.generation).toBe(generation);
  });

  it('refuses an older generation and takes the same one again', async () => {
    const config = testConfig();
    generation += 5;
    await configure(config);
    const stale = await runtime.admin('PUT', '/config', { ...config, generation: generation - 1 });
    expect([stale.status, stale.body.code]).toEqual([409, 'STALE_GENERATION']);
    await runtime.configure({ ...config, generation });
  });

  it('accepts each of its keys and nothing else', async () => {
    const config = testConfig();
    await configure(config);
    const id = { 'x-parse-application-id': config.applicationId };
    const { keys } = config;
    const each: Record<string, string>[] = [
      { 'x-parse-rest-api-key': keys.rest.current },
      { 'x-parse-javascript-key': keys.javascript.current },
      { 'x-parse-client-key': keys.client.current },
      { 'x-parse-master-key': keys.master.current },
      { 'x-parse-master-key': keys.readOnlyMaster.current },
    ];
    for (const header of each) expect((await get({ ...id, ...header })).status).toBe(200);
    expect((await get(id)).status).toBe(403);
    expect((await get({ ...id, 'x-parse-rest-api-key': keys.client.current })).status).toBe(403);
    expect((await get({ ...id, 'x-parse-master-key': 'wrong' })).status).toBe(403);
    expect((await get({ ...restHeaders(config), 'x-parse-application-id': 'other' })).status).toBe(403);
    const write = { method: 'POST', body: { a: 1 }, headers: { ...id, 'x-parse-master-key': keys.readOnlyMaster.current } };
    expect((await runtime.http('/parse/classes/Item', write)).status).toBeGreaterThanOrEqual(400);
  });

  it('accepts rotated keys until their time is over, in headers, bodies, LiveQuery and GraphQL', async () => {
    const before = testConfig();
    const after = { ...testConfig(), applicationId: before.applicationId };
    const until = (ms: number) => new Date(Date.now() + ms).toISOString();
    for (const name of ['javascript', 'rest', 'client', 'master'] as const) {
      after.keys[name].previous = [{ value: before.keys[name].current, validUntil: until(60_000) }];
    }
    await configure(before);
    await configure(after);
    for (const config of [before, after]) {
      expect((await get(restHeaders(config))).status).toBe(200);
      expect((await get(masterHeaders(config), '/parse/schemas')).status).toBe(200);
      const body = {
        _method: 'GET',
        _ApplicationId: config.applicationId,
        _JavaScriptKey: config.keys.javascript.current,
        _MasterKey: config.keys.master.current,
      };
      const sdk = await runtime.http('/parse/schemas', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'text/plain' },
      });
      expect(sdk.status).toBe(200);
      const basic = Buffer.from(`${config.applicationId}:javascript-key=${config.keys.javascript.current}`).toString('base64');
      expect((await get({ authorization: `Basic ${basic}` })).status).toBe(200);
      const graphql = await runtime.http('/graphql', {
        method: 'POST',
        body: { query: '{ health }' },
        headers: restHeaders(config),
      });
      expect(graphql.body).toEqual({ data: { health: true } });
      expect(await connect(runtime, { applicationId: config.applicationId, clientKey: config.keys.client.current })).toBe(
        'connected',
      );
    }
    after.keys.rest.previous = [{ value: before.keys.rest.current, validUntil: until(-1) }];
    await configure(after);
    expect((await get(restHeaders(before))).status).toBe(403);
    expect((await get(restHeaders(after))).status).toBe(200);
  });

  it('refuses LiveQuery with a wrong application id or key, and wherever else it is asked for', async () => {
    const config = testConfig();
    await configure(config);
    const { applicationId, keys } = config;
    expect(await connect(runtime, { applicationId, javascriptKey: keys.javascript.current })).toBe('connected');
    expect(await connect(runtime, { applicationId, javascriptKey: 'wrong' })).toBe('error');
    expect(await connect(runtime, { applicationId })).toBe('error');
    expect(await connect(runtime, { applicationId: 'other', javascriptKey: keys.javascript.current })).toBe('error');
    await expect(connect(runtime, { applicationId }, '/elsewhere')).rejects.toThrow('404');
    const mismatch = connect(runtime, { applicationId }, '/parse', { 'x-berth-environment': 'env_other' });
    await expect(mismatch).rejects.toThrow('421');
  });

  it('answers 421 when another environment is meant', async () => {
    const config = testConfig();
    await configure(config);
    expect((await get(restHeaders(config, { 'x-berth-environment': 'env_test' }))).status).toBe(200);
    const other = await get(restHeaders(config, { 'x-berth-environment': 'env_other' }));
    expect([other.status, other.body.code]).toEqual([421, 'ENVIRONMENT_MISMATCH']);
  });

  it('answers at each of its mount paths, batches included, and not elsewhere', async () => {
    const config = testConfig({ mountPaths: ['/1', '/api/v2', '/'] });
    await configure(config);
    for (const path of ['/1', '/api/v2', '']) {
      expect((await get(restHeaders(config), `${path}/classes/Item?limit=1`)).status).toBe(200);
      const requests = [{ method: 'POST', path: `${path}/classes/Item`, body: { path } }];
      const batch = await runtime.http(`${path}/batch`, { method: 'POST', body: { requests }, headers: restHeaders(config) });
      expect(batch.body).toEqual([{ success: expect.objectContaining({ objectId: expect.any(String) }) }]);
      expect(
        await connect(runtime, { applicationId: config.applicationId, restAPIKey: config.keys.rest.current }, path || '/'),
      ).toBe('connected');
    }
    // by path through the gateway: it cuts `/@slug` off the URL, and the client has it in the batch
    const requests = [{ method: 'GET', path: '/@hello--staging/1/classes/Item' }];
    const batch = await runtime.http('/1/batch', { method: 'POST', body: { requests }, headers: restHeaders(config) });
    expect(batch.body[0].success.results.length).toBeGreaterThan(0);
    await configure({ ...config, mountPaths: ['/1'] });
    const gone = await get(restHeaders(config), '/api/v2/classes/Item');
    expect([gone.status, gone.body.error]).toEqual([404, expect.stringContaining('/1')]);
    expect((await get(restHeaders(config), '/1/health')).body).toEqual({ status: 'ok' });
  });

  it('takes another name on the same data without losing a request', async () => {
    const first = testConfig();
    await configure(first);
    const made = await runtime.http('/parse/classes/Kept', { method: 'POST', body: { a: 1 }, headers: restHeaders(first) });
    const second = testConfig({ environmentId: 'env_claimed', mountPaths: ['/1'] });
    const before = (await runtime.admin('GET', '/status')).body.node.pid;
    const asked = Array.from({ length: 40 }, () => get(restHeaders(first)));
    await configure(second);
    expect((await Promise.all(asked)).map((each) => each.status).filter((status) => status !== 200 && status !== 404)).toEqual(
      [],
    );
    expect((await get(restHeaders(second), `/1/classes/Kept/${made.body.objectId}`)).body.a).toBe(1);
    expect((await get(restHeaders(first), '/1/classes/Kept')).status).toBe(403);
    const status = (await runtime.admin('GET', '/status')).body;
    expect(status).toMatchObject({ environmentId: 'env_claimed', generation, node: { pid: before, restarts: 0 } });
  });

  it('is what it was after a stop and a start', async () => {
    const config = testConfig();
    await configure(config);
    await runtime.http('/parse/classes/Kept', { method: 'POST', body: { a: 2 }, headers: restHeaders(config) });
    runtime.stop();
    expect(runtime.state().ExitCode).toBe(0);
    await runtime.boot();
    expect((await runtime.admin('GET', '/status')).body).toMatchObject({ generation, environmentId: 'env_test' });
    expect((await get(restHeaders(config), '/parse/classes/Kept')).body.results).toHaveLength(2);
  });
});

/** The operation that LiveQuery answers a connect frame with. Rejects when there is no WebSocket at all. */
function connect(runtime: TestRuntime, frame: object, path = '/parse', headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(runtime.url(path).replace('http', 'ws'), { headers });
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ op: 'connect', ...frame })));
    socket.on('message', (data) => {
      resolve(JSON.parse(String(data)).op);
      socket.terminate();
    });
  });
}
