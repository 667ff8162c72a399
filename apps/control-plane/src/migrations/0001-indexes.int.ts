import { createLogger } from '@berth/observability/logger';
import { type TestDatabase, testDatabase } from '@berth/testing/test-database';
import type { Db } from 'mongodb';
import { indexesMigration } from './0001-indexes';
import { indexes } from './indexes';
import { Migrator } from './migrator';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await testDatabase();
  db = database.client.db(database.name);
  // The version before has no data at all, but a first start may have been cut off in the middle.
  await db.collection('accounts').createIndex({ email: 1 }, { name: 'one_account_an_email', unique: true });
  await new Migrator(db, [indexesMigration], createLogger('test', 'silent')).run();
});
afterAll(() => database.drop());

it('every index is there as it was declared', async () => {
  expect(indexes.length).toBeGreaterThan(10);
  for (const { collection, name, key, unique, partialFilterExpression, expireAfterSeconds } of indexes) {
    const made = (await db.collection(collection).indexes()).find((index) => index.name === name);
    expect({ collection, ...made }).toMatchObject({
      collection,
      name,
      key,
      ...(unique ? { unique } : {}),
      ...(partialFilterExpression ? { partialFilterExpression } : {}),
      ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
    });
  }
});

it('can be run again', async () => {
  await indexesMigration.up(db);
});

it('partial indexes leave out the documents that lack the field', async () => {
  const accounts = db.collection<{ _id: string; email: string; first?: boolean }>('accounts');
  await accounts.insertMany([
    { _id: 'acc_1', email: 'a@example.com', first: true },
    { _id: 'acc_2', email: 'b@example.com' },
    { _id: 'acc_3', email: 'c@example.com' },
  ]);
  await expect(accounts.insertOne({ _id: 'acc_4', email: 'd@example.com', first: true })).rejects.toMatchObject({ code: 11000 });
  await expect(accounts.insertOne({ _id: 'acc_5', email: 'a@example.com' })).rejects.toMatchObject({ code: 11000 });
});
