import { type TestDatabase, testDatabase } from '@berth/testing/test-database';
import type { Collection } from 'mongodb';
import { isDuplicateKey, retryConflicts } from './retry';

interface Row {
  _id: string;
  key?: string;
  count?: number;
}

let database: TestDatabase;
let rows: Collection<Row>;
beforeAll(async () => {
  database = await testDatabase();
  rows = database.client.db(database.name).collection('rows');
  await rows.createIndex({ key: 1 }, { unique: true, partialFilterExpression: { key: { $type: 'string' } } });
  await rows.insertOne({ _id: 'taken', key: 'taken' });
});
afterAll(() => database.drop());

const upsert = { upsert: true };
it.each<[string, () => Promise<unknown>]>([
  ['an insert of a taken id', () => rows.insertOne({ _id: 'taken' })],
  ['an insert of a taken key', () => rows.insertOne({ _id: 'other', key: 'taken' })],
  ['an upsert of a taken id', () => rows.updateOne({ _id: 'taken', count: 1 }, { $set: { count: 2 } }, upsert)],
  ['findOneAndUpdate with a taken id', () => rows.findOneAndUpdate({ _id: 'taken', count: 1 }, { $set: { count: 2 } }, upsert)],
  ['findOneAndUpdate with a taken key', () => rows.findOneAndUpdate({ _id: 'other' }, { $set: { key: 'taken' } }, upsert)],
])('%s is a duplicate key', async (_what, write) => {
  const error = await write().catch((thrown: unknown) => thrown);
  expect(isDuplicateKey(error)).toBe(true);
});

it('another error is not', async () => {
  const error = await rows.updateOne({ _id: 'taken' }, { $unknown: {} } as never).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(isDuplicateKey(error)).toBe(false);
});

it('all concurrent upserts of a missing key arrive when they are tried again', async () => {
  const add = () => retryConflicts(() => rows.findOneAndUpdate({ _id: 'counter' }, { $inc: { count: 1 } }, upsert));
  await Promise.all([...Array(20)].map(add));
  expect((await rows.findOne({ _id: 'counter' }))?.count).toBe(20);
});
