import { randomBytes } from 'node:crypto';
import { fixDriver } from '@berth/database/driver-fix';
import { MongoClient } from 'mongodb';

export interface TestDatabase {
  /** Address with the database's name in it. */
  url: string;
  name: string;
  client: MongoClient;
  drop(): Promise<void>;
}

/** A database of one's own on the server that the tests were given. Drop it in `afterAll`. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  const url = new URL(required('BERTH_TEST_MONGODB_URL'));
  url.pathname = `/${name}`;
  fixDriver();
  const client = await new MongoClient(url.href, { serverSelectionTimeoutMS: 10_000 }).connect();
  return {
    url: url.href,
    name,
    client,
    drop: async () => {
      await client.db(name).dropDatabase();
      await client.close();
    },
  };
}

/** Address of the Redis that the tests were given. */
export function testRedisUrl(): string {
  return required('BERTH_TEST_REDIS_URL');
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the integration tests with npm test -- --layer integration`);
  return value;
}
