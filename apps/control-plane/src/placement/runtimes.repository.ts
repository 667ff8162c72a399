import type { DesiredPower, NodeDocument, RuntimeDocument } from '@berth/contracts/documents/runtime';
import { sharedCollections } from '@berth/database/collections';
import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Collection } from 'mongodb';
import type { Connection } from 'mongoose';
import type { NodeLoad } from './choose-node';

/** What the control plane may change of a runtime: all but `observed`. */
export interface RuntimeChange {
  power?: DesiredPower;
  config?: RuntimeDocument['config'];
  purge?: RuntimeDocument['purge'];
}

const dayMs = 24 * 3600_000;

/** Runtimes have no organization of their own: whoever asks for one has come by way of an environment in its scope. */
@Injectable()
export class RuntimesRepository {
  private readonly runtimes: Collection<RuntimeDocument>;
  private readonly nodes: Collection<NodeDocument>;

  constructor(@InjectConnection() connection: Connection) {
    if (!connection.db) throw new Error('the connection to MongoDB is not open');
    ({ runtimes: this.runtimes, nodes: this.nodes } = sharedCollections(connection.db));
  }

  async insert(runtime: RuntimeDocument): Promise<void> {
    await this.runtimes.insertOne(runtime);
  }

  async find(id: string): Promise<RuntimeDocument | null> {
    return this.runtimes.findOne({ _id: id });
  }

  async byIds(ids: readonly string[]): Promise<RuntimeDocument[]> {
    return ids.length === 0 ? [] : this.runtimes.find({ _id: { $in: [...ids] } }).toArray();
  }

  /**
   * Changes what is desired and wakes the reconciler, unless the record was changed since `runtime` was read.
   * @returns false then.
   */
  async change(runtime: RuntimeDocument, { power, config, purge }: RuntimeChange, now: Date): Promise<boolean> {
    const desired = { power: power ?? runtime.desired.power, revision: runtime.desired.revision + 1, at: now };
    const result = await this.runtimes.updateOne(
      { _id: runtime._id, 'desired.revision': runtime.desired.revision },
      { $set: { desired, reconcileAt: now, ...(config ? { config } : {}), ...(purge === undefined ? {} : { purge }) } },
    );
    return result.matchedCount === 1;
  }

  async nodesByIds(ids: readonly string[]): Promise<NodeDocument[]> {
    return ids.length === 0 ? [] : this.nodes.find({ _id: { $in: [...ids] } }).toArray();
  }

  /** Every node with what is placed on it. */
  async nodeLoads(): Promise<NodeLoad[]> {
    const [nodes, sums] = await Promise.all([
      this.nodes.find().toArray(),
      this.runtimes
        .aggregate<{ _id: string; runtimes: number; memoryMb: number }>([
          { $match: { 'desired.power': { $in: ['running', 'frozen', 'stopped'] } } },
          { $group: { _id: '$nodeId', runtimes: { $sum: 1 }, memoryMb: { $sum: '$size.memoryMb' } } },
        ])
        .toArray(),
    ]);
    const byNode = new Map(sums.map((sum) => [sum._id, sum]));
    return nodes.map((node) => ({
      node,
      runtimes: byNode.get(node._id)?.runtimes ?? 0,
      memoryMb: byNode.get(node._id)?.memoryMb ?? 0,
    }));
  }

  /** Drops the records of runtimes that were removed, data and all, more than a day ago. */
  async forgetDeleted(now: Date): Promise<number> {
    const result = await this.runtimes.deleteMany({
      'desired.power': 'deleted',
      'observed.state': 'deleted',
      'observed.since': { $lt: new Date(now.getTime() - dayMs) },
      purge: { $ne: null },
    });
    return result.deletedCount;
  }
}
