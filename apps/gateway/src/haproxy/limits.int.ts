import { Agent } from 'node:http';
import { send, sendRaw } from '../../test/test-client';
import { startEdge, type TestEdge } from '../../test/test-edge';
import { eventually } from '../../test/test-haproxy';

let edge: TestEdge;
let port: number;

beforeAll(async () => {
  edge = await startEdge();
  ({ port } = edge);
});

afterAll(() => edge?.stop());

describe('shuts out by policy', () => {
  it.each([
    ['suspended', 'APP_SUSPENDED'],
    ['maintenance', 'APP_MAINTENANCE'],
    ['strange', 'APP_MAINTENANCE'],
  ])('%s', async (slug, code) => {
    const before = edge.upstream.requests;
    const { status, json, headers } = await send(port, { host: `${slug}.localhost` });
    expect([status, json.code, headers['access-control-allow-origin']]).toEqual([503, code, '*']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect((await send(port, { path: `/@${slug}/parse` })).json.code).toBe(code);
    expect(edge.upstream.requests).toBe(before);
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
    const before = edge.upstream.requests;
    const { status, json, headers } = await send(port, { host: 'small.localhost', body: Buffer.alloc(size) });
    expect(status).toBe(413);
    expect(json).toMatchObject({ ...tooLarge, requestId: headers['x-request-id'] });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(edge.upstream.requests).toBe(before);
  });

  it.each([1001, 50_000, 5_000_000])('refuses %d bytes in chunks', async (size) => {
    const before = edge.upstream.completed;
    const chunks = Array.from({ length: Math.ceil(size / 1000) }, (_, i) => Buffer.alloc(Math.min(1000, size - i * 1000)));
    const { status, json, headers } = await send(port, { host: 'small.localhost', body: chunks });
    expect(status).toBe(413);
    expect(json).toMatchObject({ ...tooLarge, requestId: headers['x-request-id'] });
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'access-control-allow-origin': '*' });
    // what reached the app of it must not look like a whole body
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(edge.upstream.completed).toBe(before);
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
