import { advanceLater, expectEnd, makeApp, noTraces, testImage, tracesOf } from '../../test/make-app';
import { bearer, type Person, signUp } from '../../test/people';
import { PlayAgent } from '../../test/play-agent';
import { startApi, type TestApi } from '../../test/start-api';
import { EnvironmentsRepository } from '../environments/environments.repository';
import { OperationsRepository } from '../operations/operations.repository';
import { RuntimesRepository } from '../placement/runtimes.repository';
import { RoutesRepository } from '../routing/routes.repository';
import { AppsRepository } from './apps.repository';
import { SlugsRepository } from './slugs.repository';
import { RepairApps } from './use-cases/repair-apps';

/**
 * A process that is killed does not do its next write, nor any after it. Here the write after the kill never returns, and the request that
 * waits for it is abandoned, as is the request of a killed process.
 */
// For a machine that has other work, too.
jest.setTimeout(60_000);

let api: TestApi;
let agent: PlayAgent;
let ada: Person;
beforeAll(async () => {
  api = await startApi({ BERTH_RUNTIME_IMAGE: testImage });
  agent = await new PlayAgent(api.db).open();
  ada = await signUp(api, 'ada@example.com');
});
afterAll(async () => {
  agent?.close();
  await api?.close();
});
afterEach(() => jest.restoreAllMocks());

/** The writes of a creation in their order: the process dies when it is about to do this one. */
const takenBack: [string, () => jest.SpyInstance][] = [
  ['the slug', () => die(SlugsRepository, 'reserve')],
  ['the environment', () => die(EnvironmentsRepository, 'insert')],
  ['the app', () => die(AppsRepository, 'insert')],
  ['the routes', () => die(RoutesRepository, 'addEnvironment')],
  ['the runtime', () => die(RuntimesRepository, 'insert')],
];

describe('a process that dies while it makes an app', () => {
  it.each(takenBack)('before it writes %s: all is taken back, and the same request works', async (name, arm) => {
    const slug = `kill-${name.replaceAll(' ', '-')}`;
    const operation = await dieWhileCreating(slug, arm);
    const ids = { id: String(operation.appId), environmentId: String(operation.environmentId) };

    const young = await advanceLater(api, operation._id, 6_000);
    expect(young).toMatchObject({ state: 'running' });
    const ended = await advanceLater(api, operation._id, 10_000);
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'OPERATION_INTERRUPTED' } });
    expect(await tracesOf(api, ids)).toEqual(noTraces);
    expect(await api.db.collection('runtimes').countDocuments({ environmentId: ids.environmentId })).toBe(0);
    const retried = await makeApp(api, agent, ada, { name: 'Again', slug });
    expect(retried.slug).toBe(slug);
  });

  it('after it has written the runtime: the app is completed', async () => {
    const operation = await dieWhileCreating('kill-after', () => die(OperationsRepository, 'find'));
    await agent.obeyAll([String(operation.environmentId)]);
    const ended = await advanceLater(api, operation._id, 6_000);
    expect(ended).toMatchObject({ state: 'succeeded' });
    const app = await api.http.get('/v1/apps/kill-after').set(bearer(ada)).expect(200);
    expect(app.body).toMatchObject({ id: operation.appId, state: 'running' });
  });
});

describe('a worker that dies while it ends a creation', () => {
  const consequences: [string, 'succeeded' | 'failed', () => jest.SpyInstance][] = [
    ['before the app is active', 'succeeded', () => die(AppsRepository, 'end')],
    ['before the operation has ended', 'succeeded', () => die(OperationsRepository, 'finish')],
    ['before the runtime is to go', 'failed', () => die(RuntimesRepository, 'change')],
    ['before the host is withdrawn', 'failed', () => die(RoutesRepository, 'setHosts')],
    ['before the environment is gone', 'failed', () => die(EnvironmentsRepository, 'removeOfApp')],
    ['before the slug is free', 'failed', () => die(SlugsRepository, 'release')],
    ['before the app is marked', 'failed', () => die(AppsRepository, 'end')],
    ['before the operation is failed', 'failed', () => die(OperationsRepository, 'finish')],
  ];

  it.each(consequences)('%s: another one finishes it as %s, whatever the facts say by then', async (name, state, arm) => {
    const slug = `end-${state}-${name.replaceAll(' ', '-')}`.slice(0, 40).replace(/-$/, '');
    const { body } = await api.http.post('/v1/apps').set(bearer(ada)).send({ name: 'End', slug }).expect(202);
    const environmentId = body.app.environments[0].id;
    if (state === 'succeeded') await agent.obeyAll([environmentId]);
    else await agent.fail(environmentId, { code: 'DISK_FULL', message: 'full' });
    const spy = arm();
    void advanceLater(api, body.operation.id, 0).catch(() => undefined);
    await reached(spy);
    jest.restoreAllMocks();

    // Meanwhile the facts turn to the contrary: the verdict stands.
    if (state === 'succeeded') await agent.fail(environmentId, { code: 'DISK_FULL', message: 'full' });
    else await agent.obeyAll([environmentId]);
    await expectEnd(api, ada, body.operation.id, state);
    const traces = await tracesOf(api, { id: body.app.id, environmentId });
    if (state === 'succeeded') expect(traces).toMatchObject({ apps: [body.app.id], slugs: [slug], liveHosts: [slug] });
    else expect(traces).toEqual({ ...noTraces, apps: [body.app.id] });
    const app = await api.http.get(`/v1/apps/${body.app.id}`).set(bearer(ada)).expect(200);
    expect(app.body.state).toBe('failed');
  });
});

describe('a process that stands still for longer than anybody waits', () => {
  it('takes back what it wrote after it was given up', async () => {
    const spy = hold(RuntimesRepository, 'insert');
    const answer = api.http
      .post('/v1/apps')
      .set(bearer(ada))
      .send({ name: 'Slow', slug: 'standstill' })
      .then((response) => response);
    const release = await spy.reached;
    const operation = await newestOperation();
    await advanceLater(api, operation._id, 16_000);
    release();
    expect((await answer).body.code).toBe('OPERATION_INTERRUPTED');
    const ids = { id: String(operation.appId), environmentId: String(operation.environmentId) };
    expect(await tracesOf(api, ids)).toEqual(noTraces);
  });

  it('and dies then: the repair finds what it left', async () => {
    const runtimes = api.api.get(RuntimesRepository);
    const insert = runtimes.insert.bind(runtimes);
    let resume: () => void = () => undefined;
    const spy = jest.spyOn(runtimes, 'insert').mockImplementationOnce(async (runtime) => {
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
      await insert(runtime);
      return new Promise<never>(() => undefined);
    });
    const abandoned = api.http.post('/v1/apps').set(bearer(ada)).send({ name: 'Ghost', slug: 'ghost' });
    abandoned.end(() => undefined);
    await reached(spy);
    const operation = await newestOperation();
    await advanceLater(api, operation._id, 16_000);
    resume();
    const environmentId = String(operation.environmentId);
    await until(async () => (await api.db.collection('runtimes').countDocuments({ environmentId })) === 1);
    abandoned.abort();
    await api.api.get(RepairApps).run();
    expect(await tracesOf(api, { id: String(operation.appId), environmentId })).toEqual(noTraces);
  });
});

async function dieWhileCreating(slug: string, arm: () => jest.SpyInstance) {
  const spy = arm();
  const abandoned = api.http.post('/v1/apps').set(bearer(ada)).send({ name: 'Killed', slug });
  abandoned.end(() => undefined);
  await reached(spy);
  abandoned.abort();
  jest.restoreAllMocks();
  return newestOperation();
}

async function newestOperation() {
  const [operation] = await api.db
    .collection<{ _id: string; appId: string; environmentId: string }>('operations')
    .find()
    .sort({ createdAt: -1 })
    .limit(1)
    .toArray();
  if (!operation) throw new Error('there is no operation');
  return operation;
}

/** From now on this write never happens and never returns. */
function die<T extends object>(type: new (...args: never[]) => T, method: keyof T & string): jest.SpyInstance {
  const target = api.api.get<Record<string, () => unknown>>(type as never);
  return jest.spyOn(target, method).mockImplementation(() => new Promise(() => undefined));
}

/** The next of these writes waits until it is released, and is done then. */
function hold<T extends object>(type: new (...args: never[]) => T, method: keyof T & string) {
  const target = api.api.get<Record<string, (...args: unknown[]) => unknown>>(type as never);
  const original = target[method]!.bind(target);
  let isReached: (release: () => void) => void;
  const reachedAt = new Promise<() => void>((resolve) => {
    isReached = resolve;
  });
  jest.spyOn(target, method).mockImplementationOnce(async (...args: unknown[]) => {
    await new Promise<void>((release) => isReached(release));
    return original(...args);
  });
  return { reached: reachedAt };
}

async function reached(spy: jest.SpyInstance): Promise<void> {
  await until(async () => spy.mock.calls.length > 0);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
