import type { NodeDocument } from '@berth/contracts/documents/runtime';
import { isDuplicateKey } from '@berth/database/retry';
import type { Collection } from 'mongodb';
import type { Quarantined } from '../reconciler/compare-inventory';
import { isKnownDead } from './process-owner';

/** Long enough for a MongoDB that restarts; an agent killed on the same machine is not waited for. */
const leaseMs = 15_000;
/** A safety margin for slow writes and clocks. */
const marginMs = 2_000;

export type NodeCondition = Pick<NodeDocument, 'name' | 'version' | 'engine' | 'refusing' | 'capacity'>;

/** This machine's record, and the lease in it that lets one agent at a time work the node. */
export class NodeRecord {
  private heldUntil = 0;

  constructor(
    private readonly collection: Collection<NodeDocument>,
    readonly nodeId: string,
    private readonly owner: string,
  ) {}

  /** True as long as no other agent can have taken the node. */
  isHeld(): boolean {
    return performance.now() < this.heldUntil;
  }

  /** Takes or renews the lease and writes the node's condition. False when another agent has it. */
  async hold(condition: NodeCondition): Promise<boolean> {
    const asked = performance.now();
    const now = new Date();
    const lease = { owner: this.owner, expiresAt: new Date(now.getTime() + leaseMs) };
    const free = [{ 'lease.owner': this.owner }, { 'lease.expiresAt': { $lt: now } }, ...(await this.deadOwner())];
    try {
      await this.collection.updateOne(
        { _id: this.nodeId, $or: free },
        { $set: { ...condition, lease, heartbeatAt: now }, $setOnInsert: { quarantine: [] } },
        { upsert: true },
      );
    } catch (error) {
      // The upsert of a record that is there but held.
      if (!isDuplicateKey(error)) throw error;
      this.heldUntil = 0;
      return false;
    }
    this.heldUntil = asked + leaseMs - marginMs;
    return true;
  }

  /** Lets the next agent begin at once. */
  async release(): Promise<void> {
    this.heldUntil = 0;
    await this.collection.updateOne(
      { _id: this.nodeId, 'lease.owner': this.owner },
      { $set: { 'lease.expiresAt': new Date(0) } },
    );
  }

  /** Replaces the list; what was found before keeps the time at which it was found. */
  async saveQuarantine(found: readonly Quarantined[]): Promise<void> {
    const current = await this.collection.findOne({ _id: this.nodeId }, { projection: { quarantine: 1 } });
    const before = new Map((current?.quarantine ?? []).map((entry) => [`${entry.kind}/${entry.name}`, entry]));
    const quarantine = found.map((entry) => ({
      ...entry,
      foundAt: before.get(`${entry.kind}/${entry.name}`)?.foundAt ?? new Date(),
    }));
    if (JSON.stringify(quarantine) === JSON.stringify(current?.quarantine ?? [])) return;
    await this.collection.updateOne({ _id: this.nodeId, 'lease.owner': this.owner }, { $set: { quarantine } });
  }

  private async deadOwner() {
    if (this.isHeld()) return [];
    const current = await this.collection.findOne({ _id: this.nodeId }, { projection: { lease: 1 } });
    const owner = current?.lease?.owner;
    return owner && isKnownDead(owner) ? [{ 'lease.owner': owner }] : [];
  }
}
