import { bearer, goodPassword, type Person, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';

let api: TestApi;
let ada: Person;
beforeAll(async () => {
  api = await startApi();
  ada = await signUp(api, 'ada@example.com');
});
afterAll(() => api?.close());
beforeEach(async () => {
  await api.db.collection('attempts').deleteMany({});
});

// The API listens on loopback, whose X-Forwarded-For it believes.
const signIn = (email: string, password: string, address: string) =>
  api.http.post('/v1/sessions').set('X-Forwarded-For', address).send({ email, password });

async function failures(count: number, email: string, addressOf: (index: number) => string) {
  const answers = [];
  for (let i = 0; i < count; i++) answers.push((await signIn(email, 'wrong-password', addressOf(i))).status);
  return answers;
}

it('lets an account be guessed ten times in a quarter of an hour, from wherever', async () => {
  const answers = await failures(12, ada.email, (i) => `198.51.100.${i}`);
  expect(answers).toEqual([...Array(10).fill(401), 429, 429]);
  const refused = await signIn(ada.email, goodPassword, '198.51.100.99');
  expect([refused.status, refused.body.code]).toEqual([429, 'SIGN_IN_LIMITED']);
  expect(Number(refused.headers['retry-after'])).toBe(refused.body.details.seconds);
});

it('counts tries that come at the same time', async () => {
  const answers = await Promise.all([...Array(30)].map((_, i) => signIn(ada.email, 'wrong-password', `198.51.100.${i}`)));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
});

it('answers alike for an address without an account', async () => {
  expect(await failures(12, 'nobody@example.com', (i) => `198.51.100.${i}`)).toEqual([...Array(10).fill(401), 429, 429]);
});

it('does not lock the owner out of an address that was used before', async () => {
  await signIn(ada.email, goodPassword, '203.0.113.7').expect(201);
  await failures(12, ada.email, (i) => `198.51.100.${i}`);
  await signIn(ada.email, goodPassword, '198.51.100.200').expect(429);
  await signIn(ada.email, goodPassword, '203.0.113.7').expect(201);
  await signIn(ada.email, goodPassword, '203.0.113.7').expect(201);
});

it('limits the known address as well', async () => {
  await signIn(ada.email, goodPassword, '203.0.113.7').expect(201);
  expect(await failures(11, ada.email, () => '203.0.113.7')).toEqual([...Array(10).fill(401), 429]);
});

it('limits one address over all accounts, and a network of IPv6 as one', async () => {
  const answers = [];
  for (let i = 0; i < 51; i++)
    answers.push((await signIn(`person${i}@example.com`, 'wrong-password', `2001:db8:1:2::${i}`)).status);
  expect(answers).toEqual([...Array(50).fill(401), 429]);
  await signIn(ada.email, goodPassword, '2001:db8:1:3::1').expect(201);
});

it('gives back the try of a right password', async () => {
  for (let i = 0; i < 12; i++) await signIn(ada.email, goodPassword, `198.51.100.${i}`).expect(201);
});

it('lets go when the time is over', async () => {
  await failures(11, ada.email, (i) => `198.51.100.${i}`);
  await api.db.collection('attempts').updateMany({}, { $set: { windowEndsAt: new Date(Date.now() - 1) } });
  await signIn(ada.email, goodPassword, '198.51.100.99').expect(201);
});

it('limits the guessing of the present password by a stolen session', async () => {
  const set = bearer(ada);
  const change = () =>
    api.http.post('/v1/account/password').set(set).send({ current: 'wrong-password', next: 'another-harbour-77' });
  const answers = [];
  for (let i = 0; i < 11; i++) answers.push((await change()).status);
  expect(answers).toEqual([...Array(10).fill(403), 429]);
});

it('limits how many accounts one address makes', async () => {
  const address = '203.0.113.50';
  const make = () =>
    api.http.post('/v1/accounts').set('X-Forwarded-For', address).send({ email: 'x@example.com', password: 'short' });
  await make().expect(400);
  await api.db.collection('attempts').updateMany({}, { $set: { count: 100 } });
  expect((await make().expect(429)).body.code).toBe('TOO_MANY_REQUESTS');
});
