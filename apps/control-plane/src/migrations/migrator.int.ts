import { createLogger } from '@berth/observability/logger';
import { type TestDatabase, testDatabase } from '@berth/testing/test-database';
import type { Db } from 'mongodb';
import { withLease } from './lease';
import { migrations } from './list';
import type { Migration } from './migration';
import { DataTooNewError, Migrator } from './migrator';

const logger = createLogger('test', 'silent');
let database: TestDatabase;
let db: Db;
beforeEach(async () => {
  database = await testDatabase();
  db = database.client.db(database.name);
});
afterEach(() => database.drop());

const counting = (version: number): Migration => ({
  version,
  name: `step ${version}`,
  up: async (target) => {
    await target.collection('runs').insertOne({ version });
  },
});
const runs = async () => (await db.collection('runs').find().sort({ _id: 1 }).toArray()).map(({ version }) => version);

it('applies each step once and in order, however many processes start', async () => {
  const steps = [1, 2, 3].map(counting);
  await Promise.all([...Array(5)].map(() => new Migrator(db, steps, logger).run()));
  await new Migrator(db, steps, logger).run();
  expect(await runs()).toEqual([1, 2, 3]);
});

it('goes on after the step that failed', async () => {
  let broken = true;
  const second: Migration = {
    ...counting(2),
    up: async (target) => {
      if (broken) throw new Error('the disk is full');
      await counting(2).up(target);
    },
  };
  const migrator = new Migrator(db, [counting(1), second, counting(3)], logger);
  await expect(migrator.run()).rejects.toThrow('the disk is full');
  broken = false;
  await migrator.run();
  expect(await runs()).toEqual([1, 2, 3]);
});

it('refuses data of a newer Berth', async () => {
  await new Migrator(db, [1, 2].map(counting), logger).run();
  await expect(new Migrator(db, [counting(1)], logger).run()).rejects.toThrow(DataTooNewError);
});

it('another process waits until it is done', async () => {
  const waiting = new Migrator(db, [counting(1)], logger).waitUntilCurrent(20);
  await new Migrator(db, [counting(1)], logger).run();
  await waiting;
});

it('a lease whose holder was killed is taken over, one that is held is not', async () => {
  await db
    .collection<{ _id: string }>('leases')
    .insertOne({ _id: 'dead', owner: 'x', expiresAt: new Date(Date.now() - 1) } as never);
  expect(await withLease(db, 'dead', 0, async () => 'done')).toBe('done');
  await withLease(db, 'held', 0, async () => {
    await expect(withLease(db, 'held', 0, async () => 'stolen')).rejects.toThrow('another process');
  });
  expect(await withLease(db, 'held', 0, async () => 'free again')).toBe('free again');
});

it('the numbers of the migrations rise by one', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
});
