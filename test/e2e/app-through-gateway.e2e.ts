import { randomBytes } from 'node:crypto';
import Parse from 'parse/node';
import { callApi, makeAccount, makeApp, sharedPlatform } from '../browser/console-platform';

jest.setTimeout(180_000);

interface Target {
  serverUrl: string;
  graphqlUrl: string;
  pathUrl: string;
  applicationId: string;
  javascriptKey: string;
  restApiKey: string;
  masterKey: string;
}

/** The main job: an app is made, and the published JavaScript SDK works against it through the gateway. */
describe('an app, through the gateway', () => {
  let platform: Awaited<ReturnType<typeof sharedPlatform>>;
  let token: string;
  let hello: Target;
  let other: Target;

  beforeAll(async () => {
    platform = await sharedPlatform();
    token = await makeAccount(platform, `sdk-${randomBytes(4).toString('hex')}@example.com`);
    [hello, other] = await Promise.all([targetOf('Hello'), targetOf('Other')]);
    useApp(hello);
    Parse.User.enableUnsafeCurrentUser();
  });

  afterAll(async () => {
    await Parse.LiveQuery.close();
    await platform?.stop();
  });

  async function targetOf(name: string): Promise<Target> {
    const { id } = await makeApp(platform, token, name);
    const app = await callApi<{ environments: (Target & { name: string })[] }>(
      platform,
      'GET',
      `/v1/apps/${id}`,
      undefined,
      token,
    );
    const environment = app.environments[0]!;
    const keys = await callApi<Target>(platform, 'GET', `/v1/apps/${id}/environments/${environment.name}/keys`, undefined, token);
    return { ...environment, ...keys };
  }

  function useApp(target: Target): void {
    Parse.initialize(target.applicationId, target.javascriptKey, target.masterKey);
    Parse.serverURL = target.serverUrl;
  }

  const rest = (target: Target, path: string, init: RequestInit = {}, base = target.serverUrl) =>
    fetch(`${base}${path}`, {
      ...init,
      headers: {
        'X-Parse-Application-Id': target.applicationId,
        'X-Parse-REST-API-Key': target.restApiKey,
        'Content-Type': 'application/json',
        ...init.headers,
      },
    });

  it('signs up, logs in, saves and queries; a log-out makes the token useless', async () => {
    await new Parse.User().signUp({ username: 'ann', password: 'a long password', email: 'ann@example.com' });
    const saved = await new Parse.Object('Note').save({ text: 'grün ☂' });
    expect((await new Parse.Query('Note').get(saved.id as string)).get('text')).toBe('grün ☂');
    await Parse.User.logOut();
    const ann = await Parse.User.logIn('ann', 'a long password');
    const session = ann.getSessionToken() as string;
    await Parse.User.logOut();
    await expect(Parse.User.become(session)).rejects.toMatchObject({ code: Parse.Error.INVALID_SESSION_TOKEN });
  });

  it('finds what is near', async () => {
    const at = (name: string, latitude: number) => new Parse.Object('Place', { name, where: new Parse.GeoPoint(latitude, 13) });
    await Parse.Object.saveAll([at('far', 60), at('near', 52.01), at('here', 52)]);
    const found = await new Parse.Query('Place').near('where', new Parse.GeoPoint(52, 13)).find();
    expect(found.map((each) => each.get('name'))).toEqual(['here', 'near', 'far']);
  });

  it('keeps a file byte by byte', async () => {
    const bytes = randomBytes(300_000);
    const file = new Parse.File('photo.bin', { base64: bytes.toString('base64') }, 'application/octet-stream');
    await file.save({ useMasterKey: true });
    const answer = await fetch(file.url() as string);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('tells a LiveQuery of what is made', async () => {
    const subscription = await new Parse.Query('Message').subscribe();
    if (!subscription) throw new Error('no subscription');
    const told = new Promise<Parse.Object>((resolve) => subscription.on('create', resolve));
    await new Parse.Object('Message').save({ text: 'hi' });
    expect((await told).get('text')).toBe('hi');
    await subscription.unsubscribe();
  });

  it('lets a role read and refuses a stranger', async () => {
    const [owner, stranger] = await Promise.all(
      ['owner', 'stranger'].map((name) => new Parse.User().signUp({ username: name, password: 'a long password' })),
    );
    const role = new Parse.Role('readers', new Parse.ACL());
    role.getUsers().add(owner!);
    await role.save(null, { useMasterKey: true });
    const acl = new Parse.ACL();
    acl.setRoleReadAccess('readers', true);
    const secret = await new Parse.Object('Secret').save({ text: 'x', ACL: acl }, { useMasterKey: true });
    const read = (user: Parse.User) =>
      new Parse.Query('Secret').get(secret.id as string, { sessionToken: user.getSessionToken() as string });
    expect((await read(owner!)).get('text')).toBe('x');
    await expect(read(stranger!)).rejects.toMatchObject({ code: Parse.Error.OBJECT_NOT_FOUND });
    await Parse.User.logOut();
  });

  it('answers GraphQL', async () => {
    const answer = await fetch(hello.graphqlUrl, {
      method: 'POST',
      headers: {
        'X-Parse-Application-Id': hello.applicationId,
        'X-Parse-Javascript-Key': hello.javascriptKey,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ query: '{ health }' }),
    });
    expect(await answer.json()).toEqual({ data: { health: true } });
  });

  it('answers by path, for what cannot resolve the host', async () => {
    const answer = await rest(hello, '/classes/Note', {}, hello.pathUrl);
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { results: unknown[] }).results).toHaveLength(1);
  });

  it('keeps two apps apart: data, users and keys', async () => {
    const notes = (await (await rest(other, '/classes/Note')).json()) as { results: unknown[] };
    expect(notes.results).toEqual([]);
    const logIn = await rest(other, '/login?username=ann&password=a%20long%20password');
    expect(logIn.status).toBe(404);
    const foreignKeys = await rest(hello, '/classes/Note', {}, other.serverUrl);
    expect(foreignKeys.status).toBe(403);
  });

  it('says what is wrong at an address that is nobody’s', async () => {
    const nobody = hello.serverUrl.replace(/\/\/[^.]+\./, '//nobody-here.');
    const answer = await fetch(nobody);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'HOST_UNKNOWN' });
  });
});
