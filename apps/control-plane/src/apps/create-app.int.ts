import { KeyRing } from '@berth/keyring/key-ring';
import { askForApp, expectEnd, makeApp, noTraces, testImage, tracesOf } from '../../test/make-app';
import { bearer, type Person, signUp } from '../../test/people';
import { PlayAgent } from '../../test/play-agent';
import { startApi, type TestApi } from '../../test/start-api';
import { type AppView } from './app.dto';

// For a machine that has other work, too.
jest.setTimeout(60_000);

let api: TestApi;
let agent: PlayAgent;
let ada: Person;
let eve: Person;
beforeAll(async () => {
  api = await startApi({ BERTH_RUNTIME_IMAGE: testImage, BERTH_MAX_APPS_PER_ACCOUNT: '60' });
  agent = await new PlayAgent(api.db).open();
  ada = await signUp(api, 'ada@example.com');
  eve = await signUp(api, 'eve@example.com');
});
afterAll(async () => {
  agent?.close();
  await api?.close();
});

describe('creating an app', () => {
  it('answers at once with app and operation, and ends when the facts say so', async () => {
    const { app, operation, environmentId } = await askForApp(api, ada, { name: 'Größe & Maß' });
    expect(app).toMatchObject({
      name: 'Größe & Maß',
      slug: 'groesse-and-mass',
      state: 'creating',
      reason: null,
      trashedAt: null,
    });
    expect(app.environments[0]).toMatchObject({
      name: 'production',
      address: 'http://groesse-and-mass.localhost:4080',
      serverUrl: 'http://groesse-and-mass.localhost:4080/parse',
      liveQueryUrl: 'ws://groesse-and-mass.localhost:4080/parse',
      graphqlUrl: 'http://groesse-and-mass.localhost:4080/graphql',
      pathUrl: 'http://localhost:4080/@groesse-and-mass/parse',
      mountPath: '/parse',
      power: 'running',
      admission: 'open',
      state: 'requested',
    });
    expect(operation).toMatchObject({ kind: 'app.create', state: 'running', appId: app.id, environmentId, error: null });
    const names = ['reserve', 'place', 'volume', 'container', 'boot', 'configure', 'route'];
    expect(operation.steps.map((step: { name: string }) => step.name)).toEqual(names);

    await agent.progress(environmentId, ['volume'], 'container');
    const half = await api.http.get(`/v1/operations/${operation.id}`).set(bearer(ada)).expect(200);
    const states = half.body.steps.map((step: { state: string }) => step.state);
    expect(states).toEqual(['done', 'done', 'done', 'running', 'pending', 'pending', 'pending']);

    await agent.obey(environmentId);
    const unrouted = await api.http.get(`/v1/operations/${operation.id}`).set(bearer(ada)).expect(200);
    expect(unrouted.body.state).toBe('running');
    expect(unrouted.body.steps.at(-1)).toMatchObject({ name: 'route', state: 'running' });

    await agent.applyRoutes();
    const ended = await expectEnd(api, ada, operation.id, 'succeeded');
    expect(ended.steps.every((step: { state: string; ms: number }) => step.state === 'done' && step.ms >= 0)).toBe(true);
    expect(ended.finishedAt).not.toBeNull();
    const now = await api.http.get(`/v1/apps/${app.slug}`).set(bearer(ada)).expect(200);
    expect(now.body).toMatchObject({ id: app.id, state: 'running' });
  });

  it('seals the configuration for the agent, and keeps the keys out of every record', async () => {
    const { app, environmentId } = await askForApp(api, ada, { name: 'Sealed' });
    const runtime = await agent.runtimeOf(environmentId);
    const { body: keys } = await api.http.get(`/v1/apps/${app.id}/environments/production/keys`).set(bearer(ada)).expect(200);
    const config = JSON.parse(ringOf(api).open(runtime.config.sealed, `runtime:${runtime._id}:config`));
    expect(config).toMatchObject({
      generation: 1,
      runtimeId: runtime._id,
      environmentId,
      appName: 'Sealed',
      applicationId: keys.applicationId,
      mountPaths: ['/parse'],
      publicOrigin: 'http://sealed.localhost:4080',
      admission: { mode: 'open' },
    });
    expect(config.keys.master).toEqual({ current: keys.masterKey, previous: [] });
    expect(new Set(Object.values(keys).filter((value) => typeof value === 'string')).size).toBe(6);
    for (const collection of ['apps', 'environments', 'runtimes', 'operations', 'idempotency_keys']) {
      const text = JSON.stringify(await api.db.collection(collection).find().toArray());
      for (const kind of ['javascriptKey', 'restApiKey', 'clientKey', 'masterKey', 'readOnlyMasterKey'])
        expect(text).not.toContain(keys[kind]);
    }
  });

  it('takes an identity and a mount path that phones are shipped with', async () => {
    const identity = { applicationId: 'my app №1', masterKey: 'ключ 🔑', javascriptKey: 'a' };
    const { app, environmentId } = await askForApp(api, ada, { name: 'Imported', identity, mountPath: '/1' });
    expect(app.environments[0]).toMatchObject({
      applicationId: 'my app №1',
      serverUrl: 'http://imported.localhost:4080/1',
      pathUrl: 'http://localhost:4080/@imported/1',
    });
    const { body: keys } = await api.http.get(`/v1/apps/imported/environments/production/keys`).set(bearer(ada)).expect(200);
    expect(keys).toMatchObject({ applicationId: 'my app №1', masterKey: 'ключ 🔑', javascriptKey: 'a' });
    expect(keys.restApiKey).toMatch(/^[0-9a-z]{40}$/);

    const again = await api.http.post('/v1/apps').set(bearer(eve)).send({ name: 'Copy', identity }).expect(409);
    expect(again.body.code).toBe('APPLICATION_ID_TAKEN');
    expect(await api.db.collection('slugs').countDocuments({ orgId: eve.orgId })).toBe(0);
    expect(await api.db.collection('operations').countDocuments({ orgId: eve.orgId })).toBe(0);
    expect((await tracesOf(api, { id: app.id, environmentId })).apps).toEqual([app.id]);
  });

  it('gives a slug from the name a suffix when it is taken, and refuses one that was asked for', async () => {
    await askForApp(api, ada, { name: 'Popular' });
    const { app } = await askForApp(api, eve, { name: 'Popular' });
    expect(app.slug).toMatch(/^popular-[0-9a-z]{4}$/);
    const taken = await api.http.post('/v1/apps').set(bearer(eve)).send({ name: 'X', slug: 'popular' }).expect(409);
    expect(taken.body).toMatchObject({ code: 'SLUG_TAKEN', details: { slug: 'popular' } });
    const { app: unnamed } = await askForApp(api, eve, { name: '🚀' });
    expect(unnamed.slug).toMatch(/^app-[0-9a-z]{4}$/);
  });

  it.each([
    ['nothing', {}, /name/],
    ['a number for a name', { name: 7 }, /name/],
    ['an empty name', { name: '  ' }, /name/],
    ['a long name', { name: 'x'.repeat(1000) }, /name/],
    ['a control character', { name: 'a\u0000b' }, /name/],
    ['an unknown field', { name: 'A', colour: 'red' }, /colour/],
    ['a number for a slug', { name: 'A', slug: 7 }, /slug/],
    ['a key of 201 characters', { name: 'A', identity: { applicationId: 'x'.repeat(201) } }, /identity.applicationId/],
    ['a key with a line break', { name: 'A', identity: { applicationId: 'a', masterKey: 'a\nb' } }, /identity.masterKey/],
    ['keys without an application id', { name: 'A', identity: { masterKey: 'a' } }, /identity.applicationId/],
    [
      'master keys that are alike',
      { name: 'A', identity: { applicationId: 'a', masterKey: 'x', readOnlyMasterKey: 'x' } },
      /identity/,
    ],
    [
      'a master key that clients have',
      { name: 'A', identity: { applicationId: 'a', masterKey: 'x', javascriptKey: 'x' } },
      /identity/,
    ],
    ['a mount path without slash', { name: 'A', mountPath: 'parse' }, /mountPath/],
    ['a mount path with dots to climb', { name: 'A', mountPath: '/a b' }, /mountPath/],
    ['an array', [], /a JSON object is expected/],
  ])('refuses %s', async (_, body, problem) => {
    const answer = await api.http.post('/v1/apps').set(bearer(ada)).send(body).expect(400);
    expect(answer.body.code).toBe('INPUT_INVALID');
    expect(answer.body.details.problems.join('; ')).toMatch(problem);
  });

  it.each(['ab', 'Hello', 'a--b', '-ab', 'xn--80ak6aa92e', 'admin', '🚀🚀🚀', 'x'.repeat(41)])(
    'refuses the slug %s',
    async (slug) => {
      const answer = await api.http.post('/v1/apps').set(bearer(ada)).send({ name: 'A', slug }).expect(400);
      expect(answer.body.code).toBe('SLUG_INVALID');
    },
  );

  it('refuses nobody, a token without the scope, and a foreign or unheard-of organization', async () => {
    expect((await api.http.post('/v1/apps').send({ name: 'A' }).expect(401)).body.code).toBe('SIGN_IN_REQUIRED');
    const { body } = await api.http
      .post('/v1/tokens')
      .set(bearer(ada))
      .send({ name: 'reader', scopes: ['apps:read'], expiresInDays: 1 })
      .expect(201);
    const reader = await api.http
      .post('/v1/apps')
      .set({ Authorization: `Bearer ${body.secret}` })
      .send({ name: 'A' });
    expect(reader.body.code).toBe('TOKEN_SCOPE_MISSING');
    for (const orgId of [eve.orgId, 'org_00000000000000000000', 'x']) {
      const answer = await api.http.post('/v1/apps').set(bearer(ada)).send({ name: 'A', orgId }).expect(404);
      expect(answer.body.code).toBe('ORG_NOT_FOUND');
    }
  });
});

describe('an Idempotency-Key', () => {
  const send = (person: Person, key: string, body: object) =>
    api.http.post('/v1/apps').set(bearer(person)).set('Idempotency-Key', key).send(body);

  it('gives a repeat the first answer', async () => {
    const first = await send(ada, 'key-number-1', { name: 'Once' }).expect(202);
    const second = await send(ada, 'key-number-1', { name: 'Once' }).expect(202);
    expect(second.body.app.id).toBe(first.body.app.id);
    expect(second.body.operation.id).toBe(first.body.operation.id);
    expect(await api.db.collection('apps').countDocuments({ name: 'Once' })).toBe(1);
  });

  it('belongs to its account and its request', async () => {
    await send(ada, 'key-number-2', { name: 'Mine' }).expect(202);
    await send(eve, 'key-number-2', { name: 'Mine' }).expect(202);
    const other = await send(ada, 'key-number-2', { name: 'Another' }).expect(422);
    expect(other.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('makes one app when it is sent ten times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(ada, 'key-number-3', { name: 'Tenfold' })));
    const made = answers.filter(({ status }) => status === 202);
    expect(made.length).toBeGreaterThan(0);
    for (const { status } of answers) expect([202, 409]).toContain(status);
    expect(await api.db.collection('apps').countDocuments({ name: 'Tenfold' })).toBe(1);
  });
});

describe('many at once', () => {
  it('gives one slug to one of fifty, and leaves nothing of the others', async () => {
    const before = await api.db.collection('operations').countDocuments({ orgId: ada.orgId });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => api.http.post('/v1/apps').set(bearer(ada)).send({ name: 'Race', slug: 'race' })),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'SLUG_TAKEN')).toHaveLength(49);
    expect(await api.db.collection('apps').countDocuments({ name: 'Race' })).toBe(1);
    expect(await api.db.collection('route_hosts').countDocuments({ _id: 'race' as never })).toBe(1);
    expect(await api.db.collection('operations').countDocuments({ orgId: ada.orgId })).toBe(before + 1);
  });

  it('never passes the cap of apps', async () => {
    const small = await startApi({ BERTH_RUNTIME_IMAGE: testImage, BERTH_MAX_APPS_PER_ACCOUNT: '3' });
    const node = await new PlayAgent(small.db).open();
    try {
      const bob = await signUp(small, 'bob@example.com');
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          small.http
            .post('/v1/apps')
            .set(bearer(bob))
            .send({ name: `App ${at}` }),
        ),
      );
      for (const { body } of answers.filter(({ status }) => status !== 202)) expect(body.code).toBe('APP_CAP_REACHED');
      expect(await small.db.collection('apps').countDocuments()).toBeLessThanOrEqual(3);
      for (let at = await small.db.collection('apps').countDocuments(); at < 3; at++)
        await small.http
          .post('/v1/apps')
          .set(bearer(bob))
          .send({ name: `More ${at}` })
          .expect(202);
      const over = await small.http.post('/v1/apps').set(bearer(bob)).send({ name: 'Over' }).expect(403);
      expect(over.body).toMatchObject({ code: 'APP_CAP_REACHED', details: { count: 3 } });
      expect(await small.db.collection('slugs').countDocuments()).toBe(3);
      expect(await small.db.collection('environments').countDocuments()).toBe(3);
    } finally {
      node.close();
      await small.close();
    }
  });
});

describe('a creation that cannot be', () => {
  it('says why no machine takes it, and works again when one does', async () => {
    await agent.refuse({ code: 'DISK_FULL', message: 'The machine’s disk is full.' });
    const refused = await api.http.post('/v1/apps').set(bearer(ada)).send({ name: 'Later' }).expect(503);
    expect(refused.body).toMatchObject({ code: 'NODE_UNAVAILABLE', details: { reason: 'The machine’s disk is full.' } });
    await agent.refuse(null);
    await makeApp(api, agent, ada, { name: 'Later' });
  });

  it('fails with the node’s reason, leaves nothing but the reason, and frees the slug', async () => {
    const { app, operation, environmentId } = await askForApp(api, ada, { name: 'Unlucky' });
    const reason = { code: 'IMAGE_MISSING', message: 'The runtime image berth/runtime:test is not on this machine.' };
    await agent.fail(environmentId, reason);
    const ended = await expectEnd(api, ada, operation.id, 'failed');
    expect(ended.error).toEqual({ ...reason, next: 'Run `npm start` again: it builds what is missing.' });
    expect(ended.steps.find((step: { state: string }) => step.state === 'failed')).toMatchObject({ name: 'volume' });

    expect(await tracesOf(api, { id: app.id, environmentId })).toEqual({ ...noTraces, apps: [app.id] });
    const runtime = await agent.runtimeOf(environmentId);
    expect(runtime.desired.power).toBe('deleted');
    expect(runtime.purge).toMatchObject({ approvedBy: 'creation-failed' });
    const shown = await api.http.get('/v1/apps/unlucky').set(bearer(ada)).expect(200);
    expect(shown.body).toMatchObject({ id: app.id, state: 'failed', reason, environments: [] });

    const retry = await makeApp(api, agent, ada, { name: 'Unlucky', slug: 'unlucky' });
    expect(retry.slug).toBe('unlucky');
    const list = await api.http.get('/v1/apps?limit=200').set(bearer(ada)).expect(200);
    expect(list.body.items.filter(({ slug }: AppView) => slug === 'unlucky').map(({ id }: AppView) => id)).toEqual([retry.id]);
  });

  it('can be dismissed', async () => {
    const { app, operation, environmentId } = await askForApp(api, ada, { name: 'Dismissed' });
    await agent.fail(environmentId, { code: 'DISK_FULL', message: 'The machine’s disk is full.' });
    await expectEnd(api, ada, operation.id, 'failed');
    const refused = await api.http.patch(`/v1/apps/${app.id}`).set(bearer(ada)).send({ name: 'B' }).expect(409);
    expect(refused.body.code).toBe('APP_NOT_MADE');
    const gone = await api.http.delete(`/v1/apps/${app.id}`).set(bearer(ada)).expect(202);
    await expectEnd(api, ada, gone.body.operation.id, 'succeeded');
    await api.http.get(`/v1/apps/${app.id}`).set(bearer(ada)).expect(404);
  });
});

function ringOf(from: TestApi): KeyRing {
  return from.api.get(KeyRing);
}
