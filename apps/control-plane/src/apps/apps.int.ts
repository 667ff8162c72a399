import { advanceLater, askForApp, expectEnd, makeApp, testImage } from '../../test/make-app';
import { bearer, type Person, signUp } from '../../test/people';
import { PlayAgent } from '../../test/play-agent';
import { startApi, type TestApi } from '../../test/start-api';
import { SystemScope } from '../orgs/system-scope';
import type { AppView } from './app.dto';
import { AppsRepository } from './apps.repository';
import { PurgeApp } from './use-cases/purge-app';
import { RepairApps } from './use-cases/repair-apps';
import { SettleApp } from './use-cases/settle-app';

const everywhere = SystemScope.for('tests');

// For a machine that has other work, too.
jest.setTimeout(60_000);

let api: TestApi;
let agent: PlayAgent;
let ada: Person;
let eve: Person;
let vera: Person;
beforeAll(async () => {
  api = await startApi({ BERTH_RUNTIME_IMAGE: testImage, BERTH_MAX_APPS_PER_ACCOUNT: '200' });
  agent = await new PlayAgent(api.db).open();
  ada = await signUp(api, 'ada@example.com');
  eve = await signUp(api, 'eve@example.com');
  vera = await signUp(api, 'vera@example.com');
  await api.db.collection<{ _id: string }>('memberships').insertOne({
    _id: 'mem_00000000000000000001',
    orgId: ada.orgId,
    accountId: vera.id,
    role: 'viewer',
    createdAt: new Date(),
  } as never);
});
afterAll(async () => {
  agent?.close();
  await api?.close();
});
afterEach(() => jest.restoreAllMocks());

describe('every endpoint of an app', () => {
  let app: { id: string; slug: string };
  beforeAll(async () => {
    app = await makeApp(api, agent, ada, { name: 'Guarded' });
  });

  const endpoints: [string, 'get' | 'patch' | 'post' | 'delete', (slug: string) => string, object | undefined, boolean][] = [
    ['get', 'get', (slug) => `/v1/apps/${slug}`, undefined, true],
    ['rename', 'patch', (slug) => `/v1/apps/${slug}`, { name: 'Stolen' }, false],
    ['delete', 'delete', (slug) => `/v1/apps/${slug}`, undefined, false],
    ['restore', 'post', (slug) => `/v1/apps/${slug}/restore`, undefined, false],
    ['purge', 'delete', (slug) => `/v1/apps/${slug}/purge?confirm=${slug}`, undefined, false],
    ['keys', 'get', (slug) => `/v1/apps/${slug}/environments/production/keys`, undefined, false],
    ['rotate', 'post', (slug) => `/v1/apps/${slug}/environments/production/keys/master/rotate`, { oldValidHours: 0 }, false],
  ];

  it.each(endpoints)('%s: nobody must sign in', async (_, method, path, body) => {
    const answer = await api.http[method](path(app.slug)).send(body).expect(401);
    expect(answer.body.code).toBe('SIGN_IN_REQUIRED');
  });

  it.each(endpoints)('%s: another tenant finds nothing, by slug and by id', async (_, method, path, body) => {
    for (const reference of [app.slug, app.id]) {
      const answer = await api.http[method](path(reference)).set(bearer(eve)).send(body).expect(404);
      expect(answer.body.code).toBe('APP_NOT_FOUND');
      expect(JSON.stringify(answer.body)).not.toContain('Guarded');
    }
  });

  it.each(endpoints)('%s: what there is not is answered like what is another’s', async (_, method, path, body) => {
    for (const reference of ['nothing-here', 'app_00000000000000000000', 'ÄÖ', '..%2f..']) {
      const answer = await api.http[method](path(reference)).set(bearer(ada)).send(body).expect(404);
      expect(answer.body.code).toBe('APP_NOT_FOUND');
    }
  });

  it.each(endpoints)('%s: a name too long for one is refused', async (_, method, path, body) => {
    const answer = await api.http[method](path('x'.repeat(100)))
      .set(bearer(ada))
      .send(body)
      .expect(400);
    expect(answer.body.code).toBe('INPUT_INVALID');
  });

  it.each(endpoints)('%s: a viewer may look, and no more', async (_, method, path, body, viewerMay) => {
    const answer = await api.http[method](path(app.slug)).set(bearer(vera)).send(body);
    if (viewerMay) expect(answer.status).toBe(200);
    else expect(answer.body).toMatchObject({ code: 'ROLE_INSUFFICIENT', details: { role: 'viewer' } });
  });

  it('nothing of all that changed it', async () => {
    const { body } = await api.http.get(`/v1/apps/${app.slug}`).set(bearer(ada)).expect(200);
    expect(body).toMatchObject({ name: 'Guarded', slug: 'guarded', state: 'running' });
  });
});

describe('the operator’s lists', () => {
  it('show all apps and nodes, to the operator alone', async () => {
    const app = await makeApp(api, agent, eve, { name: 'Of Eve' });
    const apps = await api.http.get('/v1/admin/apps?limit=200').set(bearer(ada)).expect(200);
    expect(apps.body.items.map(({ id }: AppView) => id)).toContain(app.id);
    const nodes = await api.http.get('/v1/admin/nodes').set(bearer(ada)).expect(200);
    expect(nodes.body.items).toMatchObject([{ name: 'test-node', takesApps: true, refusal: null, refusing: null }]);
    expect(nodes.body.items[0].runtimes).toBeGreaterThan(0);
    for (const path of ['/v1/admin/apps', '/v1/admin/nodes']) {
      expect((await api.http.get(path).set(bearer(eve)).expect(403)).body.code).toBe('OPERATOR_ONLY');
      expect((await api.http.get(path).expect(401)).body.code).toBe('SIGN_IN_REQUIRED');
    }
  });
});

describe('listing apps', () => {
  it('shows one’s own, in pages, newest first, the trash apart', async () => {
    const tom = await signUp(api, 'tom@example.com');
    const made: string[] = [];
    for (let at = 0; at < 5; at++) made.unshift((await makeApp(api, agent, tom, { name: `List ${at}` })).id);
    const trashed = await api.http.delete(`/v1/apps/${made[1]}`).set(bearer(tom)).expect(202);
    const rest = made.filter((id) => id !== made[1]);

    const first = await api.http.get('/v1/apps?limit=3').set(bearer(tom)).expect(200);
    expect(first.body.items.map(({ id }: AppView) => id)).toEqual(rest.slice(0, 3));
    const second = await api.http.get(`/v1/apps?limit=3&cursor=${first.body.nextCursor}`).set(bearer(tom)).expect(200);
    expect(second.body).toMatchObject({ items: [{ id: rest[3], state: 'running' }], nextCursor: null });
    const trash = await api.http.get('/v1/apps?state=trashed').set(bearer(tom)).expect(200);
    expect(trash.body.items).toMatchObject([{ id: made[1], state: 'trashed', purgeAt: trashed.body.app.purgeAt }]);
  });

  it.each(['state=broken', 'limit=0', 'limit=201', 'limit=x', 'cursor=nonsense', 'colour=red'])('refuses ?%s', async (query) => {
    const answer = await api.http.get(`/v1/apps?${query}`).set(bearer(ada));
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('INPUT_INVALID');
  });
});

describe('renaming', () => {
  it('changes the name everywhere, the runtime too', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Before' });
    const before = await agent.runtimeOf(app.environmentId);
    const { body } = await api.http.patch(`/v1/apps/${app.id}`).set(bearer(ada)).send({ name: 'After 🚀' }).expect(200);
    expect(body).toMatchObject({ name: 'After 🚀', slug: 'before' });
    const after = await agent.runtimeOf(app.environmentId);
    expect(after.config.generation).toBe(before.config.generation + 1);
    expect(after.desired).toMatchObject({ power: 'running', revision: before.desired.revision + 1 });
    expect(after.reconcileAt).not.toBeNull();
  });

  it('gives a new address and keeps the old one, for this app alone', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Moving' });
    const { body } = await api.http.patch('/v1/apps/moving').set(bearer(ada)).send({ slug: 'moved' }).expect(200);
    expect(body.environments[0].address).toBe('http://moved.localhost:4080');
    const hosts = await api.db.collection('route_hosts').find({ environmentId: app.environmentId, deletedAt: null }).toArray();
    expect(hosts.map((host) => String(host._id)).sort()).toEqual(['moved', 'moving']);
    expect((await api.http.get('/v1/apps/moving').set(bearer(ada)).expect(200)).body.id).toBe(app.id);
    for (const slug of ['moving', 'moved']) {
      const taken = await api.http.post('/v1/apps').set(bearer(eve)).send({ name: 'X', slug }).expect(409);
      expect(taken.body.code).toBe('SLUG_TAKEN');
    }
    await api.http.patch('/v1/apps/moved').set(bearer(ada)).send({ slug: 'moving' }).expect(200);
    await api.http.patch('/v1/apps/moving').set(bearer(ada)).send({ slug: 'moved' }).expect(200);
  });

  it('does nothing when nothing is new', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Same' });
    const before = await agent.runtimeOf(app.environmentId);
    await api.http.patch('/v1/apps/same').set(bearer(ada)).send({ name: 'Same', slug: 'same' }).expect(200);
    expect((await agent.runtimeOf(app.environmentId)).desired.revision).toBe(before.desired.revision);
  });

  it.each([
    [{}, 'INPUT_INVALID'],
    [{ name: '' }, 'INPUT_INVALID'],
    [{ name: 'x'.repeat(61) }, 'INPUT_INVALID'],
    [{ slug: 'a--b' }, 'SLUG_INVALID'],
    [{ slug: 'www' }, 'SLUG_INVALID'],
    [{ slug: 'guarded' }, 'SLUG_TAKEN'],
    [{ applicationId: 'x' }, 'INPUT_INVALID'],
  ])('refuses %j', async (body, code) => {
    const app = await makeApp(api, agent, ada, { name: 'Stubborn' });
    const answer = await api.http.patch(`/v1/apps/${app.id}`).set(bearer(ada)).send(body);
    expect(answer.body.code).toBe(code);
    expect(await api.db.collection('operations').countDocuments({ appId: app.id, kind: 'environment.configure' })).toBe(0);
  });

  it('of many to one slug lets one have it', async () => {
    const apps = await Promise.all([1, 2, 3, 4].map((at) => makeApp(api, agent, ada, { name: `Rival ${at}` })));
    const answers = await Promise.all(
      apps.map(({ id }) => api.http.patch(`/v1/apps/${id}`).set(bearer(ada)).send({ slug: 'trophy' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'SLUG_TAKEN')).toHaveLength(3);
  });

  it('that is killed after it reserved the slug frees it again', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Killed rename' });
    const spy = jest.spyOn(api.api.get(AppsRepository), 'rename').mockImplementation(() => new Promise(() => undefined));
    const abandoned = api.http.patch(`/v1/apps/${app.id}`).set(bearer(ada)).send({ slug: 'half-taken' });
    abandoned.end(() => undefined);
    while (spy.mock.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    abandoned.abort();
    jest.restoreAllMocks();
    const operation = await api.db
      .collection<{ _id: string }>('operations')
      .findOne({ appId: app.id, state: 'running' } as never);
    await agent.obeyAll([app.environmentId]);
    await advanceLater(api, String(operation?._id), 20_000);
    await askForApp(api, eve, { name: 'X', slug: 'half-taken' });
  });
});

describe('trash, restore, purge', () => {
  it('leads through a life', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Mortal' });
    const trashed = await api.http.delete('/v1/apps/mortal').set(bearer(ada)).expect(202);
    expect(trashed.body.app).toMatchObject({ state: 'trashed' });
    const days = (Date.parse(trashed.body.app.purgeAt) - Date.parse(trashed.body.app.trashedAt)) / 86_400_000;
    expect(days).toBe(30);
    expect(await liveHosts(app.environmentId)).toEqual([]);
    expect((await agent.runtimeOf(app.environmentId)).desired.power).toBe('trashed');
    const busy = await api.http.post('/v1/apps/mortal/restore').set(bearer(ada)).expect(409);
    expect(busy.body.code).toBe('APP_BUSY');
    await agent.obeyAll([app.environmentId]);
    await expectEnd(api, ada, trashed.body.operation.id, 'succeeded');

    expect((await api.http.delete('/v1/apps/mortal').set(bearer(ada)).expect(409)).body.code).toBe('APP_IN_TRASH');
    const rename = await api.http.patch('/v1/apps/mortal').set(bearer(ada)).send({ name: 'X' }).expect(409);
    expect(rename.body.code).toBe('APP_IN_TRASH');

    const restored = await api.http.post('/v1/apps/mortal/restore').set(bearer(ada)).expect(202);
    expect(restored.body.app).toMatchObject({ trashedAt: null, purgeAt: null });
    expect((await agent.runtimeOf(app.environmentId)).desired.power).toBe('running');
    expect(await liveHosts(app.environmentId)).toEqual(['mortal']);
    await agent.obeyAll([app.environmentId]);
    await expectEnd(api, ada, restored.body.operation.id, 'succeeded');
    expect((await api.http.get('/v1/apps/mortal').set(bearer(ada)).expect(200)).body.state).toBe('running');
    const again = await api.http.post('/v1/apps/mortal/restore').set(bearer(ada)).expect(409);
    expect(again.body.code).toBe('APP_NOT_IN_TRASH');
  });

  it('purges only from the trash, with the slug, and keeps the slug from everybody', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Doomed' });
    await api.http.patch('/v1/apps/doomed').set(bearer(ada)).send({ slug: 'doomed-now' }).expect(200);
    await agent.obeyAll([app.environmentId]);
    const purge = (confirm: string) => api.http.delete(`/v1/apps/${app.id}/purge?confirm=${confirm}`).set(bearer(ada));
    expect((await purge('doomed-now').expect(409)).body.code).toBe('APP_NOT_IN_TRASH');
    const trashed = await api.http.delete(`/v1/apps/${app.id}`).set(bearer(ada)).expect(202);
    await agent.obeyAll([app.environmentId]);
    await expectEnd(api, ada, trashed.body.operation.id, 'succeeded');
    for (const confirm of ['doomed', '', 'x']) expect((await purge(confirm).expect(400)).body.code).toBe('INPUT_INVALID');
    expect((await agent.runtimeOf(app.environmentId)).purge).toBeNull();

    const purged = await purge('doomed-now').expect(202);
    expect(purged.body.app.state).toBe('deleting');
    const runtime = await agent.runtimeOf(app.environmentId);
    expect(runtime.desired.power).toBe('deleted');
    expect(runtime.purge).toMatchObject({ approvedBy: ada.id });
    expect((await purge('doomed-now').expect(409)).body.code).toBe('APP_DELETING');
    await agent.obeyAll([app.environmentId]);
    await expectEnd(api, ada, purged.body.operation.id, 'succeeded');
    await api.http.get(`/v1/apps/${app.id}`).set(bearer(ada)).expect(404);
    expect(await api.db.collection('environments').countDocuments({ appId: app.id })).toBe(0);
    for (const slug of ['doomed', 'doomed-now']) {
      const taken = await api.http.post('/v1/apps').set(bearer(ada)).send({ name: 'X', slug }).expect(409);
      expect(taken.body.code).toBe('SLUG_TAKEN');
    }
  });

  it('purges by itself when the days are over, and not an app that was restored meanwhile', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Forgotten' });
    const trashed = await api.http.delete('/v1/apps/forgotten').set(bearer(ada)).expect(202);
    await agent.obeyAll([app.environmentId]);
    await expectEnd(api, ada, trashed.body.operation.id, 'succeeded');
    const apps = api.api.get(AppsRepository);
    const inThirtyDays = new Date(Date.now() + 31 * 86_400_000);
    expect(await apps.due(everywhere, 'trashed', new Date(), 10)).toEqual([]);
    const [due] = await apps.due(everywhere, 'trashed', inThirtyDays, 10);
    expect(due?._id).toBe(app.id);
    await api.api.get(PurgeApp).whenDue(due!);
    expect((await agent.runtimeOf(app.environmentId)).purge).toMatchObject({ approvedBy: 'trash' });
  });

  it('of ten deletions at once does one', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Crowded' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.http.delete(`/v1/apps/${app.id}`).set(bearer(ada))));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    for (const { body } of answers.filter(({ status }) => status !== 202))
      expect(['APP_BUSY', 'APP_IN_TRASH']).toContain(body.code);
    expect(await api.db.collection('operations').countDocuments({ appId: app.id, kind: 'app.delete' })).toBe(1);
  });
});

describe('a process that dies while it trashes an app', () => {
  it('before the app’s write: nothing has changed and nothing is held', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Kept' });
    const operation = await dieWhileTrashing(app.id, jest.spyOn(api.api.get(AppsRepository), 'begin'));
    expect(await advanceLater(api, operation, 16_000)).toMatchObject({
      state: 'failed',
      error: { code: 'OPERATION_INTERRUPTED' },
    });
    expect((await api.http.get('/v1/apps/kept').set(bearer(ada)).expect(200)).body.state).toBe('running');
    await api.http.delete('/v1/apps/kept').set(bearer(ada)).expect(202);
  });

  it('after the app’s write: routes and runtime follow', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Followed' });
    const operation = await dieWhileTrashing(app.id, jest.spyOn(api.api.get(SettleApp), 'run'));
    expect(await liveHosts(app.environmentId)).toEqual(['followed']);
    await advanceLater(api, operation, 6_000);
    expect(await liveHosts(app.environmentId)).toEqual([]);
    await agent.obeyAll([app.environmentId]);
    expect(await advanceLater(api, operation, 0)).toMatchObject({ state: 'succeeded' });
  });

  it('and one that writes after it was given up holds the app no longer than until the next repair', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Late' });
    const operation = await dieWhileTrashing(app.id, jest.spyOn(api.api.get(AppsRepository), 'begin'));
    await advanceLater(api, operation, 16_000);
    const change = { lifecycle: 'trashed' as const, trashedAt: new Date(), purgeAt: new Date() };
    await api.api.get(AppsRepository).begin(everywhere, app.id, ['active'], operation, change);
    await api.api.get(RepairApps).run();
    expect(await liveHosts(app.environmentId)).toEqual([]);
    await agent.obeyAll([app.environmentId]);
    await api.http.post('/v1/apps/late/restore').set(bearer(ada)).expect(202);
  });

  it('a purge that outlives its operation is finished by the repair', async () => {
    const app = await makeApp(api, agent, ada, { name: 'Sticky' });
    const trashed = await api.http.delete('/v1/apps/sticky').set(bearer(ada)).expect(202);
    await agent.obeyAll([app.environmentId]);
    await expectEnd(api, ada, trashed.body.operation.id, 'succeeded');
    const purged = await api.http.delete('/v1/apps/sticky/purge?confirm=sticky').set(bearer(ada)).expect(202);
    expect(await advanceLater(api, purged.body.operation.id, 200_000)).toMatchObject({ state: 'failed' });
    await api.api.get(RepairApps).run();
    expect((await api.http.get('/v1/apps/sticky').set(bearer(ada)).expect(200)).body.state).toBe('deleting');
    await agent.obeyAll([app.environmentId]);
    await api.api.get(RepairApps).run();
    await api.http.get('/v1/apps/sticky').set(bearer(ada)).expect(404);
  });

  async function dieWhileTrashing(appId: string, spy: jest.SpyInstance): Promise<string> {
    spy.mockImplementation(() => new Promise(() => undefined));
    const abandoned = api.http.delete(`/v1/apps/${appId}`).set(bearer(ada));
    abandoned.end(() => undefined);
    while (spy.mock.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    abandoned.abort();
    jest.restoreAllMocks();
    const operation = await api.db.collection('operations').findOne({ appId, kind: 'app.delete', state: 'running' });
    return String(operation?._id);
  }
});

async function liveHosts(environmentId: string): Promise<string[]> {
  const hosts = await api.db.collection('route_hosts').find({ environmentId, deletedAt: null }).toArray();
  return hosts.map((host) => String(host._id));
}
