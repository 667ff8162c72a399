import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Parse from 'parse/node';
import { masterHeaders, restHeaders, TestRuntime, testConfig } from './harness';

jest.setTimeout(180_000);

/** What the published JavaScript SDK does, against one runtime. */
describe('the official SDK', () => {
  const config = testConfig();
  let runtime: TestRuntime;

  beforeAll(async () => {
    runtime = await TestRuntime.start();
    await runtime.configure({ ...config, publicOrigin: runtime.url('') });
    Parse.initialize(config.applicationId, config.keys.javascript.current, config.keys.master.current);
    Parse.serverURL = runtime.url('/parse');
    Parse.User.enableUnsafeCurrentUser();
  });

  afterAll(async () => {
    runtime?.remove();
  });

  it('signs up, logs in, and a log-out makes the token useless', async () => {
    const user = new Parse.User();
    await user.signUp({ username: 'ann', password: 'a long password', email: 'ann@example.com' });
    await Parse.User.logOut();
    const again = await Parse.User.logIn('ann', 'a long password');
    const token = tokenOf(again);
    expect((await Parse.User.become(token)).get('email')).toBe('ann@example.com');
    await Parse.User.logOut();
    await expect(Parse.User.become(token)).rejects.toMatchObject({ code: Parse.Error.INVALID_SESSION_TOKEN });
  });

  it('saves, reads, changes and deletes an object of each type', async () => {
    const place = new Parse.GeoPoint(52.5, 13.4);
    const values = { text: 'grün ☂', number: 1.5, yes: true, when: new Date(5), list: ['a', { b: 1 }], map: { c: [2] }, place };
    const made = await new Parse.Object('Thing').save(values);
    const read = await new Parse.Query('Thing').get(made.id as string);
    expect(read.attributes).toMatchObject({ ...values, place: expect.anything() });
    expect((read.get('place') as Parse.GeoPoint).latitude).toBe(52.5);
    await read.save({ number: 2 });
    await read.increment('number').save();
    expect((await new Parse.Query('Thing').get(made.id as string)).get('number')).toBe(3);
    await read.destroy();
    await expect(new Parse.Query('Thing').get(made.id as string)).rejects.toMatchObject({ code: Parse.Error.OBJECT_NOT_FOUND });
  });

  it('saves many in one batch and queries them in all the usual ways', async () => {
    const all = Array.from(
      { length: 20 },
      (_, i) => new Parse.Object('Row', { i, even: i % 2 === 0, name: `row ${i}`, tags: [`t${i}`, 'all'] }),
    );
    await Parse.Object.saveAll(all);
    const query = () => new Parse.Query('Row');
    const of = async (q: Parse.Query) => (await q.ascending('i').find()).map((each) => each.get('i'));
    expect(await of(query().greaterThan('i', 16))).toEqual([17, 18, 19]);
    expect(await of(query().containedIn('i', [1, 3, 99]))).toEqual([1, 3]);
    expect(await of(query().equalTo('tags', 't7'))).toEqual([7]);
    expect(await of(query().containsAll('tags', ['t7', 'all']))).toEqual([7]);
    expect(await of(query().startsWith('name', 'row 1').lessThan('i', 11))).toEqual([1, 10]);
    expect(await of(Parse.Query.or(query().equalTo('i', 2), query().equalTo('i', 5)))).toEqual([2, 5]);
    expect(await of(query().doesNotExist('missing').equalTo('even', true).skip(8))).toEqual([16, 18]);
    expect(await query().equalTo('even', true).count()).toBe(10);
    expect(await query().count({ useMasterKey: true })).toBe(20);
    expect((await query().distinct('even')).sort()).toEqual([false, true]);
    const sum = await query().aggregate([{ $group: { _id: null, total: { $sum: '$i' } } }]);
    expect(sum[0].total).toBe(190);
    await Parse.Object.destroyAll(all);
    expect(await query().count()).toBe(0);
  });

  it('finds what is near', async () => {
    const at = (name: string, latitude: number) => new Parse.Object('Place', { name, where: new Parse.GeoPoint(latitude, 13) });
    await Parse.Object.saveAll([at('far', 60), at('near', 52.01), at('here', 52)]);
    const here = new Parse.GeoPoint(52, 13);
    const names = (found: Parse.Object[]) => found.map((each) => each.get('name'));
    expect(names(await new Parse.Query('Place').near('where', here).find())).toEqual(['here', 'near', 'far']);
    expect(names(await new Parse.Query('Place').withinKilometers('where', here, 5).find())).toEqual(['here', 'near']);
  });

  it('follows pointers and relations', async () => {
    const author = await new Parse.Object('Author').save({ name: 'Lem' });
    const books = await Parse.Object.saveAll([
      new Parse.Object('Book', { title: 'A', author }),
      new Parse.Object('Book', { title: 'B', author }),
    ]);
    author.relation('books').add(books);
    await author.save();
    expect(await author.relation('books').query().count()).toBe(2);
    const book = await new Parse.Query('Book').equalTo('title', 'A').include('author').first();
    expect(book?.get('author').get('name')).toBe('Lem');
    const inner = new Parse.Query('Author').equalTo('name', 'Lem');
    expect(await new Parse.Query('Book').matchesQuery('author', inner).count()).toBe(2);
  });

  it('refuses a stranger what ACL and role give to others', async () => {
    const owner = await signUp('owner', 'a long password');
    const ownersToken = tokenOf(owner);
    const acl = new Parse.ACL();
    const role = new Parse.Role('editors', new Parse.ACL());
    role.getUsers().add(owner);
    await role.save(null, { useMasterKey: true });
    acl.setRoleReadAccess('editors', true);
    acl.setRoleWriteAccess('editors', true);
    const secret = new Parse.Object('Secret', { text: 'x' });
    secret.setACL(acl);
    await secret.save(null, { sessionToken: ownersToken });
    const stranger = await signUp('stranger', 'a long password');
    const strangersToken = tokenOf(stranger);
    const read = (sessionToken?: string) => new Parse.Query('Secret').find({ sessionToken });
    expect(await read(ownersToken)).toHaveLength(1);
    expect(await read(strangersToken)).toHaveLength(0);
    const change = new Parse.Object('Secret', { id: secret.id, text: 'y' });
    await expect(change.save(null, { sessionToken: strangersToken })).rejects.toMatchObject({
      code: Parse.Error.OBJECT_NOT_FOUND,
    });
    await Parse.User.logOut();
    expect(await read()).toHaveLength(0);
  });

  it('keeps a file byte for byte, also in parts', async () => {
    await signUp('uploader', 'a long password');
    const bytes = randomBytes(300_000);
    const file = new Parse.File('photo.bin', [...bytes]);
    const owner = new Parse.Object('Photo', { file: await file.save() });
    await owner.save();
    await Parse.User.logOut();
    const read = await new Parse.Query('Photo').get(owner.id as string);
    const url = (read.get('file') as Parse.File).url() as string;
    expect(url).toContain(`/parse/files/${config.applicationId}/`);
    const all = await fetch(url);
    expect(all.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await all.arrayBuffer()).equals(bytes)).toBe(true);
    const part = await fetch(url, { headers: { Range: 'bytes=1000-1999' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 1000-1999/300000']);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1000, 2000))).toBe(true);
    expect((await fetch(url, { headers: { Range: 'bytes=300000-' } })).status).toBe(416);
    await (read.get('file') as Parse.File).destroy({ useMasterKey: true });
    expect((await fetch(url)).status).toBe(404);
  });

  it('tells subscribers what happens, and only what they may see', async () => {
    // without the master key, which would see all
    const client = new Parse.LiveQueryClient({
      applicationId: config.applicationId,
      javascriptKey: config.keys.javascript.current,
      serverURL: runtime.url('/parse').replace('http', 'ws'),
    });
    client.open();
    const subscription = client.subscribe(new Parse.Query('Message').equalTo('room', 1)) as Parse.LiveQuerySubscription;
    await subscription.subscribePromise;
    const events: string[] = [];
    for (const event of ['create', 'update', 'leave', 'delete'] as const) {
      subscription.on(event, (each) => events.push(`${event} ${each.get('text')}`));
    }
    const message = new Parse.Object('Message', { room: 1, text: 'a' });
    await message.save();
    const hidden = new Parse.Object('Message', { room: 1, text: 'hidden' });
    hidden.setACL(new Parse.ACL());
    await hidden.save(null, { useMasterKey: true });
    await message.save({ text: 'b' });
    await message.save({ room: 2 });
    await new Parse.Object('Message', { room: 1, text: 'last' }).save();
    while (!events.includes('create last')) await sleep(20);
    expect(events).toEqual(['create a', 'update b', 'leave b', 'create last']);
    await client.close();
  });

  it('serves GraphQL', async () => {
    await new Parse.Object('Row', { i: 7, name: 'seven' }).save();
    const ask = (query: string, headers = restHeaders(config)) =>
      runtime.http('/graphql', { method: 'POST', body: { query }, headers });
    expect((await ask('{ health }')).body).toEqual({ data: { health: true } });
    const rows = await ask('{ rows(where: { i: { equalTo: 7 } }) { edges { node { name } } } }');
    expect(rows.body.data.rows.edges).toEqual([{ node: { name: 'seven' } }]);
    const made = await ask('mutation { createRow(input: { fields: { i: 8, name: "eight" } }) { row { name } } }');
    expect(made.body.data.createRow.row.name).toBe('eight');
    expect((await ask('{ __schema { types { name } } }')).status).toBe(403);
    expect((await ask('{ __schema { types { name } } }', masterHeaders(config))).status).toBe(200);
    expect((await ask('{ health }', { 'x-parse-application-id': config.applicationId })).status).toBe(403);
  });

  it('keeps configuration, schemas, hooks and sessions', async () => {
    await Parse.Config.save({ colour: 'red', hidden: 'no' }, { hidden: true });
    expect((await Parse.Config.get()).get('colour')).toBe('red');
    const schema = new Parse.Schema('Designed');
    schema.addString('name').addNumber('age').addIndex('by_name', { name: 1 });
    await schema.save();
    expect((await new Parse.Schema('Designed').get()).fields.age).toEqual({ type: 'Number' });
    await new Parse.Schema('Designed').delete();
    await expect(new Parse.Schema('Designed').get()).rejects.toMatchObject({ code: Parse.Error.INVALID_CLASS_NAME });
    await Parse.Hooks.createFunction('hook', 'https://example.com/hook');
    expect(await Parse.Hooks.getFunctions()).toHaveLength(1);
    await Parse.Hooks.removeFunction('hook');
    await signUp('sessions', 'a long password');
    expect((await Parse.Session.current()).get('createdWith')).toMatchObject({ action: 'signup' });
    await Parse.User.logOut();
  });

  it('lets anonymous users in and turns them into real ones', async () => {
    const user = await Parse.AnonymousUtils.logIn();
    expect(user.id).toBeTruthy();
    await user.signUp({ username: 'now real', password: 'a long password' });
    await Parse.User.logOut();
    expect((await Parse.User.logIn('now real', 'a long password')).id).toBe(user.id);
    await Parse.User.logOut();
  });

  it('repeats a repeated request once', async () => {
    const headers = restHeaders(config, { 'x-parse-request-id': 'once' });
    const post = () => runtime.http('/parse/classes/Once', { method: 'POST', body: { a: 1 }, headers });
    expect((await post()).status).toBe(201);
    expect((await post()).body.code).toBe(Parse.Error.DUPLICATE_REQUEST);
    expect(await new Parse.Query('Once').count()).toBe(1);
  });

  it('holds its password policy and locks an account that is guessed at', async () => {
    await expect(signUp('weak', 'short')).rejects.toMatchObject({ code: Parse.Error.VALIDATION_ERROR });
    await signUp('guessed', 'a long password');
    await Parse.User.logOut();
    for (let i = 0; i < 10; i++) await expect(Parse.User.logIn('guessed', 'wrong')).rejects.toThrow();
    await expect(Parse.User.logIn('guessed', 'a long password')).rejects.toThrow(/locked/);
  });

  it('says nothing of deprecations in its log', () => {
    expect(runtime.logs()).not.toMatch(/deprecat/i);
    expect(runtime.logs()).not.toMatch(/"level":"(error|fatal)"/);
  });
});

function signUp(username: string, password: string): Promise<Parse.User> {
  return Parse.User.signUp(username, password, {});
}

function tokenOf(user: Parse.User): string {
  return user.getSessionToken() ?? '';
}
