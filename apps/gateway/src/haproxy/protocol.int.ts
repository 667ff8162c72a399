import { once } from 'node:events';
import { Agent } from 'node:http';
import { openWebSocket, send, sendRaw } from '../../test/test-client';
import { startEdge, type TestEdge } from '../../test/test-edge';
import { startUpstream } from '../../test/test-upstream';

let edge: TestEdge;
let port: number;

beforeAll(async () => {
  edge = await startEdge();
  ({ port } = edge);
});

afterAll(() => edge?.stop());

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
    const { port: gone } = edge.upstreamTwo;
    await edge.upstreamTwo.stop();
    const waiting = send(port, { host: 'two.localhost', body: 'kept' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    edge.upstreamTwo = await startUpstream('two', gone, edge.upstreamTwo.target.split('/')[0]);
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
    const before = edge.upstream.requests;
    const heard = await sendRaw(port, Buffer.from(bytes, 'latin1'));
    expect(heard).toMatch(/^HTTP\/1\.1 400/);
    expect(heard.match(/^HTTP\/1\.1/gm)).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(edge.upstream.requests - before).toBeLessThanOrEqual(/broken chunk/.test(_) ? 1 : 0);
  });

  it('lets no request hide behind a length and an encoding', async () => {
    const before = edge.upstream.requests;
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: one.localhost\r\n\r\n';
    const bytes = `POST /first HTTP/1.1\r\n${host}Content-Length: ${5 + hidden.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`;
    const heard = await sendRaw(port, bytes);
    expect(heard.match(/^HTTP\/1\.1/gm)).toHaveLength(1);
    expect(heard).not.toContain('/hidden');
    expect(edge.upstream.requests - before).toBeLessThanOrEqual(1);
  });

  it('lets no request hide behind an obscured encoding', async () => {
    const before = edge.upstream.requests;
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
    expect(edge.upstream.requests - before).toBeLessThanOrEqual(4);
  });
});
