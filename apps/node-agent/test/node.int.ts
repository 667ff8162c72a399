import { mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { NodeDocument } from '@berth/contracts/documents/runtime';
import { newId } from '@berth/contracts/ids';
import { CuttableProxy } from './cuttable-proxy';
import { freePort } from './free-port';
import { eventually, isSettled, TestNode } from './test-node';

jest.setTimeout(120_000);

/** One call on the agent's socket; the body's last line as JSON. */
async function call(home: string, method: string, path: string, body?: string) {
  return new Promise<{ status: number; lines: Record<string, unknown>[] }>((resolve, reject) => {
    const outgoing = request({ socketPath: join(home, 'run', 'agent.sock'), method, path, agent: false }, (answer) => {
      text(answer).then((whole) => {
        const lines = whole.trim().split('\n');
        resolve({ status: answer.statusCode ?? 0, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) });
      }, reject);
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

describe('a node', () => {
  let node: TestNode;

  beforeEach(async () => {
    node = await new TestNode().prepare();
  });
  afterEach(() => node.close());

  const record = () => node.collections.nodes.findOne({ _id: node.nodeId });
  const inventory = async () => (await call(node.home, 'GET', '/inventory')).lines[0] ?? {};
  /** A container and a volume as an agent makes them, without a record. */
  const makeOrphan = async (changes: { running?: boolean } = {}) => {
    const runtimeId = newId('runtime');
    await node.volumes.create(runtimeId);
    const { subnet } = await node.network.ensureNetwork('10.223.255.0/24');
    const folders = node.volumes.folders(runtimeId);
    const last = 100 + (await node.driver.list()).length;
    const id = await node.driver.create({
      runtimeId,
      image: node.image,
      size: { memoryMb: 64, cpus: 0.5, pids: 64, diskMb: 100 },
      address: subnet.replace(/\d+\/\d+$/, String(last)),
      dataFolder: folders.data,
      adminFolder: folders.admin,
    });
    if (changes.running) await node.driver.start(id);
    return runtimeId;
  };

  it('tells about itself in its record', async () => {
    await node.agent({ BERTH_NODE_NAME: 'node-one', BERTH_RUNTIME_IMAGE: node.image }).started;
    expect(await record()).toMatchObject({
      name: 'node-one',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      engine: { version: expect.any(String), cgroup: expect.any(Number), storageDriver: expect.any(String) },
      refusing: null,
      capacity: { memoryMb: expect.any(Number), cpus: expect.any(Number), diskFreeMb: expect.any(Number) },
      quarantine: [],
    });
  });

  it('refuses new runtimes while its image is missing, and takes them again by itself', async () => {
    const image = `berth/test-${node.installation}:2`;
    await node.agent({ BERTH_RUNTIME_IMAGE: image }).started;
    expect((await record())?.refusing).toMatchObject({ code: 'IMAGE_MISSING' });
    await node.calls.docker.getImage(node.image).tag({ repo: image.replace(':2', ''), tag: '2' });
    await eventually(record, (found) => found?.refusing === null);
    await node.calls.docker.getImage(image).remove();
  });

  it('removes containers without a record, keeps and reports their data, and touches no other installation', async () => {
    const others = await new TestNode().prepare();
    try {
      await others.agent().started;
      const foreign = await others.insert();
      await others.untilRunning(foreign._id);
      const orphans = [await makeOrphan({ running: true }), await makeOrphan()];
      const { _id: kept } = await node.insert();
      await node.agent().started;
      await node.untilRunning(kept);
      await eventually(
        async () => (await node.driver.list()).map((entry) => entry.runtimeId),
        (ids) => ids.join() === kept,
      );
      expect(node.volumeNames()).toEqual([...orphans, kept].sort());
      const { quarantine } = await eventually(
        async () => (await record()) as NodeDocument,
        (found) => found.quarantine.length === 2,
      );
      expect(quarantine.map((entry) => entry.name).sort()).toEqual(orphans.sort());
      expect(quarantine[0]).toMatchObject({ kind: 'volume', foundAt: expect.any(Date), reason: expect.any(String) });
      expect(await others.driver.inspect(foreign._id)).toMatchObject({ phase: 'running' });
    } finally {
      await others.close();
    }
  });

  it('removes nothing when suddenly many have no record, and says so', async () => {
    const orphans = [];
    for (let made = 0; made < 4; made++) orphans.push(await makeOrphan());
    await node.agent().started;
    const report = await inventory();
    expect(report).toMatchObject({ halted: expect.stringContaining('4 of 4'), removed: [] });
    expect((await node.driver.list()).map((entry) => entry.runtimeId).sort()).toEqual(orphans.sort());
    expect((await record())?.quarantine.filter((entry) => entry.kind === 'container')).toHaveLength(4);
  });

  it('lets one agent work at a time; the next one takes over when it ends', async () => {
    const first = node.agent();
    await first.started;
    const second = node.agent();
    let hasSecond = false;
    void second.started.then(() => {
      hasSecond = true;
    });
    const { _id: id } = await node.insert();
    await node.untilRunning(id);
    expect(hasSecond).toBe(false);
    const port = await freePort();
    await second.status.listen(port, '127.0.0.1');
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ parts: { lease: expect.stringContaining('another agent'), mongodb: 'ok' } });
    await first.stop();
    await second.started;
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    await second.status.close();
    await node.change(id, { 'desired.power': 'stopped' });
    await node.until(id, (row) => isSettled(row) && row.observed.state === 'stopped');
  });

  it('stops acting as soon as another agent has the lease', async () => {
    await node.agent().started;
    const lease = { owner: 'another/machine/1/1/x', expiresAt: new Date(Date.now() + 60_000) };
    await node.collections.nodes.updateOne({ _id: node.nodeId }, { $set: { lease } });
    await eventually(
      async () => node.leasesLost,
      (lost) => lost > 0,
    );
    const { _id: id } = await node.insert();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await node.row(id)).observed.state).toBe('requested');
    expect((await record())?.lease.owner).toBe(lease.owner);
  });

  it('says that Docker is away, and goes on by itself when it is back', async () => {
    const socket = join(node.home, 'docker.sock');
    await node.agent({ BERTH_DOCKER_SOCKET: socket }).started;
    const { _id: id } = await node.insert();
    const away = await node.until(id, (row) => row.observed.reason !== null);
    expect(away.observed.reason?.code).toBe('ENGINE_UNAVAILABLE');
    expect((await record())?.refusing?.code).toBe('ENGINE_UNAVAILABLE');
    expect((await record())?.engine).toBeNull();
    symlinkSync('/var/run/docker.sock', socket);
    await node.untilRunning(id);
    await eventually(record, (found) => found?.refusing === null && found.engine !== null);

    // Away again: what runs is left as it is.
    rmSync(socket);
    await eventually(record, (found) => found?.refusing?.code === 'ENGINE_UNAVAILABLE');
    const { observed } = await node.row(id);
    expect(observed.state).toBe('running');
    expect((await fetch(`http://${observed.address}:1337/`)).status).toBe(200);
  });

  it('goes on by itself after MongoDB and Redis were away', async () => {
    const mongoUrl = new URL(node.environment().MONGODB_URL ?? '');
    const redisUrl = new URL(node.environment().REDIS_URL ?? '');
    const mongo = await new CuttableProxy({ host: mongoUrl.hostname, port: Number(mongoUrl.port) }).open();
    const redis = await new CuttableProxy({ host: redisUrl.hostname, port: Number(redisUrl.port || 6379) }).open();
    mongoUrl.port = String(mongo.port);
    redisUrl.port = String(redis.port);
    try {
      await node.agent({ MONGODB_URL: mongoUrl.href, REDIS_URL: redisUrl.href }).started;
      const before = await node.insert();
      const { observed } = await node.untilRunning(before._id);
      await mongo.cut();
      await redis.cut();
      const meanwhile = await node.insert();
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect((await fetch(`http://${observed.address}:1337/`)).status).toBe(200);
      expect((await node.row(meanwhile._id)).observed.state).toBe('requested');
      await mongo.open();
      await redis.open();
      await node.untilRunning(meanwhile._id);
      expect((await node.row(before._id)).observed.containerId).toBe(observed.containerId);
    } finally {
      await node.agents[0]?.stop();
      node.agents.length = 0;
      await mongo.cut();
      await redis.cut();
    }
  });

  it('brings back what ended while MongoDB was away', async () => {
    const url = new URL(node.environment().MONGODB_URL ?? '');
    const mongo = await new CuttableProxy({ host: url.hostname, port: Number(url.port) }).open();
    url.port = String(mongo.port);
    try {
      await node.agent({ MONGODB_URL: url.href }).started;
      const { _id: id } = await node.insert();
      const { observed } = await node.untilRunning(id);
      await mongo.cut();
      await node.calls.docker.getContainer(observed.containerId ?? '').kill({ signal: 'SIGKILL' });
      await eventually(
        () => node.driver.inspect(id),
        (container) => container?.phase === 'exited',
      );
      await mongo.open();
      const back = await node.until(id, (row) => isSettled(row) && row.observed.attempts === 1);
      expect(back.observed.state).toBe('running');
    } finally {
      await node.agents[0]?.stop();
      node.agents.length = 0;
      await mongo.cut();
    }
  });

  it('finds everything again after all containers ended, as after the machine was started again', async () => {
    const agent = node.agent();
    await agent.started;
    const rows = await Promise.all([node.insert(), node.insert(), node.insert()]);
    for (const row of rows) await node.untilRunning(row._id);
    await agent.stop();
    const [first, second, third] = await node.driver.list();
    await node.driver.stop(first?.id ?? '', 5);
    await node.driver.stop(second?.id ?? '', 5);
    await node.driver.remove(third?.id ?? '');
    await node.agent().started;
    for (const row of rows) {
      const { observed } = await node.until(row._id, (now) => isSettled(now) && now.observed.attempts === 1);
      expect(observed.state).toBe('running');
      expect((await node.route(row.environmentId))?.target).toBe(`${observed.address}/1337`);
    }
  });

  describe('over its socket', () => {
    it('opens to root alone', async () => {
      await node.agent().started;
      expect(statSync(join(node.home, 'run', 'agent.sock')).mode & 0o777).toBe(0o600);
    });

    it('stops the runtimes and leaves them so; the next agent finds all of them again', async () => {
      const agent = node.agent();
      await agent.started;
      const rows = await Promise.all([node.insert(), node.insert(), node.insert()]);
      for (const row of rows) await node.untilRunning(row._id);
      const { status, lines } = await call(node.home, 'POST', '/stop-runtimes');
      expect(status).toBe(200);
      expect(lines[0]).toEqual({ total: 3, stopped: 0, failed: 0 });
      expect(lines.at(-1)).toEqual({ total: 3, stopped: 3, failed: 0, done: true });
      expect((await node.driver.list()).map((entry) => entry.phase)).toEqual(['exited', 'exited', 'exited']);
      const row = await node.row(rows[0]?._id ?? '');
      expect(row).toMatchObject({ desired: { power: 'running' }, observed: { state: 'stopped', address: null } });
      expect((await node.route(row.environmentId))?.target).toBeNull();
      await agent.stop();
      await node.agent().started;
      for (const each of rows) await node.untilRunning(each._id);
    });

    it('shows inventory, status, logs and usage, and passes calls on to a runtime', async () => {
      await node.agent().started;
      const { _id: id, environmentId } = await node.insert();
      await node.untilRunning(id);
      expect(await inventory()).toMatchObject({
        containers: 1,
        volumes: 1,
        halted: null,
        network: { subnet: expect.stringMatching(/^10\./), mtu: expect.any(Number) },
      });
      expect((await call(node.home, 'GET', `/runtimes/${id}/status`)).lines[0]).toMatchObject({
        observed: { state: 'running' },
        container: { phase: 'running' },
        volume: true,
        runtime: { generation: 1, environmentId },
      });
      const { lines } = (await call(node.home, 'GET', `/runtimes/${id}/logs?lines=5`)).lines[0] as { lines: string[] };
      expect(lines.join()).toContain(id);
      expect((await call(node.home, 'GET', `/runtimes/${id}/usage`)).lines[0]).toMatchObject({
        volume: { bytes: expect.any(Number) },
      });
      expect(await call(node.home, 'GET', `/runtimes/${id}/admin/status`)).toMatchObject({
        status: 200,
        lines: [{ generation: 1 }],
      });
      const stale = await call(node.home, 'PUT', `/runtimes/${id}/admin/config`, JSON.stringify({ generation: 0 }));
      expect(stale).toMatchObject({ status: 409, lines: [{ code: 'STALE_GENERATION' }] });
    });

    it.each([
      ['GET', '/nothing', 404],
      ['GET', '/stop-runtimes', 404],
      ['GET', '/runtimes/..%2f..%2fetc/status', 404],
      ['GET', '/runtimes/rt_1/logs', 404],
      ['DELETE', `/runtimes/${newId('runtime')}/status`, 404],
      ['GET', `/runtimes/${newId('runtime')}/admin/status`, 503],
    ])('answers %s %s with %i', async (method, path, status) => {
      await node.agent().started;
      const answer = await call(node.home, method, path);
      expect(answer.status).toBe(status);
      expect(answer.lines[0]).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    });
  });

  it('takes up what a killed agent left half made or half removed', async () => {
    const id = newId('runtime');
    for (const name of [`making-${id}-00112233`, `removing-${id}-00112233`]) mkdirSync(join(node.home, 'runtimes', name));
    await node.agent().started;
    expect(node.volumeNames()).toEqual([]);
  });
});
