import type { RuntimeDocument, RuntimeObservation } from '@berth/contracts/documents/runtime';
import type { ErrorCode } from '@berth/errors/catalogue';
import type { Collection } from 'mongodb';

/** What an inventory has to know of a record. */
export type RuntimeSummary = Pick<RuntimeDocument, '_id' | 'purge'> & {
  desired: { power: RuntimeDocument['desired']['power'] };
} & {
  observed: Pick<RuntimeObservation, 'state'>;
};

const summaryFields = { _id: 1, purge: 1, 'desired.power': 1, 'observed.state': 1 } as const;

/** The records of this node's runtimes. Only `observed` and `reconcileAt` are ever written here. */
export class RuntimeRecords {
  constructor(
    private readonly collection: Collection<RuntimeDocument>,
    private readonly nodeId: string,
  ) {}

  async ensureIndexes(): Promise<void> {
    await this.collection.createIndexes([
      { key: { nodeId: 1, reconcileAt: 1 }, name: 'node_reconcile' },
      { key: { nodeId: 1, 'observed.state': 1 }, name: 'node_state' },
    ]);
  }

  async find(id: string): Promise<RuntimeDocument | null> {
    return this.collection.findOne({ _id: id, nodeId: this.nodeId });
  }

  /** Ids of those to look at, the longest waiting first. */
  async due(now: Date, limit: number): Promise<string[]> {
    const rows = await this.collection
      .find({ nodeId: this.nodeId, reconcileAt: { $lte: now } }, { projection: { _id: 1 } })
      .sort({ reconcileAt: 1 })
      .limit(limit)
      .toArray();
    return rows.map((row) => row._id);
  }

  /** Writes what is seen while work goes on. Gives the record as it is then, since another may have changed what is desired. */
  async saveProgress(row: RuntimeDocument, observed: RuntimeObservation): Promise<RuntimeDocument | null> {
    // A record that was settled until now is marked, so that whoever comes after a kill finds it.
    const due = row.reconcileAt ?? new Date();
    return this.collection.findOneAndUpdate(
      { _id: row._id, nodeId: this.nodeId },
      { $set: { observed, reconcileAt: due } },
      { returnDocument: 'after' },
    );
  }

  /**
   * Writes a state together with the next time to look; null for settled. Does nothing and gives false when the record was changed since
   * `row` was read: then the next look would be lost.
   */
  async saveOutcome(row: RuntimeDocument, observed: RuntimeObservation, reconcileAt: Date | null): Promise<boolean> {
    const unchanged = { 'desired.revision': row.desired.revision, reconcileAt: row.reconcileAt };
    const result = await this.collection.updateOne(
      { _id: row._id, nodeId: this.nodeId, ...unchanged },
      { $set: { observed, reconcileAt } },
    );
    return result.matchedCount === 1;
  }

  /** Has all that failed for this cause looked at now, because it is gone. */
  async retryAllWith(code: ErrorCode): Promise<void> {
    const now = new Date();
    await this.collection.updateMany(
      { nodeId: this.nodeId, reconcileAt: { $gt: now }, 'observed.reason.code': code },
      { $set: { reconcileAt: now } },
    );
  }

  async summaries(ids: readonly string[]): Promise<Map<string, RuntimeSummary>> {
    const found = new Map<string, RuntimeSummary>();
    for (let from = 0; from < ids.length; from += 1000) {
      const rows = await this.collection
        .find({ _id: { $in: ids.slice(from, from + 1000) }, nodeId: this.nodeId }, { projection: summaryFields })
        .toArray();
      for (const row of rows) found.set(row._id, row as RuntimeSummary);
    }
    return found;
  }

  /** Ids of those that are meant to serve at this moment. */
  async serving(): Promise<string[]> {
    const rows = await this.collection
      .find({ nodeId: this.nodeId, 'observed.state': { $in: ['running', 'frozen'] } }, { projection: { _id: 1 } })
      .toArray();
    return rows.map((row) => row._id);
  }

  async countByState(): Promise<Record<string, number>> {
    const groups = await this.collection
      .aggregate<{ _id: string; count: number }>([
        { $match: { nodeId: this.nodeId } },
        { $group: { _id: '$observed.state', count: { $sum: 1 } } },
      ])
      .toArray();
    return Object.fromEntries(groups.map((group) => [group._id, group.count]));
  }
}
