import type { RouteAddress } from '@berth/contracts/documents/routes';
import { runtimePort } from '@berth/contracts/documents/routes';
import { retryConflicts } from '@berth/database/retry';
import { nextRoutesRevision } from '@berth/database/routes-revision';
import type { HintBus } from '@berth/jobs/hint-bus';
import type { Collection, Db } from 'mongodb';

const tombstoneMs = 24 * 3600_000;

/** Where the gateway finds each environment. Owned by the reconciler. */
export class RouteAddresses {
  constructor(
    private readonly db: Db,
    private readonly collection: Collection<RouteAddress>,
    private readonly nodeId: string,
    private readonly hints: Pick<HintBus, 'send'>,
  ) {}

  /** Leads the environment's requests to the runtime at `address`. */
  async point(environmentId: string, runtimeId: string, address: string): Promise<void> {
    const target = `${address}/${runtimePort}`;
    const current = await this.collection.findOne({ _id: environmentId });
    if (current?.runtimeId === runtimeId && current.target === target && current.deletedAt === null) return;
    await this.write(environmentId, { runtimeId, nodeId: this.nodeId, target, deletedAt: null }, { upsert: true });
  }

  /** Leads its requests to the activator, unless another runtime serves it by now. */
  async clear(environmentId: string, runtimeId: string): Promise<void> {
    const current = await this.collection.findOne({ _id: environmentId });
    if (current?.runtimeId !== runtimeId || current.target === null) return;
    await this.write(environmentId, { target: null }, { onlyOf: runtimeId });
  }

  /** Takes the entry away for good; a tombstone tells the gateways for a day. */
  async remove(environmentId: string, runtimeId: string): Promise<void> {
    const current = await this.collection.findOne({ _id: environmentId });
    if (current?.runtimeId !== runtimeId || current.deletedAt !== null) return;
    await this.write(environmentId, { target: null, deletedAt: new Date() }, { onlyOf: runtimeId });
  }

  async forgetTombstones(): Promise<void> {
    await this.collection.deleteMany({ nodeId: this.nodeId, deletedAt: { $lt: new Date(Date.now() - tombstoneMs) } });
  }

  private async write(
    environmentId: string,
    change: Partial<RouteAddress>,
    { upsert = false, onlyOf }: { upsert?: boolean; onlyOf?: string },
  ): Promise<void> {
    const revision = await nextRoutesRevision(this.db);
    const filter = onlyOf ? { _id: environmentId, runtimeId: onlyOf } : { _id: environmentId };
    await retryConflicts(() =>
      this.collection.updateOne(filter, { $set: { ...change, revision, updatedAt: new Date() } }, { upsert }),
    );
    this.hints.send({ kind: 'routes', revision });
  }
}
