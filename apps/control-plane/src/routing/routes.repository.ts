import type { GatewayDocument, RouteAddress } from '@berth/contracts/documents/routes';
import { type SharedCollections, sharedCollections } from '@berth/database/collections';
import { isDuplicateKey, retryConflicts } from '@berth/database/retry';
import { nextRoutesRevision } from '@berth/database/routes-revision';
import { settleAll } from '@berth/database/settle-all';
import type { HintBus } from '@berth/jobs/hint-bus';
import { Inject, Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { HINTS } from '../platform/tokens';
import type { PolicyContent } from './wanted-routes';

const dayMs = 24 * 3600_000;

/** The maps of the gateway that the control plane owns, hosts and policies, and what it reads of the rest. */
@Injectable()
export class RoutesRepository {
  private readonly shared: SharedCollections;

  constructor(
    @InjectConnection() connection: Connection,
    @Inject(HINTS) private readonly hints: HintBus,
  ) {
    if (!connection.db) throw new Error('the connection to MongoDB is not open');
    this.shared = sharedCollections(connection.db);
  }

  /**
   * Makes the hosts of these environments exactly `wanted`, label → environment id. Writes only what differs.
   * @returns true when anything was written.
   */
  async setHosts(environmentIds: readonly string[], wanted: ReadonlyMap<string, string>): Promise<boolean> {
    const present = await this.shared.routeHosts.find({ environmentId: { $in: [...environmentIds] }, kind: 'label' }).toArray();
    const live = new Map(present.filter((host) => host.deletedAt === null).map((host) => [host._id, host.environmentId]));
    const removed = [...live].filter(([label]) => !wanted.has(label));
    const added = [...wanted].filter(([label, environmentId]) => live.get(label) !== environmentId);
    if (removed.length === 0 && added.length === 0) return false;
    const revision = await nextRoutesRevision(this.shared.db);
    const now = new Date();
    await Promise.all([
      ...removed.map(([label, environmentId]) =>
        this.shared.routeHosts.updateOne(
          { _id: label, environmentId, deletedAt: null },
          { $set: { revision, updatedAt: now, deletedAt: now } },
        ),
      ),
      ...added.map(([label, environmentId]) => this.addHost(label, environmentId, environmentIds, revision, now)),
    ]);
    this.hints.send({ kind: 'routes', revision });
    return true;
  }

  /** The first routes of an environment that has none yet: its policy and one host. */
  async addEnvironment(environmentId: string, label: string, policy: PolicyContent): Promise<void> {
    const revision = await nextRoutesRevision(this.shared.db);
    const now = new Date();
    await settleAll([
      this.shared.routePolicies.insertOne({ _id: environmentId, ...policy, revision, updatedAt: now, deletedAt: null }),
      this.addHost(label, environmentId, [environmentId], revision, now),
    ]);
    this.hints.send({ kind: 'routes', revision });
  }

  /** Makes the environment's policy this one; null takes it away. Writes only what differs. */
  async setPolicy(environmentId: string, wanted: PolicyContent | null): Promise<void> {
    const present = await this.shared.routePolicies.findOne({ _id: environmentId });
    const isThere = present !== null && present.deletedAt === null;
    if (wanted === null ? !isThere : isThere && samePolicy(present, wanted)) return;
    const revision = await nextRoutesRevision(this.shared.db);
    const now = new Date();
    await retryConflicts(() =>
      this.shared.routePolicies.updateOne(
        { _id: environmentId },
        { $set: { ...wanted, revision, updatedAt: now, deletedAt: wanted ? null : now } },
        { upsert: wanted !== null },
      ),
    );
    this.hints.send({ kind: 'routes', revision });
  }

  /** Highest revision of these environments' entries in all three maps, tombstones too. */
  async revisionOf(environmentIds: readonly string[]): Promise<number> {
    const ids = [...environmentIds];
    const { routeHosts, routePolicies, routeAddresses } = this.shared;
    const fields = { projection: { revision: 1 } };
    const found = await Promise.all([
      routeHosts.find({ environmentId: { $in: ids } }, fields).toArray(),
      routePolicies.find({ _id: { $in: ids } }, fields).toArray(),
      routeAddresses.find({ _id: { $in: ids } }, fields).toArray(),
    ]);
    return Math.max(0, ...found.flat().map((entry) => entry.revision));
  }

  /** Where the reconciler leads these environments' requests; none for one that sleeps or is gone. */
  async addresses(environmentIds: readonly string[]): Promise<RouteAddress[]> {
    return this.shared.routeAddresses
      .find({ _id: { $in: [...environmentIds] }, deletedAt: null, target: { $ne: null } })
      .toArray();
  }

  async gateways(): Promise<GatewayDocument[]> {
    return this.shared.gateways.find().toArray();
  }

  /** Drops tombstones that every gateway has read long ago: a gateway that was away for longer reads all anew. */
  async forgetTombstones(now: Date): Promise<number> {
    const old = { deletedAt: { $lt: new Date(now.getTime() - dayMs) } };
    const results = await Promise.all([this.shared.routeHosts.deleteMany(old), this.shared.routePolicies.deleteMany(old)]);
    return results.reduce((sum, result) => sum + result.deletedCount, 0);
  }

  /** A label that is live for somebody else is never taken over: then the unique `_id` refuses the insert. */
  private async addHost(
    label: string,
    environmentId: string,
    own: readonly string[],
    revision: number,
    now: Date,
  ): Promise<void> {
    const free = { _id: label, $or: [{ environmentId: { $in: [...own] } }, { deletedAt: { $ne: null } }] };
    const entry = { kind: 'label' as const, environmentId, revision, updatedAt: now, deletedAt: null };
    try {
      await retryConflicts(() => this.shared.routeHosts.updateOne(free, { $set: entry }, { upsert: true }));
    } catch (error) {
      if (isDuplicateKey(error)) throw new Error(`the label ${label} leads to another app`, { cause: error });
      throw error;
    }
  }
}

function samePolicy(a: PolicyContent, b: PolicyContent): boolean {
  return a.admission === b.admission && a.requestsPerSecond === b.requestsPerSecond && a.maxBodyBytes === b.maxBodyBytes;
}
