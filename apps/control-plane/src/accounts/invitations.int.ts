import { bearer, goodPassword, type Person, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';

let api: TestApi;
let operator: Person;
beforeAll(async () => {
  api = await startApi({ BERTH_SIGN_UP: 'invitation' });
  operator = await signUp(api, 'operator@example.com');
});
afterAll(() => api?.close());

const invite = (body: object) => api.http.post('/v1/invitations').set(bearer(operator)).send(body);
const join = (email: string, invitation?: string) =>
  api.http.post('/v1/accounts').send({ email, password: goodPassword, ...(invitation ? { invitation } : {}) });

it('sign-up needs an invitation', async () => {
  expect((await join('a@example.com').expect(403)).body.code).toBe('INVITATION_REQUIRED');
  expect((await join('a@example.com', 'bri_guess').expect(400)).body.code).toBe('INVITATION_INVALID');
});

it('lets one person in, however many try at once', async () => {
  const made = await invite({}).expect(201);
  expect(made.body.url).toBe(`http://localhost:4000/sign-up?invitation=${made.body.secret}`);
  expect(JSON.stringify(await api.db.collection('invitations').find().toArray())).not.toContain(made.body.secret);
  const answers = await Promise.all([1, 2, 3, 4].map((i) => join(`racer${i}@example.com`, made.body.secret)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400]);
  const list = await api.http.get('/v1/invitations').set(bearer(operator)).expect(200);
  expect(list.body.items.find(({ id }: { id: string }) => id === made.body.invitation.id).usedAt).not.toBeNull();
});

it('for one address lets no other in', async () => {
  const made = await invite({ email: 'Only@Example.com' }).expect(201);
  expect((await join('other@example.com', made.body.secret).expect(400)).body.code).toBe('INVITATION_INVALID');
  await join('only@example.com', made.body.secret).expect(201);
});

it('can be taken back, and ends', async () => {
  const taken = await invite({}).expect(201);
  await api.http.delete(`/v1/invitations/${taken.body.invitation.id}`).set(bearer(operator)).expect(204);
  await join('late@example.com', taken.body.secret).expect(400);
  const old = await invite({ expiresInDays: 1 }).expect(201);
  await api.db
    .collection<{ _id: string }>('invitations')
    .updateOne({ _id: old.body.invitation.id }, { $set: { expiresAt: new Date(Date.now() - 1) } });
  await join('late@example.com', old.body.secret).expect(400);
});

it('is the operator’s alone', async () => {
  const made = await invite({}).expect(201);
  await join('member@example.com', made.body.secret).expect(201);
  const signedIn = await api.http
    .post('/v1/tokens/sign-in')
    .send({ email: 'member@example.com', password: goodPassword, name: 'x' });
  const member = { token: signedIn.body.secret };
  expect((await api.http.get('/v1/invitations').set(bearer(member)).expect(403)).body.code).toBe('OPERATOR_ONLY');
  expect((await api.http.post('/v1/invitations').set(bearer(member)).send({}).expect(403)).body.code).toBe('OPERATOR_ONLY');
  const path = `/v1/invitations/${made.body.invitation.id}`;
  expect((await api.http.delete(path).set(bearer(member)).expect(403)).body.code).toBe('OPERATOR_ONLY');
});

it('a closed platform takes nobody', async () => {
  const closed = await startApi({ BERTH_SIGN_UP: 'closed' });
  try {
    await signUp(closed, 'operator@example.com');
    const refused = await closed.http.post('/v1/accounts').send({ email: 'a@example.com', password: goodPassword }).expect(403);
    expect(refused.body.code).toBe('SIGN_UP_CLOSED');
  } finally {
    await closed.close();
  }
});
