import { randomUUID } from 'node:crypto';
import { isDuplicateKey } from '@berth/database/retry';
import type { Db } from 'mongodb';

interface LeaseDocument {
  _id: string;
  owner: string;
  expiresAt: Date;
}

const leaseMs = 4000;
const renewEveryMs = 1000;
const retryEveryMs = 250;

/** Runs `work` while no other process does, and keeps the lease alive meanwhile. One that was killed is followed after four seconds. */
export async function withLease<T>(db: Db, name: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const leases = db.collection<LeaseDocument>('leases');
  const owner = randomUUID();
  const take = async (): Promise<boolean> => {
    const now = new Date();
    try {
      const lease = await leases.findOneAndUpdate(
        { _id: name, $or: [{ owner }, { expiresAt: { $lt: now } }] },
        { $set: { owner, expiresAt: new Date(now.getTime() + leaseMs) } },
        { upsert: true, returnDocument: 'after' },
      );
      return lease?.owner === owner;
    } catch (error) {
      // It exists and is another's: the upsert could not insert a second one.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  };
  const giveUpAt = Date.now() + waitMs;
  while (!(await take())) {
    if (Date.now() > giveUpAt) throw new Error(`another process holds the lease “${name}”`);
    await new Promise((resolve) => setTimeout(resolve, retryEveryMs));
  }
  const renewal = setInterval(() => void take().catch(() => undefined), renewEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await leases.deleteOne({ _id: name, owner });
  }
}
