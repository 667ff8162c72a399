import { createLogger } from '@berth/observability/logger';
import { testDatabase } from '@berth/testing/test-database';
import { bearer, type Person, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';
import { type TcpGate, tcpGate } from '../../test/tcp-gate';
import { connectMongodb, DatabaseAwayError } from './mongodb';

const silent = createLogger('test', 'silent');
jest.setTimeout(60_000);

let gate: TcpGate;
let api: TestApi;
let ada: Person;

/** The address of the tests' MongoDB through the gate. */
function through(url: string): string {
  const changed = new URL(url);
  changed.port = String(gate.port);
  return changed.href;
}

beforeAll(async () => {
  gate = await tcpGate(Number(new URL(process.env.BERTH_TEST_MONGODB_URL ?? '').port));
  api = await startApi({}, through);
  ada = await signUp(api, 'ada@example.com');
});
afterAll(async () => {
  await api?.close();
  await gate?.shut();
});

const hangingIsOver = { deadline: 6000, response: 6000 };
const whoAmI = () => api.http.get('/v1/account').set(bearer(ada)).timeout(hangingIsOver);

async function expectUnavailable(): Promise<void> {
  const answers = await Promise.all([whoAmI(), whoAmI(), api.http.get('/v1/setup').timeout(hangingIsOver)]);
  for (const { status, body, headers } of answers) {
    expect([status, body.code]).toEqual([503, 'UNAVAILABLE']);
    expect(headers['retry-after']).toBe('5');
    expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|Mongo/);
  }
  const ready = await api.http.get('/health/ready').expect(503);
  expect(ready.body).toEqual({
    status: 'not ready',
    parts: { mongodb: expect.stringMatching(/^(does not answer|no answer within \d+ ms)$/) },
  });
  await api.http.get('/health/live').expect(200);
}

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100 && !(await check()); i++) await new Promise((resolve) => setTimeout(resolve, 100));
}

it('answers 503 while MongoDB is gone, and goes on by itself when it is back', async () => {
  await gate.shut();
  await expectUnavailable();
  await gate.open();
  await eventually(async () => (await whoAmI()).status === 200);
  await whoAmI().expect(200);
  await api.http.get('/health/ready').expect(200);
});

it('answers 503 while MongoDB hangs, and goes on by itself', async () => {
  gate.freeze(true);
  await expectUnavailable();
  gate.freeze(false);
  await eventually(async () => (await whoAmI()).status === 200);
  await whoAmI().expect(200);
});

describe('at the start', () => {
  it('waits for a MongoDB that comes up later', async () => {
    const database = await testDatabase();
    await gate.shut();
    const connecting = connectMongodb(through(database.url), silent, 20_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await gate.open();
    const connection = await connecting;
    expect(connection.readyState).toBe(1);
    await connection.close();
    await database.drop();
  });

  it('gives up with a plain sentence', async () => {
    await gate.shut();
    const connecting = connectMongodb(`mongodb://127.0.0.1:${gate.port}/x`, silent, 100);
    await expect(connecting).rejects.toThrow(DatabaseAwayError);
    await gate.open();
  });
});
