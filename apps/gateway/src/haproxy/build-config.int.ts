import { once } from 'node:events';
import { Agent } from 'node:http';
import { openWebSocket, send, sendRaw } from '../../test/test-client';
import { eventually, makeHaproxy, type TestHaproxy } from '../../test/test-haproxy';
import { startUpstream, type TestUpstream } from '../../test/test-upstream';

const one = 'env_00000000000000000001';
const two = 'env_00000000000000000002';
const small = 'env_00000000000000000003';
const slow = 'env_00000000000000000004';
const suspended = 'env_00000000000000000005';
const maintenance = 'env_00000000000000000006';
const down = 'env_00000000000000000007';
const asleep = 'env_00000000000000000008';
const strange = 'env_00000000000000000009';

let haproxy: TestHaproxy;
let upstream: TestUpstream;
let upstreamTwo: TestUpstream;
let port: number;

beforeAll(async () => {
  haproxy = await makeHaproxy();
  port = haproxy.port;
  upstream = await startUpstream('one');
  upstreamTwo = await startUpstream('two', 0, '::1').catch(() => startUpstream('two'));
  const slugs = { one, two, 'one--staging': two, small, slow, suspended, maintenance, down, asleep, strange };
  await haproxy.writeMaps({
    slugs,
    hosts: {
      ...Object.fromEntries(Object.entries(slugs).map(([slug, environment]) => [`${slug}.localhost`, environment])),
      'shop.example.com': one,
    },
    addresses: {
      [one]: upstream.target,
      [two]: upstreamTwo.target,
      [small]: upstream.target,
      [slow]: upstream.target,
      [suspended]: upstream.target,
      [maintenance]: upstream.target,
      [strange]: upstream.target,
      [down]: '127.0.0.1/1',
    },
    policies: {
      [one]: 'open/0/20971520',
      [small]: 'open/0/1000',
      [slow]: 'open/30/20971520',
      [suspended]: 'suspended/0/1000',
      [maintenance]: 'maintenance/0/1000',
      [strange]: 'something-new/0/1000',
    },
  });
  await haproxy.start();
});

afterAll(async () => {
  await upstream?.stop();
  await upstreamTwo?.stop();
  await haproxy?.stop();
});

describe('finds the environment', () => {
  it.each([
    ['host name', 'one.localhost', 'one'],
    ['port in the host', 'one.localhost:4080', 'one'],
    ['upper case', 'ONE.LocalHost', 'one'],
    ['full stop at the end', 'one.localhost.', 'one'],
    ['another environment of an app', 'one--staging.localhost', 'two'],
    ['custom domain', 'shop.example.com', 'one'],
  ])('by %s', async (_, host, expected) => {
    const { seen, status } = await send(port, { host, path: '/parse/health?x=1' });
    expect([status, seen.upstream, seen.url]).toEqual([200, expected, '/parse/health?x=1']);
    expect(seen.headers['x-berth-environment']).toBe(expected === 'one' ? one : two);
  });

  it.each([
    ['/@one/parse/health?x=1', 'one', '/parse/health?x=1'],
    ['/@one--staging/parse/', 'two', '/parse/'],
    ['/@One/a//b', 'one', '/a//b'],
    ['/%40one/a', 'one', '/a'],
    ['/@one', 'one', '/'],
    ['/@one/', 'one', '/'],
    ['/@one?q', 'one', '/?q'],
  ])('by the path %s', async (path, expected, url) => {
    const { seen } = await send(port, { host: '192.0.2.1:4080', path });
    expect([seen.upstream, seen.url]).toEqual([expected, url]);
  });

  it('over IPv6', async () => {
    const { seen } = await send(port, { address: '::1' });
    expect([seen.upstream, seen.headers['x-forwarded-for']]).toEqual(['one', '::1']);
  });

  it.each([
    ['an unknown host', { host: 'nobody.localhost' }],
    ['the base domain itself', { host: 'localhost' }],
    ['an address', { host: '127.0.0.1' }],
    ['an unknown slug', { path: '/@nobody/parse' }],
    ['a path with nothing behind the @', { path: '/@' }],
  ])('answers 404 for %s', async (_, options) => {
    const { status, json, headers } = await send(port, options);
    expect([status, json.code, headers['access-control-allow-origin']]).toEqual([404, 'HOST_UNKNOWN', '*']);
    expect(json.requestId).toBe(headers['x-request-id']);
  });

  it('answers 404 without a Host', async () => {
    expect(await sendRaw(port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 404[\s\S]*HOST_UNKNOWN/);
  });
});

describe('what reaches the runtime', () => {
  it('carries nothing that the client claims about itself', async () => {
    const { seen } = await send(port, {
      headers: {
        'X-Berth-Environment': two,
        'x-berth-internal': '1',
        'X-Forwarded-For': '192.0.2.7',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'evil.example.com',
        'X-Forwarded-Prefix': '/evil',
        Forwarded: 'for=192.0.2.7',
        'X-Real-IP': '192.0.2.7',
        'X-Parse-Application-Id': 'kept',
        Cookie: 'kept=1',
      },
    });
    expect(seen.headers).toMatchObject({
      'x-berth-environment': one,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-parse-application-id': 'kept',
      cookie: 'kept=1',
      host: 'one.localhost',
    });
    for (const name of ['x-berth-internal', 'x-forwarded-host', 'x-forwarded-prefix', 'forwarded', 'x-real-ip'])
      expect(seen.headers).not.toHaveProperty(name);
  });

  it('keeps the cookies of apps on paths apart from those of the shared host', async () => {
    const { seen, headers } = await send(port, { path: '/@one/cookie', headers: { Cookie: 'berth=secret' } });
    expect(seen.headers).not.toHaveProperty('cookie');
    expect(seen.headers['x-forwarded-prefix']).toBe('/@one');
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers['content-security-policy']).toBe('sandbox');
    const own = await send(port, { path: '/cookie' });
    expect(own.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  it('has a request id, which the answer repeats', async () => {
    const made = await send(port);
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.seen.headers['x-request-id']).toBe(made.headers['x-request-id']);
    const given = await send(port, { headers: { 'X-Request-Id': 'phone-1234.A_b' } });
    expect([given.headers['x-request-id'], given.seen.headers['x-request-id']]).toEqual(['phone-1234.A_b', 'phone-1234.A_b']);
    for (const bad of ['short', 'a'.repeat(65), 'with "quotes" in it', 'with space']) {
      const answer = await send(port, { headers: { 'X-Request-Id': bad } });
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.seen.headers['x-request-id']).toBe(answer.headers['x-request-id']);
    }
  });

  it('asks for an upgrade to WebSockets alone', async () => {
    const { seen } = await send(port, {
      headers: { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABk' },
    });
    expect(seen.headers).not.toHaveProperty('upgrade');
  });
});

describe('shuts out by policy', () => {
  it.each([
    ['suspended', 'APP_SUSPENDED'],
    ['maintenance', 'APP_MAINTENANCE'],
    ['strange', 'APP_MAINTENANCE'],
  ])('%s', async (slug, code) => {
    const before = upstream.requests;
    const { status, json, headers } = await send(port, { host: `${slug}.localhost` });
    expect([status, json.code, headers['access-control-allow-origin']]).toEqual([503, code, '*']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect((await send(port, { path: `/@${slug}/parse` })).json.code).toBe(code);
    expect(upstream.requests).toBe(before);
  });

  it('answers a browser’s preflight where it is going to refuse, and leaves the others to the app', async () => {
    const headers = {
      Origin: 'https://shop.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'x-parse-a',
    };
    const refused = await send(port, { method: 'OPTIONS', host: 'suspended.localhost', headers });
    expect(refused.status).toBe(204);
    expect(refused.headers).toMatchObject({ 'access-control-allow-origin': '*', 'access-control-allow-headers': 'x-parse-a' });
    const passed = await send(port, { method: 'OPTIONS', headers });
    expect(passed.seen).toMatchObject({ method: 'OPTIONS', upstream: 'one' });
  });

  it('limits the rate of an environment, not what is far below it, and lets the permitted share through', async () => {
    const statuses: number[] = [];
    let refused: Awaited<ReturnType<typeof send>> | undefined;
    for (let i = 0; i < 60; i++) {
      const answer = await send(port, { host: 'slow.localhost' });
      statuses.push(answer.status);
      if (answer.status === 429) refused = answer;
    }
    expect(statuses.slice(0, 25).every((status) => status === 200)).toBe(true);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
    expect(refused?.json).toMatchObject({ code: 'TOO_MANY_REQUESTS', details: { seconds: 1 } });
    expect(refused?.headers).toMatchObject({ 'retry-after': '1', 'access-control-allow-origin': '*' });
    expect((await send(port)).status).toBe(200);
    // what is refused does not count, so a client that goes on is served again as the window slides on
    await eventually(async () => expect((await send(port, { host: 'slow.localhost' })).status).toBe(200), 15_000);
  }, 30_000);
});

describe('limits bodies', () => {
  const tooLarge = { code: 'BODY_TOO_LARGE', message: 'The body is larger than 1000 bytes.', details: { limit: 1000 } };

  it.each([1, 999, 1000])('lets %d bytes through, with a length or in chunks', async (size) => {
    const body = Buffer.alloc(size, 'x');
    expect((await send(port, { host: 'small.localhost', body })).seen.bodyBytes).toBe(size);
    expect((await send(port, { host: 'small.localhost', body: [body] })).seen.bodyBytes).toBe(size);
  });

  it.each([1001, 50_000, 5_000_000])('refuses %d bytes by their announced length', async (size) => {
    const before = upstream.requests;
    const { status, json, headers } = await send(port, { host: 'small.localhost', body: Buffer.alloc(size) });
    expect(status).toBe(413);
    expect(json).toMatchObject({ ...tooLarge, requestId: headers['x-request-id'] });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(upstream.requests).toBe(before);
  });

  it.each([1001, 50_000, 5_000_000])('refuses %d bytes in chunks', async (size) => {
    const before = upstream.completed;
    const chunks = Array.from({ length: Math.ceil(size / 1000) }, (_, i) => Buffer.alloc(Math.min(1000, size - i * 1000)));
    const { status, json, headers } = await send(port, { host: 'small.localhost', body: chunks });
    expect(status).toBe(413);
    expect(json).toMatchObject({ ...tooLarge, requestId: headers['x-request-id'] });
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'access-control-allow-origin': '*' });
    // what reached the app of it must not look like a whole body
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(upstream.completed).toBe(before);
  });

  it.each([
    ['nobody', 404],
    ['suspended', 503],
  ])('tells a client that sends much to %s why it is refused, and keeps its connection', async (slug, status) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    agent.on('free', (socket) => ports.add(socket.localPort));
    const body = Buffer.alloc(3_000_000);
    expect((await send(port, { agent, host: `${slug}.localhost`, body })).status).toBe(status);
    expect((await send(port, { agent, host: `${slug}.localhost`, body: [body, body] })).status).toBe(status);
    expect((await send(port, { agent })).status).toBe(200);
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  it('refuses at once a client that asks before it sends', async () => {
    const heard = await sendRaw(
      port,
      'POST / HTTP/1.1\r\nHost: small.localhost\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n',
      'BODY_TOO_LARGE',
    );
    expect(heard).toMatch(/^HTTP\/1\.1 413/);
  });

  it('lets large bodies through whole where the policy allows them', async () => {
    const body = Buffer.alloc(15_000_000, 'y');
    const chunks = Array.from({ length: 150 }, (_, i) => body.subarray(i * 100_000, (i + 1) * 100_000));
    const whole = await send(port, { body });
    const chunked = await send(port, { body: chunks });
    expect([whole.seen.bodyBytes, chunked.seen.bodyBytes]).toEqual([15_000_000, 15_000_000]);
    expect(chunked.seen.sha256).toBe(whole.seen.sha256);
  });
});

describe('WebSockets', () => {
  it.each([
    ['host', 'one.localhost', '/parse'],
    ['path', '192.0.2.1', '/@one/parse'],
  ])('pass by %s, and may be silent for longer than a request', async (_, host, path) => {
    const { socket, head } = await openWebSocket(port, host, path);
    expect(head).toMatch(/^HTTP\/1\.1 101/);
    for (const text of ['hello', 'again']) {
      await new Promise((resolve) => setTimeout(resolve, text === 'again' ? 2500 : 0));
      socket.write(text);
      const [echo] = (await once(socket, 'data')) as [Buffer];
      expect(echo.toString()).toBe(text);
    }
    socket.destroy();
  });
});

describe('errors of its own', () => {
  it('answers a clear 503 for a runtime that refuses connections, and waits for one that comes back', async () => {
    const { status, json, headers } = await send(port, { host: 'down.localhost' });
    expect([status, json.code]).toEqual([503, 'APP_UNREACHABLE']);
    expect(headers).toMatchObject({ 'retry-after': '2', 'access-control-allow-origin': '*' });
    expect(json.requestId).toBe(headers['x-request-id']);
  });

  it('tries again until a runtime that restarts takes connections', async () => {
    const { port: gone } = upstreamTwo;
    await upstreamTwo.stop();
    const waiting = send(port, { host: 'two.localhost', body: 'kept' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    upstreamTwo = await startUpstream('two', gone, upstreamTwo.target.split('/')[0]);
    expect((await waiting).seen).toMatchObject({ upstream: 'two', bodyBytes: 4 });
  });

  it('answers 503 when nobody is there to wake an environment without an address', async () => {
    const { status, json, headers } = await send(port, { host: 'asleep.localhost' });
    expect([status, json.code, headers['retry-after']]).toEqual([503, 'APP_STARTING', '2']);
  });

  it.each([
    ['/break', 502, 'APP_ANSWER_INVALID'],
    ['/garbage', 502, 'APP_ANSWER_INVALID'],
    ['/slow?ms=4000', 504, 'APP_ANSWER_LATE'],
  ])('answers %s with %d', async (path, status, code) => {
    const answer = await send(port, { path });
    expect([answer.status, answer.json.code, answer.headers['access-control-allow-origin']]).toEqual([status, code, '*']);
  });

  it('waits for a slow runtime although the client is silent meanwhile', async () => {
    expect((await send(port, { path: '/slow?ms=1800', body: 'x' })).status).toBe(200);
  });

  it('answers a client that is too slow with 408', async () => {
    const heard = await sendRaw(port, 'GET / HTTP/1.1\r\nHost: one.localhost\r\nX-Slow');
    expect(heard).toMatch(/^HTTP\/1\.1 408/);
  });
});

describe('keeps connections', () => {
  it('of clients, even when the app’s error answer drops its own', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    agent.on('free', (socket) => ports.add(socket.localPort));
    expect((await send(port, { agent, path: '/fail' })).status).toBe(500);
    expect((await send(port, { agent })).status).toBe(200);
    expect((await send(port, { agent, host: 'nobody.localhost' })).status).toBe(404);
    expect((await send(port, { agent })).status).toBe(200);
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  it('of one client to two environments apart', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const host of ['one', 'two', 'one', 'two'])
      expect((await send(port, { agent, host: `${host}.localhost` })).seen.upstream).toBe(host);
    agent.destroy();
  });
});

describe('refuses what could be read in two ways', () => {
  const host = 'Host: one.localhost\r\n';
  it.each([
    ['two lengths', `POST / HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde`],
    ['a list of lengths', `POST / HTTP/1.1\r\n${host}Content-Length: 3, 5\r\n\r\nabcde`],
    ['a negative length', `POST / HTTP/1.1\r\n${host}Content-Length: -3\r\n\r\nabc`],
    ['a length with a sign', `POST / HTTP/1.1\r\n${host}Content-Length: +3\r\n\r\nabc`],
    ['a space before the colon', `GET / HTTP/1.1\r\n${host}Content-Length : 3\r\n\r\nabc`],
    ['a folded header at the start', `GET / HTTP/1.1\r\n Host: one.localhost\r\n\r\n`],
    ['a control character in a name', `GET / HTTP/1.1\r\n${host}X-\u0001: 1\r\n\r\n`],
    ['a null byte in a value', `GET / HTTP/1.1\r\n${host}X-A: a\u0000b\r\n\r\n`],
    ['a space in the path', `GET /a b HTTP/1.1\r\n${host}\r\n`],
    ['a broken chunk size', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`],
    ['two different hosts', `GET / HTTP/1.1\r\n${host}Host: two.localhost\r\n\r\n`],
    ['no request at all', '\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n'],
  ])('%s', async (_, bytes) => {
    const before = upstream.requests;
    const heard = await sendRaw(port, Buffer.from(bytes, 'latin1'));
    expect(heard).toMatch(/^HTTP\/1\.1 400/);
    expect(heard.match(/^HTTP\/1\.1/gm)).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(upstream.requests - before).toBeLessThanOrEqual(/broken chunk/.test(_) ? 1 : 0);
  });

  it('lets no request hide behind a length and an encoding', async () => {
    const before = upstream.requests;
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: one.localhost\r\n\r\n';
    const bytes = `POST /first HTTP/1.1\r\n${host}Content-Length: ${5 + hidden.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`;
    const heard = await sendRaw(port, bytes);
    expect(heard.match(/^HTTP\/1\.1/gm)).toHaveLength(1);
    expect(heard).not.toContain('/hidden');
    expect(upstream.requests - before).toBeLessThanOrEqual(1);
  });

  it('lets no request hide behind an obscured encoding', async () => {
    const before = upstream.requests;
    for (const encoding of ['xchunked', 'chunked, identity', 'identity', '\u000bchunked']) {
      const heard = await sendRaw(
        port,
        Buffer.from(
          `POST / HTTP/1.1\r\n${host}Transfer-Encoding: ${encoding}\r\nContent-Length: 4\r\n\r\n1\r\nZ\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\n${host}\r\n`,
          'latin1',
        ),
      );
      expect(heard).not.toContain('/hidden');
    }
    expect(upstream.requests - before).toBeLessThanOrEqual(4);
  });
});

it('writes one JSON line a request, without the query', async () => {
  await send(port, { path: '/parse/"quoted\\?sessionToken=secret', headers: { 'X-Request-Id': 'log-line-1' } });
  const line = await eventually(() => {
    const found = haproxy.log.find((each) => each.includes('log-line-1'));
    if (!found) throw new Error('no line yet');
    return JSON.parse(found);
  });
  expect(line).toMatchObject({
    msg: 'GET 200',
    environmentId: one,
    requestId: 'log-line-1',
    client: '127.0.0.1',
    path: '/parse/"quoted\\',
  });
  expect(typeof line.time).toBe('number');
  expect(Math.abs(line.time - Date.now())).toBeLessThan(60_000);
  expect(line.bytesOut).toBeGreaterThan(100);
  expect(haproxy.log.join('\n')).not.toContain('secret');
  // control bytes and Unicode would spoil the line, a long path would cut it off
  await sendRaw(
    port,
    `GET /${'"'.repeat(6000)} HTTP/1.1\r\nHost: one.localhost\r\nX-Request-Id: log-line-2\r\nConnection: close\r\n\r\n`,
  );
  await eventually(() => expect(haproxy.log.join('\n')).toContain('log-line-2'));
  for (const each of haproxy.log.filter((text) => text.startsWith('{'))) expect(() => JSON.parse(each)).not.toThrow();
});
