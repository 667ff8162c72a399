import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { bearer, type Person, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';
import { useConsoleFiles } from '../console-files/console-files';
import { Drain } from './drain';
import { limitServer } from './server-limits';

let api: TestApi;
let ada: Person;
beforeAll(async () => {
  api = await startApi();
  ada = await signUp(api, 'ada@example.com');
});
afterAll(() => api?.close());

describe('headers', () => {
  it('of every answer shut out frames, sniffing and foreign scripts', async () => {
    const { headers } = await api.http.get('/v1/setup').expect(200);
    expect(headers['content-security-policy']).toContain("default-src 'none';script-src 'self';");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('carry a request id: ours, or a well-formed one of the caller', async () => {
    const own = await api.http.get('/v1/setup');
    expect(own.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    const given = await api.http.get('/v1/account').set('X-Request-Id', 'call-12345678');
    expect([given.headers['x-request-id'], given.body.requestId]).toEqual(['call-12345678', 'call-12345678']);
    const bad = await api.http.get('/v1/setup').set('X-Request-Id', 'a b<script>');
    expect(bad.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('what Node refuses before the application sees it', () => {
  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const url = new URL(api.origin);
      const socket = connect(Number(url.port), url.hostname, () => socket.write(text));
      let answer = '';
      socket.on('data', (bytes) => {
        answer += bytes;
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'REQUEST_MALFORMED'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400, 'REQUEST_MALFORMED'],
    ['huge headers', `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ])('%s', async (_what, text, status, code) => {
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').code).toBe(code);
  });

  it('an address beyond all bounds', async () => {
    const answer = await api.http.get(`/v1/setup?x=${'y'.repeat(5000)}`).expect(414);
    expect(answer.body.code).toBe('URL_TOO_LONG');
  });
});

describe('health and metrics', () => {
  it('say that the process lives and its parts answer', async () => {
    expect((await api.http.get('/health/live').expect(200)).body).toEqual({ status: 'ok' });
    expect((await api.http.get('/health/ready').expect(200)).body).toEqual({ status: 'ok', parts: { mongodb: 'ok' } });
  });

  it('count requests by the pattern of their route, not by ids', async () => {
    await api.http.delete('/v1/sessions/ses_doesnotexist').set(bearer(ada)).expect(404);
    await api.http.get('/v1/nothing/at/all').expect(404);
    const metrics = (await api.http.get('/metrics').expect(200)).text;
    expect(metrics).toMatch(
      /berth_http_request_duration_seconds_count\{process="api",method="DELETE",route="\/v1\/sessions\/:id",status="404"\} 1/,
    );
    expect(metrics).toContain('route="other",status="404"');
    expect(metrics).toContain('process_resident_memory_bytes');
    expect(metrics).not.toContain('doesnotexist');
  });

  it('keep the metrics for this machine', async () => {
    await api.http.get('/metrics').set('X-Forwarded-For', '203.0.113.9').expect(404);
  });
});

describe('the console’s files', () => {
  let folder: string;
  let pages: NestExpressApplication;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'berth-console-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>console</title>');
    writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
    writeFileSync(join(folder, 'assets', 'index-abc123.js'), 'export {}');
    @Module({})
    class Empty {}
    pages = await NestFactory.create<NestExpressApplication>(Empty, { logger: false });
    useConsoleFiles(pages, folder);
    await pages.init();
  });
  afterAll(async () => {
    await pages?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const get = (path: string, accept = 'text/html,*/*;q=0.8') => request(pages.getHttpServer()).get(path).set('Accept', accept);

  it.each(['/', '/apps', '/apps/hello/keys', '/sign-up?invitation=x', '/v1beta'])('%s is the document', async (path) => {
    const answer = await get(path).expect(200);
    expect(answer.text).toContain('<title>console</title>');
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': expect.stringContaining('text/html') });
  });

  it.each(['/v1', '/v1/nothing', '/health/x', '/metrics', '/openapi.json', '/assets/old-123.js'])('%s is not', async (path) => {
    await get(path).expect(404);
  });

  it('a program gets no document', async () => {
    await get('/apps', 'application/json').expect(404);
    await get('/apps', '*/*').expect(404);
    await request(pages.getHttpServer()).post('/apps').set('Accept', 'text/html').expect(404);
  });

  it('hashed files are kept for a year, others are asked for again', async () => {
    const hashed = await get('/assets/index-abc123.js').expect(200);
    expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await get('/favicon.svg').expect(200)).headers['cache-control']).toBe('no-cache');
  });

  it.each(['/../package.json', '/assets/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/.env'])(
    '%s leads nowhere else',
    async (path) => {
      const answer = await get(path);
      expect(answer.text).not.toMatch(/root:|"name"/);
    },
  );
});

describe('a stop', () => {
  it('lets the answers under way end, ends streams, and takes no new connection', async () => {
    const drain = new Drain();
    @Module({})
    class Empty {}
    const app = await NestFactory.create<NestExpressApplication>(Empty, { logger: false });
    app.use(drain.track);
    let answer: () => void = () => undefined;
    app.use('/slow', (_request: unknown, response: { end: (text: string) => void }) => {
      answer = () => response.end('done');
    });
    app.use(
      '/stream',
      (_request: unknown, response: { setHeader: (n: string, v: string) => void; write: (text: string) => void }) => {
        response.setHeader('Content-Type', 'text/event-stream');
        response.write('data: 1\n\n');
      },
    );
    limitServer(app.getHttpServer());
    await app.listen(0, '127.0.0.1');
    const origin = await app.getUrl();
    const slow = fetch(`${origin}/slow`);
    const stream = await fetch(`${origin}/stream`);
    const streamEnd = stream.text();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const drained = drain.run(app.getHttpServer(), 20_000);
    expect(drain.draining).toBe(true);
    expect(await streamEnd).toBe('data: 1\n\n');
    await expect(fetch(`${origin}/slow`)).rejects.toThrow();
    answer();
    const ended = await slow;
    expect([await ended.text(), ended.headers.get('connection')]).toEqual(['done', 'close']);
    await drained;
    await app.close();
  });
});
