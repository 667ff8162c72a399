import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { JobHandlers } from '@berth/jobs/job-handlers';
import { JobQueue } from '@berth/jobs/job-queue';
import { JobRunner } from '@berth/jobs/job-runner';
import { createLogger } from '@berth/observability/logger';
import { testSettings } from '@berth/testing/test-settings';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { askForApp, expectEnd, makeApp, testImage } from '../test/make-app';
import { bearer, type Person, signUp } from '../test/people';
import { PlayAgent } from '../test/play-agent';
import { startApi, type TestApi } from '../test/start-api';
import { OperationSweeper } from './operations/operation-sweeper';
import { workerModule } from './worker.module';

// For a machine that has other work, too.
jest.setTimeout(60_000);

let api: TestApi;
let agent: PlayAgent;
let ada: Person;
let redis: OwnRedis;
let worker: INestApplicationContext;
beforeAll(async () => {
  redis = new OwnRedis(await freePort());
  api = await startApi({ BERTH_RUNTIME_IMAGE: testImage, REDIS_URL: redis.url });
  agent = await new PlayAgent(api.db).open();
  ada = await signUp(api, 'ada@example.com');
  const settings = testSettings({ BERTH_HOME: api.home.path, MONGODB_URL: api.database.url, REDIS_URL: redis.url });
  worker = await NestFactory.createApplicationContext(workerModule(settings, createLogger('worker', 'silent')), {
    logger: false,
    abortOnError: false,
  });
  worker.get(OperationSweeper).start();
  worker.get(JobRunner).start();
});
afterAll(async () => {
  await worker?.get(JobRunner).close();
  await worker?.close();
  agent?.close();
  await api?.close();
  await redis?.stop();
});

describe('the worker', () => {
  it('ends operations that nobody looks at, without Redis', async () => {
    expect(worker.get(JobRunner).ready).toBe(false);
    const { operation, environmentId } = await askForApp(api, ada, { name: 'Unwatched' });
    await agent.obeyAll([environmentId]);
    await until(async () => (await stored(operation.id))?.state === 'succeeded');
    expect(worker.get(OperationSweeper).lastSweep).not.toBeNull();
  });

  it('goes on with the others when one operation cannot be advanced', async () => {
    const broken = await askForApp(api, ada, { name: 'Broken' });
    await api.db
      .collection<{ _id: string }>('operations')
      .updateOne({ _id: broken.operation.id }, { $set: { kind: 'unheard-of', createdAt: new Date(0) } });
    const sound = await askForApp(api, ada, { name: 'Sound' });
    await agent.obeyAll([sound.environmentId]);
    await until(async () => (await stored(sound.operation.id))?.state === 'succeeded');
    await api.db.collection<{ _id: string }>('operations').deleteOne({ _id: broken.operation.id });
  });

  it('runs its jobs by the clock as soon as Redis is there: an app whose days are over goes', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Due' });
    const trashed = await api.http.delete('/v1/apps/due').set(bearer(ada)).expect(202);
    await agent.obeyAll([app.environmentId]);
    await expectEnd(api, ada, trashed.body.operation.id, 'succeeded');
    await api.db.collection<{ _id: string }>('apps').updateOne({ _id: app.id }, { $set: { purgeAt: new Date(0) } });
    await redis.start();
    await until(async () => (await agent.runtimeOf(app.environmentId)).purge !== null);
    await agent.obeyAll([app.environmentId]);
    await until(async () => (await api.http.get('/v1/apps/due').set(bearer(ada))).status === 404);
  });

  it('does the same job once when it is asked for many times', async () => {
    const runner = worker.get(JobRunner);
    await until(async () => runner.ready);
    const queue = worker.get(JobQueue);
    const seen: string[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const spy = jest.spyOn(worker.get(JobHandlers), 'run').mockImplementation(async (name, payload) => {
      if (name !== 'app.purge') return;
      seen.push((payload as { appId: string }).appId);
      await released;
    });
    // Both hands full, so that what comes now waits.
    await Promise.all([queue.add('app.purge', { appId: 'busy-1' }), queue.add('app.purge', { appId: 'busy-2' })]);
    await until(async () => seen.length === 2);
    for (let round = 0; round < 5; round++) await queue.add('app.purge', { appId: 'app_1' });
    await queue.add('app.purge', { appId: 'last' });
    release();
    await until(async () => seen.includes('last'));
    expect(seen.sort()).toEqual(['app_1', 'busy-1', 'busy-2', 'last']);
    spy.mockRestore();
  });

  it('has its jobs by the clock again when Redis lost everything', async () => {
    await redis.stop();
    await until(async () => !worker.get(JobRunner).ready);
    await redis.start();
    const spy = jest.spyOn(worker.get(JobHandlers), 'run');
    await until(async () => spy.mock.calls.some(([name]) => name === 'apps.repair'));
    spy.mockRestore();
  });
});

async function stored(id: string) {
  return api.db.collection<{ _id: string; state: string }>('operations').findOne({ _id: id });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** A Redis of one's own that can be away, and that keeps nothing. */
class OwnRedis {
  private process: ChildProcess | undefined;

  constructor(private readonly port: number) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.process = spawn('redis-server', options, { stdio: 'ignore' });
    await new Promise((resolve) => this.process?.once('spawn', resolve));
  }

  async stop(): Promise<void> {
    const running = this.process;
    this.process = undefined;
    if (!running) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  }
}
