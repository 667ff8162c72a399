import type { Db } from 'mongodb';
import { retryConflicts } from './retry';

interface Counter {
  _id: string;
  value: number;
}

/**
 * The next revision of the route maps. A writer takes it first and writes after, so a reader may see 6 before 5: readers ask for
 * everything newer than what they have *minus* `revisionOverlap`.
 */
export async function nextRoutesRevision(db: Db): Promise<number> {
  const counter = await retryConflicts(() =>
    db
      .collection<Counter>('counters')
      .findOneAndUpdate({ _id: 'routes' }, { $inc: { value: 1 } }, { upsert: true, returnDocument: 'after' }),
  );
  if (!counter) throw new Error('the counter of routes was not returned');
  return counter.value;
}

export const revisionOverlap = 200;
