import { connect } from 'node:net';
import { createLogger } from '@berth/observability/logger';
import { openWebSocket, send, sendRaw } from '../../test/test-client';
import { freePorts } from '../../test/test-haproxy';
import { startUpstream, type TestUpstream } from '../../test/test-upstream';
import { RouteTable } from '../routes/route-table';
import { Activator, type ActivatorOutcome } from './activator';
import { WaitingRoom } from './waiting-room';

const headers = { 'X-Berth-Environment': 'env_1', 'X-Request-Id': 'request-1' };
let table: RouteTable;
let activator: Activator;
let upstream: TestUpstream;
let port: number;
let outcomes: ActivatorOutcome[];
let wakes: string[];

const wakeUp = (target: string) => table.apply([{ map: 'addresses', key: 'env_1', value: target }]);
const soon = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms));

beforeEach(async () => {
  table = new RouteTable();
  outcomes = [];
  wakes = [];
  upstream = await startUpstream();
  [port] = (await freePorts(1)) as [number];
  const room = new WaitingRoom(table, { total: 3, perEnvironment: 2, waitMs: 400 });
  const wakeRequester = { request: (id: string) => void wakes.push(id) };
  activator = new Activator(table, room, wakeRequester, createLogger('test', 'silent'), (outcome) => outcomes.push(outcome));
  await activator.listen(port);
});

afterEach(async () => {
  await activator.close(0);
  await upstream.stop();
});

it('answers 503 when the environment does not start in time, and asks for it to be woken', async () => {
  const { status, json, headers: answered } = await send(port, { headers, body: 'x' });
  expect([status, json.code, json.requestId]).toEqual([503, 'APP_STARTING', 'request-1']);
  expect(answered).toMatchObject({ 'retry-after': '2', 'access-control-allow-origin': '*', 'cache-control': 'no-store' });
  expect([wakes, outcomes]).toEqual([['env_1'], ['not started']]);
});

it('answers 503 at once when too many wait', async () => {
  const waiting = [send(port, { headers }), send(port, { headers })];
  await soon();
  expect((await send(port, { headers })).json.code).toBe('APP_STARTING');
  expect(outcomes).toEqual(['full']);
  await Promise.all(waiting);
});

it('tries again while the address that appeared refuses connections', async () => {
  const [late] = (await freePorts(1)) as [number];
  wakeUp(`127.0.0.1/${late}`);
  const waiting = send(port, { headers, body: 'kept' });
  await soon(120);
  const lateUpstream = await startUpstream('late', late);
  expect((await waiting).seen).toMatchObject({ upstream: 'late', bodyBytes: 4 });
  await lateUpstream.stop();
});

it('answers 503 when the address goes on refusing', async () => {
  wakeUp('127.0.0.1/1');
  const { status, json } = await send(port, { headers });
  expect([status, json.code]).toEqual([503, 'APP_UNREACHABLE']);
});

it('answers 502 when the runtime breaks off before it answers', async () => {
  wakeUp(upstream.target);
  const { status, json } = await send(port, { headers, path: '/break' });
  expect([status, json.code]).toEqual([502, 'APP_ANSWER_INVALID']);
  expect(outcomes).toEqual(['failed']);
});

it('passes answers on as they are', async () => {
  wakeUp(upstream.target);
  const cookies = await send(port, { headers, path: '/cookie' });
  expect(cookies.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  expect((await send(port, { headers, path: '/bytes?n=3000000' })).text).toHaveLength(3_000_000);
  expect((await send(port, { headers, path: '/fail' })).status).toBe(500);
  const trailer = await sendRaw(
    port,
    'GET /trailer HTTP/1.1\r\nHost: a\r\nX-Berth-Environment: env_1\r\nConnection: close\r\n\r\n',
  );
  expect(trailer).toMatch(/with trailer[\s\S]*x-sum: abc/i);
  expect(outcomes).toEqual(['forwarded', 'forwarded', 'forwarded', 'forwarded']);
});

it('lets a body of the limit through and cuts a longer one that announces no length', async () => {
  table.apply([{ map: 'policies', key: 'env_1', value: 'open/0/1000' }]);
  wakeUp(upstream.target);
  expect((await send(port, { headers, body: [Buffer.alloc(600), Buffer.alloc(400)] })).seen.bodyBytes).toBe(1000);
  const { completed } = upstream;
  const { status, json } = await send(port, { headers, body: [Buffer.alloc(600), Buffer.alloc(401)] });
  expect([status, json.code]).toEqual([413, 'BODY_TOO_LARGE']);
  await soon();
  expect(upstream.completed).toBe(completed);
});

it('gives a place free when its client goes', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-Berth-Environment: env_1\r\n\r\n');
  await soon();
  socket.destroy();
  await soon();
  expect(outcomes).toEqual(['gone']);
  wakeUp(upstream.target);
  await soon();
  expect(upstream.requests).toBe(0);
});

it('keeps a connection to itself whose upgrade was refused', async () => {
  wakeUp(upstream.target);
  const head = `Upgrade: websocket\r\nConnection: Upgrade\r\n`;
  upstream.refusesUpgrades = true;
  const heard = await sendRaw(port, `GET / HTTP/1.1\r\nHost: a\r\nX-Berth-Environment: env_1\r\n${head}\r\n`);
  expect(heard).toMatch(/^HTTP\/1\.1 400[\s\S]*connection: close[\s\S]*no upgrade/i);
});

it('sends upgrades away that wait in vain', async () => {
  const { socket, head } = await openWebSocket(port, 'a', '/', 'X-Berth-Environment: env_1\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 503[\s\S]*APP_STARTING/);
  socket.destroy();
});

it('sends away who waits when it closes', async () => {
  const waiting = send(port, { headers });
  await soon();
  await activator.close();
  expect((await waiting).json.code).toBe('APP_STARTING');
  await activator.listen(port);
});
