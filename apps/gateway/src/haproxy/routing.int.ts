import { send, sendRaw } from '../../test/test-client';
import { one, startEdge, type TestEdge, two } from '../../test/test-edge';
import { eventually } from '../../test/test-haproxy';

let edge: TestEdge;
let port: number;

beforeAll(async () => {
  edge = await startEdge();
  ({ port } = edge);
});

afterAll(() => edge?.stop());

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

it('writes one JSON line a request, without the query', async () => {
  await send(port, { path: '/parse/"quoted\\?sessionToken=secret', headers: { 'X-Request-Id': 'log-line-1' } });
  const line = await eventually(() => {
    const found = edge.haproxy.log.find((each) => each.includes('log-line-1'));
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
  expect(edge.haproxy.log.join('\n')).not.toContain('secret');
  // control bytes and Unicode would spoil the line, a long path would cut it off
  await sendRaw(
    port,
    `GET /${'"'.repeat(6000)} HTTP/1.1\r\nHost: one.localhost\r\nX-Request-Id: log-line-2\r\nConnection: close\r\n\r\n`,
  );
  await eventually(() => expect(edge.haproxy.log.join('\n')).toContain('log-line-2'));
  for (const each of edge.haproxy.log.filter((text) => text.startsWith('{'))) expect(() => JSON.parse(each)).not.toThrow();
});
