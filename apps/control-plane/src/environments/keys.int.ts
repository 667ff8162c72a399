import type { RuntimeConfig } from '@berth/contracts/runtime-config';
import { KeyRing } from '@berth/keyring/key-ring';
import { advanceLater, expectEnd, type MadeApp, makeApp, testImage } from '../../test/make-app';
import { bearer, type Person, signUp } from '../../test/people';
import { PlayAgent } from '../../test/play-agent';
import { startApi, type TestApi } from '../../test/start-api';
import { SettleApp } from '../apps/use-cases/settle-app';
import { keyKinds } from './keys';
import { ExpireKeys } from './use-cases/expire-keys';

// For a machine that has other work, too.
jest.setTimeout(60_000);

let api: TestApi;
let agent: PlayAgent;
let ada: Person;
let app: MadeApp;
beforeAll(async () => {
  api = await startApi({ BERTH_RUNTIME_IMAGE: testImage });
  agent = await new PlayAgent(api.db).open();
  ada = await signUp(api, 'ada@example.com');
});
beforeEach(async () => {
  app = await makeApp(api, agent, ada, { name: 'Keys' });
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  agent?.close();
  await api?.close();
});

const path = () => `/v1/apps/${app.id}/environments/production/keys`;
const keys = async () => (await api.http.get(path()).set(bearer(ada)).expect(200)).body;
const rotate = (kind: string, oldValidHours: unknown = 24) =>
  api.http.post(`${path()}/${kind}/rotate`).set(bearer(ada)).send({ oldValidHours });

describe('revealing keys', () => {
  it('needs the scope keys:read', async () => {
    const made = await api.http
      .post('/v1/tokens')
      .set(bearer(ada))
      .send({ name: 'ci', scopes: ['apps:read', 'apps:write'], expiresInDays: 1 })
      .expect(201);
    const token = { Authorization: `Bearer ${made.body.secret}` };
    const shown = await api.http.get(path()).set(token).expect(403);
    expect(shown.body).toMatchObject({ code: 'TOKEN_SCOPE_MISSING', details: { scope: 'keys:read' } });
    // The answer of a rotation holds the new key.
    const rotated = await api.http.post(`${path()}/master/rotate`).set(token).send({ oldValidHours: 0 }).expect(403);
    expect(rotated.body).toMatchObject({ code: 'TOKEN_SCOPE_MISSING', details: { scope: 'keys:read' } });
  });

  it('knows no other environment', async () => {
    const answer = await api.http.get(`/v1/apps/${app.id}/environments/staging/keys`).set(bearer(ada)).expect(404);
    expect(answer.body.code).toBe('ENVIRONMENT_NOT_FOUND');
  });
});

describe('rotating a key', () => {
  it.each(keyKinds)('gives a new %s key, keeps the old one for the time chosen, and tells the runtime', async (kind) => {
    const before = await keys();
    const name = { javascript: 'javascriptKey', rest: 'restApiKey', client: 'clientKey', master: 'masterKey' }[kind as string];
    const field = name ?? 'readOnlyMasterKey';
    const { body } = await rotate(kind, 720).expect(200);
    expect(body).toMatchObject({ kind, operation: { kind: 'environment.configure', state: 'running' } });
    const hours = (Date.parse(body.oldValidUntil) - Date.now()) / 3600_000;
    expect(Math.round(hours)).toBe(720);
    const after = await keys();
    expect(after).toEqual({ ...before, [field]: body.value, previous: [{ kind, validUntil: body.oldValidUntil }] });
    expect(after[field]).not.toBe(before[field]);

    const config = await configOf(app);
    expect(config.generation).toBe(2);
    expect(config.keys[kind]).toEqual({
      current: body.value,
      previous: [{ value: before[field], validUntil: body.oldValidUntil }],
    });
    const open = await api.http.get(`/v1/operations/${body.operation.id}`).set(bearer(ada)).expect(200);
    expect(open.body.state).toBe('running');
    await agent.obey(app.environmentId);
    const ended = await expectEnd(api, ada, body.operation.id, 'succeeded');
    expect(ended.steps).toMatchObject([{ name: 'configure', state: 'done' }]);
  });

  it('ends the old one at once when it is to live no longer', async () => {
    const { body } = await rotate('master', 0).expect(200);
    expect(body.oldValidUntil).toBeNull();
    expect((await configOf(app)).keys.master).toEqual({ current: body.value, previous: [] });
  });

  it.each([-1, 721, 1.5, '24', null])('refuses %p hours', async (hours) => {
    expect((await rotate('master', hours).expect(400)).body.code).toBe('INPUT_INVALID');
  });

  it('refuses an unheard-of key, no body and an unknown field', async () => {
    expect((await rotate('mother').expect(400)).body.code).toBe('INPUT_INVALID');
    const path = `/v1/apps/${app.id}/environments/production/keys/master/rotate`;
    expect((await api.http.post(path).set(bearer(ada)).expect(400)).body.code).toBe('INPUT_INVALID');
    const strange = await api.http.post(path).set(bearer(ada)).send({ oldValidHours: 1, value: 'mine' }).expect(400);
    expect(strange.body.code).toBe('INPUT_INVALID');
  });

  it('of all five at once loses none', async () => {
    const before = await keys();
    const answers = await Promise.all(keyKinds.map((kind) => rotate(kind, 1)));
    for (const { status } of answers) expect(status).toBe(200);
    const config = await configOf(app);
    for (const { body } of answers) expect(config.keys[body.kind as (typeof keyKinds)[number]].current).toBe(body.value);
    expect(config.keys.master.previous[0]?.value).toBe(before.masterKey);
    expect((await keys()).previous).toHaveLength(5);
    await agent.obey(app.environmentId);
    for (const { body } of answers) await expectEnd(api, ada, body.operation.id, 'succeeded');
  });

  it('is refused in the trash', async () => {
    await api.http.delete(`/v1/apps/${app.id}`).set(bearer(ada)).expect(202);
    const answer = await rotate('master').expect(409);
    expect(['APP_IN_TRASH', 'APP_BUSY']).toContain(answer.body.code);
  });

  it('tells why when the backend refuses the configuration', async () => {
    const { body } = await rotate('master').expect(200);
    await agent.refuseConfig(app.environmentId, { code: 'RUNTIME_CONFIG_REFUSED', message: 'The backend refused it: no.' });
    const ended = await expectEnd(api, ada, body.operation.id, 'failed');
    expect(ended.error.code).toBe('RUNTIME_CONFIG_REFUSED');
    expect((await api.http.get(`/v1/apps/${app.id}`).set(bearer(ada)).expect(200)).body.state).toBe('running');
  });

  it('that is killed before the runtime is told is completed', async () => {
    const spy = jest.spyOn(api.api.get(SettleApp), 'run').mockImplementation(() => new Promise(() => undefined));
    const abandoned = rotate('rest');
    abandoned.end(() => undefined);
    while (spy.mock.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    abandoned.abort();
    jest.restoreAllMocks();
    expect((await configOf(app)).generation).toBe(1);
    const operation = await api.db.collection('operations').findOne({ appId: app.id, state: 'running' });
    await advanceLater(api, String(operation?._id), 6_000);
    const config = await configOf(app);
    expect(config).toMatchObject({ generation: 2, keys: { rest: { current: (await keys()).restApiKey } } });
    await agent.obey(app.environmentId);
    expect(await advanceLater(api, String(operation?._id), 0)).toMatchObject({ state: 'succeeded' });
  });
});

describe('former keys', () => {
  it('go from the record and the runtime when their time is over, and not before', async () => {
    await rotate('rest', 1).expect(200);
    await rotate('client', 3).expect(200);
    const expire = api.api.get(ExpireKeys);
    await expire.run();
    expect((await keys()).previous).toHaveLength(2);
    const before = (await agent.runtimeOf(app.environmentId)).config.generation;

    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'queueMicrotask'],
    });
    jest.setSystemTime(Date.now() + 2 * 3600_000);
    await expire.run();
    jest.useRealTimers();
    const config = await configOf(app);
    expect(config.generation).toBe(before + 1);
    expect(config.keys.rest.previous).toEqual([]);
    expect(config.keys.client.previous).toHaveLength(1);
    const environment = await api.db
      .collection<{ _id: string; keysExpireAt: Date }>('environments')
      .findOne({ _id: app.environmentId });
    expect(environment?.keysExpireAt.getTime()).toBeGreaterThan(Date.now() + 2.9 * 3600_000);
  });
});

async function configOf({ environmentId }: MadeApp): Promise<RuntimeConfig> {
  const runtime = await agent.runtimeOf(environmentId);
  return JSON.parse(api.api.get(KeyRing).open(runtime.config.sealed, `runtime:${runtime._id}:config`));
}
