import { rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '@berth/contracts/ids';
import { eventually, isSettled, TestNode } from './test-node';

jest.setTimeout(120_000);

describe('a runtime’s life', () => {
  let node: TestNode;

  beforeAll(async () => {
    node = await new TestNode().prepare();
    await node.agent().started;
  });
  afterAll(() => node.close());

  const make = async (changes: Parameters<TestNode['insert']>[0] = {}) => {
    const row = await node.insert(changes);
    node.hints.send({ kind: 'runtime', id: row._id, nodeId: node.nodeId });
    return node.untilRunning(row._id);
  };
  const settledAs = (id: string, state: string) => node.until(id, (row) => isSettled(row) && row.observed.state === state);
  const ask = async (address: string | null, environmentId: string | null) => {
    const answer = await fetch(`http://${address}:1337/`, { headers: { 'x-berth-environment': environmentId ?? '' } });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  /** Makes a runtime whose stand-in fails from the beginning. */
  const makeFaulty = async (fault: string) => {
    const id = newId('runtime');
    await node.volumes.create(id);
    await node.setFault(id, fault);
    return node.insert({ _id: id });
  };

  it('goes from requested to running, with its route and its steps', async () => {
    const { _id: id, environmentId, observed } = await make();
    expect(observed).toMatchObject({ configGeneration: 1, reason: null, attempts: 0, deadline: null, image: node.image });
    expect(observed.steps.map((step) => step.name)).toEqual(['volume', 'container', 'boot', 'configure']);
    for (const step of observed.steps) expect(step.finishedAt).toBeInstanceOf(Date);
    const route = { runtimeId: id, nodeId: node.nodeId, target: `${observed.address}/1337`, deletedAt: null };
    expect(await node.route(environmentId)).toMatchObject(route);
    expect(await ask(observed.address, environmentId)).toEqual({ status: 200, body: { runtime: id, generation: 1 } });
  });

  it('is made warm without a route, and gets one when it is claimed, without a restart', async () => {
    const warm = await make({ environmentId: null });
    expect(await node.collections.routeAddresses.countDocuments({ runtimeId: warm._id })).toBe(0);
    const environmentId = newId('environment');
    const sealed = node.seal(warm._id, 2, environmentId);
    await node.change(warm._id, { environmentId, 'config.generation': 2, 'config.sealed': sealed });
    const claimed = await node.until(warm._id, (row) => isSettled(row) && row.observed.configGeneration === 2);
    expect(claimed.observed).toMatchObject({ containerId: warm.observed.containerId, address: warm.observed.address });
    expect(claimed.observed.since).toEqual(warm.observed.since);
    expect(await node.route(environmentId)).toMatchObject({ target: `${warm.observed.address}/1337` });
    expect((await ask(warm.observed.address, environmentId)).body.generation).toBe(2);
  });

  it('keeps serving the older configuration when a newer one is refused, and says why', async () => {
    const { _id: id, environmentId, observed } = await make();
    await node.setFault(id, 'refuse-config');
    const seal = (generation: number) => ({
      'config.generation': generation,
      'config.sealed': node.seal(id, generation, environmentId),
    });
    await node.change(id, seal(2));
    const refused = await node.until(id, (row) => isSettled(row) && row.observed.reason !== null);
    expect(refused.observed).toMatchObject({ state: 'running', configGeneration: 1 });
    expect(refused.observed.reason).toMatchObject({
      code: 'RUNTIME_CONFIG_REFUSED',
      message: expect.stringContaining('told to refuse'),
    });
    expect(await node.route(environmentId)).toMatchObject({ target: `${observed.address}/1337` });
    expect(await ask(observed.address, environmentId)).toMatchObject({ status: 200, body: { generation: 1 } });

    await node.setFault(id, null);
    await node.change(id, seal(3));
    const applied = await node.until(id, (row) => isSettled(row) && row.observed.configGeneration === 3);
    expect(applied.observed).toMatchObject({ state: 'running', reason: null });
  });

  it('refuses a first configuration that it cannot open, and leaves no container behind', async () => {
    const row = await node.insert({ config: { generation: 1, sealed: node.seal('rt_other', 1, null) } });
    const { observed } = await node.until(row._id, ({ observed }) => observed.state === 'failed');
    expect(observed.reason?.code).toBe('RUNTIME_CONFIG_REFUSED');
    expect(await node.driver.inspect(row._id)).toBeNull();
    await node.change(row._id, { 'desired.power': 'deleted', purge: { approvedAt: new Date(), approvedBy: 'acc_1' } });
    await settledAs(row._id, 'deleted');
  });

  it('says so when the runtime has a later configuration than the record, after a restored backup', async () => {
    const { _id: id, environmentId } = await make({ generation: 5 });
    await node.change(id, {
      'config.generation': 3,
      'config.sealed': node.seal(id, 3, environmentId),
      'observed.configGeneration': 2,
    });
    const { observed } = await node.until(id, (row) => isSettled(row) && row.observed.reason !== null);
    expect(observed).toMatchObject({ state: 'running', reason: { message: expect.stringContaining('generation 5 is applied') } });
  });

  it('comes back by itself when its container is killed; the route is away meanwhile', async () => {
    const { _id: id, environmentId, observed } = await make();
    const targets: (string | null | undefined)[] = [];
    let isBack = false;
    const watching = (async () => {
      while (!isBack) targets.push((await node.route(environmentId))?.target);
    })();
    await node.calls.docker.getContainer(observed.containerId ?? '').kill({ signal: 'SIGKILL' });
    const back = await node.until(id, (row) => isSettled(row) && row.observed.attempts === 1);
    isBack = true;
    await watching;
    expect(back.observed).toMatchObject({
      state: 'running',
      reason: null,
      containerId: observed.containerId,
      configGeneration: 1,
    });
    expect(targets).toContain(null);
    expect(await node.route(environmentId)).toMatchObject({ target: `${back.observed.address}/1337` });
  });

  it('is made again on its volume when its container is removed', async () => {
    const { _id: id, environmentId, observed } = await make();
    await node.calls.docker.getContainer(observed.containerId ?? '').remove({ force: true });
    const back = await node.until(id, (row) => isSettled(row) && row.observed.containerId !== observed.containerId);
    expect(back.observed).toMatchObject({ state: 'running', configGeneration: 1 });
    expect((await ask(back.observed.address, environmentId)).status).toBe(200);
  });

  it('counts as failed when it ends again and again, and comes back once it no longer does', async () => {
    const { _id: id, observed } = await make();
    await node.setFault(id, 'exit-after=300');
    await node.calls.docker.getContainer(observed.containerId ?? '').kill({ signal: 'SIGKILL' });
    const failed = await node.until(id, (row) => row.observed.state === 'failed');
    expect(failed.observed.reason?.message).toContain('exit code 4');
    expect(failed.observed.attempts).toBeGreaterThan(3);
    expect(failed.reconcileAt).toBeInstanceOf(Date);
    await node.setFault(id, null);
    const back = await node.untilRunning(id);
    expect(back.observed.reason).toBeNull();
  });

  it('fails with its last words when it ends at once, leaves no container, and recovers when the cause is gone', async () => {
    const { _id: id } = await makeFaulty('exit');
    const { observed } = await node.until(id, (row) => row.observed.state === 'failed');
    expect(observed.reason).toMatchObject({
      code: 'RUNTIME_BOOT_FAILED',
      message: expect.stringContaining('exit code 3: told to exit'),
    });
    expect(await node.driver.inspect(id)).toBeNull();
    expect(node.volumeNames()).toContain(id);
    await node.setFault(id, null);
    await node.untilRunning(id);
  });

  it('fails while its image is missing, and runs as soon as it is there', async () => {
    const image = `berth/test-${node.installation}:1`;
    const { _id: id } = await node.insert({ image });
    const { observed } = await node.until(id, (row) => row.observed.state === 'failed');
    expect(observed.reason).toMatchObject({ code: 'IMAGE_MISSING', message: expect.stringContaining(image) });
    await node.calls.docker.getImage(node.image).tag({ repo: image.replace(':1', ''), tag: '1' });
    try {
      await node.untilRunning(id);
      await node.change(id, { 'desired.power': 'deleted' });
      await settledAs(id, 'deleted');
    } finally {
      await node.calls.docker.getImage(image).remove();
    }
  });

  it('stops, keeps its data and comes back in the same container', async () => {
    const { _id: id, environmentId, observed } = await make();
    await writeFile(join(node.volumePath(id), 'data', 'app', 'kept'), 'data');
    await node.change(id, { 'desired.power': 'stopped' });
    const stopped = await settledAs(id, 'stopped');
    expect(stopped.observed).toMatchObject({ address: null, reason: null, deadline: null });
    expect(await node.route(environmentId)).toMatchObject({ target: null, deletedAt: null });
    expect(await node.driver.inspect(id)).toMatchObject({ phase: 'exited' });

    await node.change(id, { 'desired.power': 'running' });
    const back = await node.untilRunning(id);
    expect(back.observed).toMatchObject({ containerId: observed.containerId, configGeneration: 1 });
    expect(back.observed.steps.map((step) => step.name)).toEqual(['container', 'boot']);
    expect(node.volumeNames()).toContain(id);
  });

  it('lies in the trash without power and comes out of it', async () => {
    const { _id: id, environmentId } = await make();
    await node.change(id, { 'desired.power': 'trashed' });
    await settledAs(id, 'trashed');
    expect(await node.route(environmentId)).toMatchObject({ target: null });
    await node.change(id, { 'desired.power': 'running' });
    await node.untilRunning(id);
  });

  it('is deleted without its data until a purge record is there', async () => {
    const { _id: id, environmentId } = await make();
    await node.change(id, { 'desired.power': 'deleted' });
    const deleted = await settledAs(id, 'deleted');
    expect(deleted.observed).toMatchObject({ containerId: null, address: null });
    expect(await node.driver.inspect(id)).toBeNull();
    expect(node.volumeNames()).toContain(id);
    expect(await node.route(environmentId)).toMatchObject({ target: null, deletedAt: expect.any(Date) });

    await node.collections.runtimes.updateOne(
      { _id: id },
      { $set: { purge: { approvedAt: new Date(), approvedBy: 'acc_1' }, reconcileAt: new Date() } },
    );
    await eventually(
      async () => node.volumeNames(),
      (names) => !names.some((name) => name.includes(id)),
    );
    await settledAs(id, 'deleted');
  });

  it('is removed with its data at once where a purge record is there', async () => {
    const { _id: id } = await make();
    await node.change(id, { 'desired.power': 'deleted', purge: { approvedAt: new Date(), approvedBy: 'acc_1' } });
    await settledAs(id, 'deleted');
    expect(node.volumeNames().filter((name) => name.includes(id))).toEqual([]);
    expect(await node.driver.inspect(id)).toBeNull();
  });

  it('is replaced on its volume when its size changes', async () => {
    const { _id: id, observed } = await make();
    await writeFile(join(node.volumePath(id), 'data', 'app', 'kept'), 'data');
    await node.change(id, { 'size.memoryMb': 96 });
    const replaced = await node.until(id, (row) => isSettled(row) && row.observed.containerId !== observed.containerId);
    expect(replaced.observed).toMatchObject({ state: 'running', configGeneration: 1 });
    expect((await node.driver.inspect(id))?.size.memoryMb).toBe(96);
    rmSync(join(node.volumePath(id), 'data', 'app', 'kept'));
  });

  it('never gets an empty volume in place of one that has vanished', async () => {
    const { _id: id, observed } = await make();
    const away = join(node.home, 'away');
    await rename(node.volumePath(id), away);
    await node.calls.docker.getContainer(observed.containerId ?? '').kill({ signal: 'SIGKILL' });
    const failed = await node.until(id, (row) => row.observed.state === 'failed');
    expect(failed.observed.reason?.message).toContain('its data is not on this machine');
    expect(node.volumeNames()).not.toContain(id);
    await rename(away, node.volumePath(id));
    await node.untilRunning(id);
  });

  it('runs where freezing is wanted, until the sleeping tiers come', async () => {
    const { _id: id } = await make();
    await node.change(id, { 'desired.power': 'frozen' });
    expect((await node.until(id, isSettled)).observed.state).toBe('running');
  });

  it('makes many side by side, each with an address of its own', async () => {
    const rows = await Promise.all(Array.from({ length: 6 }, () => node.insert()));
    const made = await Promise.all(rows.map((row) => node.untilRunning(row._id)));
    expect(new Set(made.map((row) => row.observed.address)).size).toBe(6);
  });

  it('neither keeps others from starting nor itself from being deleted while it does not become ready', async () => {
    const stuck = [await makeFaulty('never-ready'), await makeFaulty('never-ready')];
    for (const row of stuck) await node.until(row._id, ({ observed }) => observed.steps.at(-1)?.name === 'boot');
    const { _id: id } = await node.insert();
    await node.untilRunning(id);
    for (const row of stuck) {
      expect((await node.row(row._id)).observed.state).toBe('creating');
      await node.change(row._id, { 'desired.power': 'deleted', purge: { approvedAt: new Date(), approvedBy: 'acc_1' } });
    }
    for (const row of stuck) await settledAs(row._id, 'deleted');
  });

  it('costs nothing once it is settled', async () => {
    const { _id: id } = await make();
    expect(await node.collections.runtimes.countDocuments({ _id: id, reconcileAt: { $ne: null } })).toBe(0);
  });
});
