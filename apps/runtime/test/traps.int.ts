import { Agent } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { WebSocket } from 'ws';
import { type CallOptions, masterHeaders, restHeaders, TestRuntime, testConfig } from './harness';

jest.setTimeout(180_000);

/** What stock Parse Server 9.10 on PostgreSQL gets wrong, and bad input of every kind: one answer each, and the process goes on. */
describe('known traps', () => {
  const config = testConfig({
    parse: {
      rateLimit: { requests: 1_000_000, logins: 100_000 },
      fileUpload: { enableForPublic: true, maxUploadBytes: 100_000 },
      maxRequestBytes: 200_000,
    },
  });
  let runtime: TestRuntime;
  let pid: number;

  const rest = (method: string, path: string, body?: unknown, options: CallOptions = {}) =>
    runtime.http(`/parse${path}`, { ...options, method, body, headers: restHeaders(config, options.headers) });
  const asMaster = (method: string, path: string, body?: unknown) =>
    runtime.http(`/parse${path}`, { method, body, headers: masterHeaders(config) });
  const where = (className: string, query: object, more = '') =>
    rest('GET', `/classes/${className}?where=${encodeURIComponent(JSON.stringify(query))}${more}`);

  beforeAll(async () => {
    runtime = await TestRuntime.start();
    await runtime.configure(config);
    pid = (await runtime.admin('GET', '/status')).body.node.pid;
  });

  afterEach(async () => {
    expect((await runtime.admin('GET', '/status')).body.node).toMatchObject({ pid, restarts: 0, state: 'ready' });
  });

  afterAll(() => runtime?.remove());

  it('batches work (they fail with router 2.3)', async () => {
    const requests = [{ method: 'POST', path: '/parse/classes/Batch', body: { a: 1 } }];
    expect((await rest('POST', '/batch', { requests })).body[0].success.objectId).toBeTruthy();
  });

  it('a file without a URL in a class that somebody is subscribed to', async () => {
    const socket = await subscribe('Doc');
    const saved = await rest('POST', '/classes/Doc', { file: { __type: 'File', name: 'lost.txt' } });
    expect(saved.status).toBe(201);
    expect((await rest('PUT', `/classes/Doc/${saved.body.objectId}`, { n: 1 })).status).toBe(200);
    expect((await rest('DELETE', `/classes/Doc/${saved.body.objectId}`)).status).toBe(200);
    socket.terminate();
  });

  it('a volume that refuses a file', async () => {
    // the folder becomes a file: nothing can be written below it
    const upload = () => rest('POST', '/files/a.txt', 'a', { headers: { 'content-type': 'text/plain' } });
    expect((await upload()).status).toBe(201);
    runtime.shell('app', 'mv /data/app/files /data/app/aside && touch /data/app/files');
    const refused = await upload();
    expect([refused.status, refused.body.code]).toEqual([400, 130]);
    runtime.shell('app', 'rm /data/app/files && mv /data/app/aside /data/app/files');
    expect((await upload()).status).toBe(201);
  });

  it('counts are exact at once', async () => {
    const requests = Array.from({ length: 30 }, () => ({ method: 'POST', path: '/parse/classes/Counted', body: {} }));
    await rest('POST', '/batch', { requests });
    expect((await asMaster('GET', '/classes/Counted?count=1&limit=0')).body.count).toBe(30);
  });

  it('a plain value finds the arrays that contain it', async () => {
    await rest('POST', '/classes/Tagged', { tags: ['a', 'b'], numbers: [1, 2], maps: [{ x: 1 }] });
    const count = async (query: object) => (await where('Tagged', query, '&count=1&limit=0')).body.count;
    expect(await count({ tags: 'a' })).toBe(1);
    expect(await count({ tags: 'c' })).toBe(0);
    expect(await count({ numbers: 2 })).toBe(1);
    expect(await count({ tags: { $eq: 'b' } })).toBe(1);
    expect(await count({ maps: { x: 1 } })).toBe(1);
    expect(await count({ $or: [{ tags: 'c' }, { numbers: 1 }] })).toBe(1);
    expect((await asMaster('PUT', '/classes/Tagged/none', {})).status).toBe(404);
  });

  it('user names stay unique after the class of users was deleted', async () => {
    expect((await asMaster('DELETE', '/schemas/_User')).status).toBe(200);
    const signUp = () => rest('POST', '/users', { username: 'twice', password: 'a long password' });
    const answers = await Promise.all(Array.from({ length: 8 }, signUp));
    expect(answers.filter((each) => each.status === 201)).toHaveLength(1);
    expect((await asMaster('GET', '/users?where={"username":"twice"}&count=1')).body.count).toBe(1);
    const indexes = runtime.sql(`select indexname from pg_indexes where tablename = '_User' order by 1`).split('\n');
    expect(indexes).toEqual(expect.arrayContaining(['_User_unique_email', '_User_unique_username', 'case_insensitive_username']));
  });

  it('an error answer leaves the keep-alive connection usable', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (method: string, path: string, body?: unknown) => rest(method, path, body, { agent });
    const bad = [
      await send('GET', '/classes/Nothing/none'),
      await send('POST', '/classes/Thing', '{broken'),
      await send('GET', '/nothing/at/all'),
      await send('POST', '/login', {}),
      await send('GET', '/classes/Thing?where={broken'),
      await runtime.http('/elsewhere', { agent }),
    ];
    for (const each of bad) {
      expect(each.status).toBeGreaterThanOrEqual(400);
      expect(each.status).toBeLessThan(500);
      expect(each.body.error).toBeTruthy();
      expect(each.headers.connection).toBe('keep-alive');
    }
    expect(Object.values(agent.sockets).concat(Object.values(agent.freeSockets)).flat()).toHaveLength(1);
    agent.destroy();
  });

  it('bodies of every wrong kind get 4xx', async () => {
    const json = (body: unknown) => rest('POST', '/classes/Thing', body);
    const refused = [
      await json('null'),
      await json('"text"'),
      await json({ 'bad key': 1 }),
      await json({ a: { $b: 1 } }),
      await json({ createdAt: { __type: 'Date' }, objectId: 'x' }),
      await rest('POST', '/batch', { requests: 'none' }),
      await rest('POST', '/batch', { requests: [null] }),
      await rest('POST', '/batch', {
        requests: Array.from({ length: 101 }, () => ({ method: 'GET', path: '/parse/classes/A' })),
      }),
      await rest('POST', '/users', { username: { $ne: 1 }, password: 'a long password' }),
      await rest('POST', '/login', { username: 'x' }),
      await rest('POST', '/files/..%2Fescape', 'a', { headers: { 'content-type': 'text/plain' } }),
      await rest('POST', '/files/page.html', 'a', { headers: { 'content-type': 'text/html' } }),
      await runtime.http('/graphql', { method: 'POST', body: '{broken', headers: restHeaders(config) }),
      await runtime.http('/graphql', { method: 'POST', body: { query: 17 }, headers: restHeaders(config) }),
      await rest('POST', '/classes/Thing', { _method: 'GET', where: { a: { $regex: '(' } } }),
    ];
    const wrong = refused
      .filter((each) => each.status < 400 || each.status >= 500)
      .map((each) => [refused.indexOf(each), each.status, each.text]);
    expect(wrong).toEqual([]);
  });

  it('bodies that are too large get 413 with the limit', async () => {
    const large = await rest('POST', '/classes/Thing', { a: 'x'.repeat(300_000) });
    expect([large.status, large.body.limit]).toEqual([413, 200_000]);
    const file = await rest('POST', '/files/a.bin', Buffer.alloc(100_001), {
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect([file.status, file.body.limit]).toEqual([413, 100_000]);
    const inJson = {
      _ApplicationId: config.applicationId,
      _JavaScriptKey: config.keys.javascript.current,
      base64: Buffer.alloc(100_001).toString('base64'),
    };
    const encoded = await runtime.http('/parse/files/a.bin', {
      method: 'POST',
      body: JSON.stringify(inJson),
      headers: { 'content-type': 'text/plain' },
    });
    expect([encoded.status, encoded.body.error]).toEqual([400, expect.stringContaining('100000')]);
  });

  it('an upload that breaks off leaves nothing', async () => {
    const before = runtime.shell('app', 'ls -A /data/app/files');
    await new Promise<void>((resolve) => {
      const socket = connectSocket(1337, runtime.address, () => {
        const head = Object.entries(
          restHeaders(config, { 'x-parse-upload-mode': 'stream', 'content-length': '50000', host: 'x' }),
        );
        socket.write(
          `POST /parse/files/broken.bin HTTP/1.1\r\n${head.map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n${'x'.repeat(20_000)}`,
        );
        setTimeout(() => socket.destroy(), 300);
      });
      socket.on('close', () => resolve());
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(runtime.shell('app', 'ls -A /data/app/files')).toBe(before);
  });

  it('frames of every wrong kind on LiveQuery', async () => {
    const socket = await subscribe('Doc');
    const frames = [
      '{',
      'null',
      '[]',
      '{}',
      '{"op":1}',
      '{"op":"subscribe"}',
      '{"op":"unsubscribe","requestId":99}',
      `{"op":"subscribe","requestId":2,"query":{"className":"Doc","where":{"a":{"$regex":"("}}}}`,
    ];
    for (const frame of frames) socket.send(frame);
    expect(await next(socket, (each) => each.requestId === 2)).toMatchObject({ op: 'error' });
    socket.terminate();
  });

  it('what is no HTTP at all', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connectSocket(1337, runtime.address, () => socket.write('hello\r\n\r\n'));
      socket.on('data', (data) => resolve(String(data)));
    });
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });

  async function subscribe(className: string): Promise<WebSocket> {
    const socket = new WebSocket(runtime.url('/parse').replace('http', 'ws'));
    await new Promise<void>((resolve) => socket.on('open', () => resolve()));
    socket.send(JSON.stringify({ op: 'connect', applicationId: config.applicationId, restAPIKey: config.keys.rest.current }));
    await next(socket, (each) => each.op === 'connected');
    socket.send(JSON.stringify({ op: 'subscribe', requestId: 1, query: { className, where: {} } }));
    await next(socket, (each) => each.op === 'subscribed');
    return socket;
  }
});

function next(socket: WebSocket, fits: (frame: { op: string; requestId?: number }) => boolean): Promise<object> {
  return new Promise((resolve) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (fits(frame)) resolve(frame);
    });
  });
}
