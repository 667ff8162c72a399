import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type TestDatabase, testDatabase } from '@berth/testing/test-database';
import { MongoClient } from 'mongodb';
import { fixDriver } from './driver-fix';

/** What the test needs of the driver's inside. */
interface Inside {
  topology: { s: { servers: Map<string, { requestCheck(): void; monitor: { connection: { socket: { destroy(): void } } } }> } };
}

let database: TestDatabase;
let client: MongoClient;
beforeAll(async () => {
  fixDriver();
  fixDriver(); // once is enough, twice does no harm
  database = await testDatabase();
  client = await new MongoClient(database.url, { serverSelectionTimeoutMS: 10_000 }).connect();
});
afterAll(async () => {
  await client.close();
  await database.drop();
});

it('a monitor whose connection ends while it asks finds the server again', async () => {
  const [server] = (client as unknown as Inside).topology.s.servers.values();
  await sleep(700); // the driver asks no sooner after its last heartbeat
  server!.monitor.connection.socket.destroy(); // destroyed at once, closed a moment later: as at a killed server's end
  server!.requestCheck(); // what another connection's end does in the same moment
  await once(client, 'serverHeartbeatFailed');
  await expect(client.db().command({ ping: 1 })).resolves.toMatchObject({ ok: 1 });
});
