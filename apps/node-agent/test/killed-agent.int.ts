import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RuntimeDocument } from '@berth/contracts/documents/runtime';
import { AgentProgram } from './agent-process';
import { freePort } from './free-port';
import { eventually, isSettled, TestNode } from './test-node';

jest.setTimeout(180_000);

describe('an agent that is killed', () => {
  let node: TestNode;
  let program: AgentProgram;
  let environment: Record<string, string>;

  beforeAll(async () => {
    node = await new TestNode().prepare();
    program = new AgentProgram();
    environment = node.environment({ BERTH_AGENT_PORT: String(await freePort()) });
  });
  afterAll(async () => {
    await program.close();
    await node.close();
  });

  const hasWorked = (agent: ChildProcess) => {
    const began = new Date();
    return eventually(
      () => node.collections.nodes.findOne({ _id: node.nodeId }),
      (record) => record !== null && record.heartbeatAt >= began && record.lease.owner.includes(`/${agent.pid}/`),
    );
  };
  const startAgent = async () => {
    const agent = program.start(environment);
    await hasWorked(agent);
    return agent;
  };

  /** Everything there is belongs to a record, and nothing is half made. */
  const expectNothingLeaked = async () => {
    const rows = await node.collections.runtimes.find({}).toArray();
    const withContainer = rows.filter((row) => row.observed.state !== 'deleted').map((row) => row._id);
    expect((await node.driver.list()).map((entry) => entry.runtimeId).sort()).toEqual(withContainer.sort());
    const withVolume = rows.filter((row) => row.observed.state !== 'deleted' || !row.purge).map((row) => row._id);
    expect(node.volumeNames()).toEqual(withVolume.sort());
    for (const row of rows) {
      const target = (await node.route(row.environmentId))?.target ?? null;
      expect(target).toBe(row.observed.state === 'running' ? `${row.observed.address}/1337` : null);
    }
  };

  const isIn = (step: string) => (row: RuntimeDocument) => {
    const last = row.observed.steps.at(-1);
    return last?.name === step && last.finishedAt === null;
  };

  it.each(['volume', 'container', 'boot', 'configure'])('during the step %s: the next one makes it run', async (step) => {
    const agent = await startAgent();
    const { _id: id } = await node.insert();
    node.hints.send({ kind: 'runtime', id, nodeId: node.nodeId });
    for (let row = await node.row(id); !isIn(step)(row) && row.observed.state !== 'running'; row = await node.row(id));
    await program.kill(agent, 'SIGKILL');
    const next = await startAgent();
    await node.untilRunning(id);
    await expectNothingLeaked();
    await program.kill(next, 'SIGTERM');
  });

  it.each([5, 40, 120, 250, 400])('%i ms after it took up work, with several at once', async (ms) => {
    const agent = await startAgent();
    const rows = [await node.insert(), await node.insert()];
    for (const { _id: id } of rows) node.hints.send({ kind: 'runtime', id, nodeId: node.nodeId });
    await sleep(ms);
    await program.kill(agent, 'SIGKILL');
    const next = await startAgent();
    for (const row of rows) await node.untilRunning(row._id);
    await expectNothingLeaked();
    await program.kill(next, 'SIGTERM');
  });

  it.each([20, 150, 400])('%i ms into deleting with purge: the next one leaves nothing', async (ms) => {
    const agent = await startAgent();
    const { _id: id } = await node.insert();
    await node.untilRunning(id);
    await node.change(id, { 'desired.power': 'deleted', purge: { approvedAt: new Date(), approvedBy: 'acc_1' } });
    await sleep(ms);
    await program.kill(agent, 'SIGKILL');
    const next = await startAgent();
    await node.until(id, (row) => isSettled(row) && row.observed.state === 'deleted');
    await expectNothingLeaked();
    await program.kill(next, 'SIGTERM');
  });

  it('leaves the runtimes serving when it is asked to end, and takes them over as they are', async () => {
    const agent = await startAgent();
    const { _id: id } = await node.insert();
    const before = await node.untilRunning(id);
    const startedAt = (await node.driver.inspect(id))?.startedAt;
    await program.kill(agent, 'SIGTERM');
    expect(agent.exitCode).toBe(0);
    expect((await fetch(`http://${before.observed.address}:1337/`)).status).toBe(200);
    const next = await startAgent();
    await node.change(id, { 'size.pids': 64 });
    const after = await node.until(id, isSettled);
    expect((await node.driver.inspect(id))?.startedAt).toEqual(startedAt);
    expect(after.observed.containerId).toBe(before.observed.containerId);
    await program.kill(next, 'SIGTERM');
  });
});
