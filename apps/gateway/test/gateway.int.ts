import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { openWebSocket, send, sendRaw } from './test-client';
import { eventually, makeHaproxy, type TestHaproxy } from './test-haproxy';
import { startSwitch, TestRoutes, TestService } from './test-service';
import { startUpstream, type TestUpstream } from './test-upstream';

jest.setTimeout(60_000);

let haproxy: TestHaproxy;
let routes: TestRoutes;
let service: TestService;
let one: TestUpstream;
let two: TestUpstream;

const seenAt = async (host: string) => (await send(haproxy.port, { host: `${host}.localhost` })).seen?.upstream;
const statusAt = async (host: string) => (await send(haproxy.port, { host: `${host}.localhost` })).status;

beforeEach(async () => {
  haproxy = await makeHaproxy();
  routes = new TestRoutes();
  service = new TestService(haproxy, routes.environment());
  one = await startUpstream('one');
  two = await startUpstream('two');
  await routes.host('shop', 'env_shop');
  await routes.policy('env_shop');
  await routes.address('env_shop', one.target);
});

afterEach(async () => {
  await service.kill();
  await haproxy.stop();
  await one.stop();
  await two.stop();
  await routes.close();
});

describe('routes', () => {
  it('that are there at the start are served, and what is applied is told', async () => {
    await Promise.all([haproxy.start(), service.start()]);
    await service.ready();
    await routes.applied(3);
    expect(await seenAt('shop')).toBe('one');
    const [gateway] = await routes.collections.gateways.find().toArray();
    expect(gateway?._id).toMatch(/^gw_/);
    expect(Date.now() - (gateway?.heartbeatAt.getTime() ?? 0)).toBeLessThan(10_000);
  });

  it('that change are applied without a reload, by hint and by polling', async () => {
    await haproxy.start();
    await service.start();
    await routes.applied(3);
    await routes.hint(await routes.address('env_shop', two.target));
    await eventually(async () => expect(await seenAt('shop')).toBe('two'));
    await routes.address('env_shop', one.target);
    await eventually(async () => expect(await seenAt('shop')).toBe('one'));
    await routes.host('shop.example.com', 'env_shop', { kind: 'domain' });
    await eventually(async () => expect((await send(haproxy.port, { host: 'shop.example.com' })).status).toBe(200));
    await routes.policy('env_shop', { admission: 'suspended' });
    await eventually(async () => expect(await statusAt('shop')).toBe(503));
    await routes.policy('env_shop', { admission: 'open' });
    await eventually(async () => expect(await statusAt('shop')).toBe(200));
    await routes.host('shop', 'env_shop', { deletedAt: new Date() });
    await eventually(async () => expect(await statusAt('shop')).toBe(404));
    expect((await send(haproxy.port, { path: '/@shop/parse' })).status).toBe(404);
  });

  it('reach a client that keeps its connection', async () => {
    await haproxy.start();
    await service.start();
    await routes.applied(3);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    agent.on('free', (socket) => ports.add(socket.localPort));
    expect((await send(haproxy.port, { agent, host: 'shop.localhost' })).seen.upstream).toBe('one');
    const revision = await routes.address('env_shop', two.target);
    await routes.hint(revision);
    await routes.applied(revision);
    expect((await send(haproxy.port, { agent, host: 'shop.localhost' })).seen.upstream).toBe('two');
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  it('that change a hundred times end with the last', async () => {
    await haproxy.start();
    await service.start();
    await routes.applied(3);
    let revision = 0;
    for (let i = 0; i < 100; i++) {
      revision = await routes.address('env_shop', i === 99 ? two.target : `127.0.0.1/${10_000 + i}`);
      if (i % 3 === 0) await routes.hint(revision);
    }
    await routes.applied(revision);
    expect(await seenAt('shop')).toBe('two');
  });

  it('are 10,000 and none is lost', async () => {
    const now = new Date();
    const ids = Array.from({ length: 10_000 }, (_, i) => `env_${String(i).padStart(20, '0')}`);
    const versioned = (i: number) => ({ revision: 10 + i, updatedAt: now, deletedAt: null });
    await routes.collections.routeHosts.insertMany(
      ids.map((environmentId, i) => ({ _id: `app-${i}`, kind: 'label' as const, environmentId, ...versioned(i) })),
    );
    await routes.collections.routeAddresses.insertMany(
      ids.map((_id, i) => ({ _id, runtimeId: 'rt_1', nodeId: 'node_1', target: one.target, ...versioned(10_000 + i) })),
    );
    await routes.collections.db.collection<{ _id: string }>('counters').updateOne({ _id: 'routes' }, { $set: { value: 20_009 } });
    await haproxy.start();
    const startedAt = performance.now();
    await service.start();
    await eventually(async () => expect(await seenAt('app-9999')).toBe('one'));
    process.stderr.write(
      `10,000 routes: ${Math.round(performance.now() - startedAt)} ms from the start of the process to the last one served\n`,
    );
    await routes.applied(20_009);
    for (const i of [0, 1, 4999, 9998]) expect(await seenAt(`app-${i}`)).toBe('one');
    const { text } = await service.status('/metrics');
    expect(text).toMatch(/berth_gateway_routes\{map="hosts"[^}]*\} 10001/);
    expect(text).toMatch(/berth_gateway_haproxy_up\{[^}]*\} 1/);
    expect(text).toMatch(/berth_gateway_requests_total\{class="2xx"[^}]*\} [5-9]/);
    await eventually(async () => expect((await haproxy.readMap('hosts')).split('\n')).toHaveLength(10_002));
    await service.kill();
    await haproxy.kill();
    await haproxy.start();
    expect(await seenAt('app-9999')).toBe('one');
  });
});

describe('survives', () => {
  it('the death of HAProxy, and tells the next one what changed meanwhile', async () => {
    await haproxy.start();
    await service.start();
    await routes.applied(3);
    await haproxy.kill();
    await eventually(async () => expect((await service.status('/health/ready')).status).toBe(503));
    const revision = await routes.address('env_shop', two.target);
    await routes.host('fresh', 'env_shop');
    await haproxy.start();
    await routes.applied(revision);
    await eventually(async () => expect([await seenAt('shop'), await seenAt('fresh')]).toEqual(['two', 'two']));
    await service.ready();
  });

  it('its own death: HAProxy serves on, and the next one catches up', async () => {
    await haproxy.start();
    await service.start();
    await routes.applied(3);
    await service.kill();
    expect(await seenAt('shop')).toBe('one');
    const revision = await routes.address('env_shop', two.target);
    await service.start();
    await routes.applied(revision);
    expect(await seenAt('shop')).toBe('two');
    expect(await service.kill('SIGTERM')).toBe(0);
    expect(await seenAt('shop')).toBe('two');
  });

  it('a HAProxy whose maps are those of another time', async () => {
    await haproxy.writeMaps({
      hosts: { 'old.localhost': 'env_old', 'shop.localhost': 'env_other' },
      slugs: { old: 'env_old' },
      addresses: Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`env_${i}`, '127.0.0.1/1'])),
    });
    await haproxy.start();
    await service.start();
    await routes.applied(3);
    expect(await seenAt('shop')).toBe('one');
    expect(await statusAt('old')).toBe(404);
  });

  it('a reload of HAProxy: the new worker is told, not the one that ends', async () => {
    await haproxy.start();
    await service.start();
    await routes.applied(3);
    const { socket } = await openWebSocket(haproxy.port, 'shop.localhost');
    await haproxy.reload();
    await eventually(async () => {
      const revision = await routes.address('env_shop', two.target);
      await routes.hint(revision);
      await routes.applied(revision);
      expect(await seenAt('shop')).toBe('two');
    }, 20_000);
    socket.write('still here');
    expect(String((await once(socket, 'data'))[0])).toBe('still here');
    socket.destroy();
  });

  it('a start without MongoDB and Redis, from the files, and takes part again when they come', async () => {
    await haproxy.start();
    await service.start();
    await routes.applied(3);
    // the file that is written last
    await eventually(async () => expect(await haproxy.readMap('hosts')).toContain('shop.localhost'));
    await service.kill();
    await haproxy.kill();

    const mongodb = await startSwitch(Number(new URL(routes.mongodbUrl()).port));
    service = new TestService(haproxy, { ...routes.environment(mongodb.port), REDIS_URL: 'redis://127.0.0.1:1' });
    await service.start();
    await haproxy.start();
    await service.ready();
    expect(await seenAt('shop')).toBe('one');
    const { status, text } = await service.status('/health/ready');
    expect(status).toBe(200);
    expect(JSON.parse(text).parts).toMatchObject({ haproxy: 'ok', mongodb: expect.stringContaining('known routes stay') });

    const revision = await routes.address('env_shop', two.target);
    await mongodb.on();
    await routes.applied(revision);
    expect(await seenAt('shop')).toBe('two');
    await eventually(async () => expect(JSON.parse((await service.status('/health/ready')).text).parts.mongodb).toBe('ok'));

    await mongodb.off();
    await eventually(async () => expect((await service.status('/health/ready')).text).toContain('known routes stay'));
    expect(await seenAt('shop')).toBe('two');
    await haproxy.kill();
    await haproxy.start();
    await service.ready();
    expect(await seenAt('shop')).toBe('two');
    const later = await routes.address('env_shop', one.target);
    await mongodb.on();
    await routes.applied(later);
    expect(await seenAt('shop')).toBe('one');
    await mongodb.off();
  });

  it('a database that was emptied: no app goes off the air', async () => {
    await haproxy.start();
    await service.start();
    await routes.applied(3);
    await service.kill();
    await routes.collections.db.dropDatabase();
    await service.start();
    await eventually(async () => expect((await service.status('/health/ready')).text).toContain('no hosts'));
    expect(await seenAt('shop')).toBe('one');
    await service.ready();
  });

  it('documents that could not stand in a map', async () => {
    await routes.host('bad host\nshow env', 'env_shop');
    await routes.address('env_bad', 'not an address');
    await haproxy.start();
    await service.start();
    await routes.applied(await routes.host('good', 'env_shop'));
    expect(await seenAt('good')).toBe('one');
    expect(service.log.join('\n')).toContain('bad host');
  });
});

it('says when HAProxy runs with the configuration of other settings', async () => {
  await haproxy.start();
  await service.start();
  await service.ready();
  // the tests' HAProxy has shorter time limits than the service would write
  expect(JSON.parse((await service.status('/health/ready')).text).parts.configuration).toContain('restart HAProxy');
});

describe('requests for an environment that sleeps', () => {
  beforeEach(async () => {
    await routes.address('env_shop', null);
    await haproxy.start();
    await service.start();
    await routes.applied(4);
  });

  const wake = async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await routes.hint(await routes.address('env_shop', one.target));
  };

  it('wait until its address appears, with their bodies, and ask for a wake once', async () => {
    const body = Buffer.alloc(700_000, 'z');
    const waiting = [
      send(haproxy.port, { host: 'shop.localhost', path: '/parse/x?y=1', body, headers: { 'X-Custom': 'kept' } }),
      send(haproxy.port, { host: 'shop.localhost', body: [body.subarray(0, 100_000), body.subarray(100_000)] }),
      send(haproxy.port, { path: '/@shop/parse/health' }),
      send(haproxy.port, { host: 'shop.localhost', method: 'DELETE' }),
      send(haproxy.port, { host: 'shop.localhost', method: 'POST', headers: { 'Content-Length': '0' } }),
      send(haproxy.port, { host: 'shop.localhost', method: 'HEAD' }),
    ] as const;
    await eventually(async () => expect((await service.status('/metrics')).text).toMatch(/activator_waiting\{[^}]*\} 6/));
    const wakes = await routes.collections.db.collection<{ _id: string; at: Date }>('wake_requests').find().toArray();
    expect(wakes).toEqual([{ _id: 'env_shop', at: expect.any(Date) }]);
    await wake();
    const [posted, chunked, got, deleted, empty, head] = await Promise.all(waiting);
    expect(posted.seen).toMatchObject({
      url: '/parse/x?y=1',
      bodyBytes: 700_000,
      headers: { 'x-custom': 'kept', 'x-berth-environment': 'env_shop' },
    });
    expect(posted.headers['x-request-id']).toBe(posted.seen.headers['x-request-id']);
    expect(chunked.seen).toMatchObject({ bodyBytes: 700_000, sha256: posted.seen.sha256 });
    expect(got.seen).toMatchObject({ method: 'GET', url: '/parse/health' });
    expect(deleted.seen).toMatchObject({ method: 'DELETE', bodyBytes: 0 });
    expect(empty.seen).toMatchObject({ method: 'POST', bodyBytes: 0, headers: { 'content-length': '0' } });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it('may be WebSockets', async () => {
    const opening = openWebSocket(haproxy.port, 'shop.localhost', '/parse');
    await wake();
    const { socket, head } = await opening;
    expect(head).toMatch(/^HTTP\/1\.1 101/);
    expect(head).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    for (const text of ['first', 'second']) {
      socket.write(text);
      expect(String((await once(socket, 'data'))[0])).toBe(text);
    }
    socket.destroy();
  });

  it('may ask before they send', async () => {
    const heard = sendRaw(
      haproxy.port,
      'POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
      /HTTP\/1\.1 100/,
    );
    await wake();
    expect(await heard).toMatch(/^HTTP\/1\.1 100/);
  });

  it('have the same limits', async () => {
    await routes.policy('env_shop', { maxBodyBytes: 1000 });
    const tooLarge = send(haproxy.port, { host: 'shop.localhost', body: [Buffer.alloc(800), Buffer.alloc(800)] });
    await wake();
    const { status, json } = await tooLarge;
    expect([status, json.code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  it('leave when their client does, and when the service ends', async () => {
    const waiting = () => service.status('/metrics').then(({ text }) => /activator_waiting\{[^}]*\} (\d+)/.exec(text)?.[1]);
    const leaving = connect(haproxy.port, '127.0.0.1');
    leaving.write('GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n');
    await eventually(async () => expect(await waiting()).toBe('1'));
    leaving.destroy();
    await eventually(async () => expect(await waiting()).toBe('0'));
    const staying = send(haproxy.port, { host: 'shop.localhost' });
    await eventually(async () => expect(await waiting()).toBe('1'));
    expect(await service.kill('SIGTERM')).toBe(0);
    expect((await staying).json.code).toBe('APP_STARTING');
    const { status, json } = await send(haproxy.port, { host: 'shop.localhost' });
    expect([status, json.code]).toEqual([503, 'APP_STARTING']);
  });
});
