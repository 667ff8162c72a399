import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

type Status = {
  phase: string;
  parts: { name: string; state: string; pid: number; restarts: number; shortLives: number; lastEnd?: string }[];
};
type StandIn = { name: string; port: number; version?: number; args?: string[] };

jest.setTimeout(60_000);

const names = ['mongodb', 'redis', 'api', 'node-agent', 'worker', 'gateway', 'haproxy'];

describe('the supervisor, over stand-ins', () => {
  let client: typeof import('./control-client.mjs');
  let freePorts: typeof import('../testing/free-ports.mjs').freePorts;
  let folder: string;
  let socket: string;
  let groups: StandIn[][];
  let supervisor: ChildProcess;

  beforeAll(async () => {
    client = await import('./control-client.mjs');
    ({ freePorts } = await import('../testing/free-ports.mjs'));
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'berth-supervisor-'));
    socket = join(folder, 'control.sock');
    const ports = await freePorts(names);
    const group = (...members: string[]) => members.map((name) => ({ name, port: ports[name] ?? 0 }));
    groups = [group('mongodb', 'redis'), group('api'), group('node-agent', 'worker', 'gateway'), group('haproxy')];
  });

  afterEach(async () => {
    if (await client.supervisorStatus(socket)) await client.askToStop(socket, () => {});
    rmSync(folder, { recursive: true, force: true });
  });

  function launch(): void {
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ folder, groups }));
    const script = join(__dirname, 'testing/stand-in-supervisor.mjs');
    supervisor = spawn(process.execPath, [script, join(folder, 'config.json')], { stdio: 'inherit' });
  }

  async function status(): Promise<Status | undefined> {
    return (await client.supervisorStatus(socket)) as Status | undefined;
  }

  async function until(condition: (status: Status) => boolean): Promise<Status> {
    for (;;) {
      const now = await status();
      if (now && condition(now)) return now;
      await sleep(20);
    }
  }

  const allReady = ({ phase, parts }: Status) => phase === 'running' && parts.every(({ state }) => state === 'ready');
  const pidOf = (now: Status, name: string) => now.parts.find((part) => part.name === name)?.pid ?? 0;
  const logged = () => readFileSync(join(folder, 'supervisor.log'), 'utf8');

  it('starts the parts group by group, each ready before the next group', async () => {
    launch();
    await until(allReady);
    const ready = [...logged().matchAll(/"msg":"(\S+) is ready"/g)].map(([, name]) => name);
    expect(ready.slice(0, 2).sort()).toEqual(['mongodb', 'redis']);
    expect(ready[2]).toBe('api');
    expect(ready.slice(3, 6).sort()).toEqual(['gateway', 'node-agent', 'worker']);
    expect(ready[6]).toBe('haproxy');
  });

  it('brings each part back that is killed, and leaves the others alone', async () => {
    launch();
    let before = await until(allReady);
    for (const name of names) {
      process.kill(pidOf(before, name), 'SIGKILL');
      const after = await until((now) => allReady(now) && pidOf(now, name) !== pidOf(before, name));
      for (const other of names) if (other !== name) expect([other, pidOf(after, other)]).toEqual([other, pidOf(before, other)]);
      expect(after.parts.find((part) => part.name === name)).toMatchObject({ restarts: 1, lastEnd: 'killed by SIGKILL' });
      before = after;
    }
  });

  it('kills a part that no longer answers, and starts it again', async () => {
    launch();
    const before = await until(allReady);
    process.kill(pidOf(before, 'worker'), 'SIGSTOP');
    const after = await until((now) => allReady(now) && pidOf(now, 'worker') !== pidOf(before, 'worker'));
    expect(pidOf(after, 'api')).toBe(pidOf(before, 'api'));
    expect(logged()).toContain('worker has not answered for');
  });

  it('leaves everything serving when it is killed; the next one adopts all', async () => {
    launch();
    const before = await until(allReady);
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    launch();
    const after = await until(allReady);
    for (const name of names) expect([name, pidOf(after, name)]).toEqual([name, pidOf(before, name)]);
    process.kill(pidOf(after, 'api'), 'SIGKILL');
    await until((now) => allReady(now) && pidOf(now, 'api') !== pidOf(before, 'api'));
  });

  it('replaces what runs in another version, and adopts the rest, after a handover', async () => {
    launch();
    const before = await until(allReady);
    await client.askToHandOver(socket);
    expect(await once(supervisor, 'exit')).toEqual([75, null]);
    groups = groups.map((group) => group.map((part) => (['api', 'worker'].includes(part.name) ? { ...part, version: 2 } : part)));
    launch();
    const after = await until(allReady);
    const replaced = names.filter((name) => pidOf(after, name) !== pidOf(before, name));
    expect(replaced).toEqual(['api', 'worker']);
  });

  it('stops in order: gateway closed, runtimes, then the parts, the databases last', async () => {
    launch();
    await until(allReady);
    const told: string[] = [];
    await client.askToStop(socket, (message) => told.push(message));
    const order = readFileSync(join(folder, 'order'), 'utf8').trim().split('\n');
    const expected = ['gateway', 'node-agent', 'worker', 'api', 'haproxy', 'redis', 'mongodb'].map((name) => `${name} SIGTERM`);
    expect(order).toEqual(['haproxy SIGUSR1', 'runtimes', ...expected]);
    expect(told).toEqual(
      expect.arrayContaining(['gateway: takes no new requests', 'runtimes: stopped', expect.stringMatching(/^mongodb: stopped/)]),
    );
  });

  it('kills a part that does not end when it is told to', async () => {
    launch();
    const before = await until(allReady);
    process.kill(pidOf(before, 'redis'), 'SIGSTOP');
    await client.askToStop(socket, () => {});
    expect(() => process.kill(pidOf(before, 'redis'), 0)).toThrow('ESRCH');
  });

  it('says how often a part has ended that does not come up, and can be stopped meanwhile', async () => {
    groups = [[{ name: 'api', port: 1, args: ['-e', 'process.exit(3)'] }], groups[3] ?? []];
    launch();
    const now = await until(({ parts }) => (parts[0]?.shortLives ?? 0) >= 3);
    expect(now).toMatchObject({
      phase: 'starting',
      parts: [
        { name: 'api', lastEnd: 'exit code 3' },
        { name: 'haproxy', state: 'stopped' },
      ],
    });
    await client.askToStop(socket, () => {});
  });

  it('does not take a process for its own that got the number of one', async () => {
    launch();
    const before = await until(allReady);
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    const pidFile = join(folder, 'api.pid');
    process.kill(pidOf(before, 'api'), 'SIGKILL');
    const bystander = spawn('sleep', ['60']);
    writeFileSync(pidFile, JSON.stringify({ ...JSON.parse(readFileSync(pidFile, 'utf8')), pid: bystander.pid }));
    launch();
    const after = await until(allReady);
    expect(pidOf(after, 'api')).not.toBe(bystander.pid);
    await client.askToStop(socket, () => {});
    expect(bystander.exitCode).toBeNull();
    bystander.kill();
  });
});
