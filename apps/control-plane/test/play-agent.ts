import type { RuntimeDocument, RuntimeState, Step } from '@berth/contracts/documents/runtime';
import { sharedCollections } from '@berth/database/collections';
import { nextRoutesRevision } from '@berth/database/routes-revision';
import type { Db } from 'mongodb';

/**
 * Writes the facts that a node agent and a gateway would write, where the real ones cannot run: in tests of the control plane alone. It
 * makes nothing and decides nothing; each call plays one fact.
 */
export class PlayAgent {
  readonly nodeId = 'node_00000000000000000000';
  private readonly shared;
  private beat: NodeJS.Timeout | undefined;

  constructor(private readonly db: Db) {
    this.shared = sharedCollections(db);
  }

  /** A node and a gateway that are there and well, until `close`. */
  async open(): Promise<this> {
    await this.heartbeat();
    this.beat = setInterval(() => void this.heartbeat().catch(() => undefined), 1000);
    return this;
  }

  close(): void {
    clearInterval(this.beat);
  }

  async heartbeat(heartbeatAt = new Date()): Promise<void> {
    await this.shared.nodes.updateOne(
      { _id: this.nodeId },
      {
        $set: { heartbeatAt },
        $setOnInsert: {
          name: 'test-node',
          lease: { owner: 'test', expiresAt: new Date(Date.now() + 3600_000) },
          version: '0',
          engine: null,
          refusing: null,
          capacity: { memoryMb: 8192, cpus: 2, diskFreeMb: 10_000 },
          quarantine: [],
        },
      },
      { upsert: true },
    );
    await this.shared.gateways.updateOne(
      { _id: 'gw_00000000000000000000' },
      { $set: { heartbeatAt }, $setOnInsert: { startedAt: heartbeatAt, appliedRevision: 0 } },
      { upsert: true },
    );
  }

  async refuse(reason: { code: string; message: string } | null): Promise<void> {
    await this.shared.nodes.updateOne({ _id: this.nodeId }, { $set: { refusing: reason } });
  }

  async runtimeOf(environmentId: string): Promise<RuntimeDocument> {
    const runtime = await this.shared.runtimes.findOne({ environmentId });
    if (!runtime) throw new Error(`there is no runtime of ${environmentId}`);
    return runtime;
  }

  /** The runtime has done what it was asked for. */
  async obey(environmentId: string): Promise<void> {
    const runtime = await this.runtimeOf(environmentId);
    const { power } = runtime.desired;
    const state: RuntimeState = power === 'frozen' ? 'running' : power;
    const now = new Date();
    await this.observe(runtime, {
      state,
      since: now,
      revision: runtime.desired.revision,
      reason: null,
      ...(state === 'running'
        ? {
            configGeneration: runtime.config.generation,
            address: '10.213.0.7',
            image: runtime.image,
            steps: ['volume', 'container', 'boot', 'configure'].map((name) => ended(name, now)),
          }
        : { address: null, steps: [] }),
    });
    await this.point(environmentId, runtime._id, state === 'running' ? '10.213.0.7/1337' : null);
  }

  /** The runtime is on its way: these steps are done, the last one goes on. */
  async progress(environmentId: string, done: string[], open: string | null): Promise<void> {
    const now = new Date();
    const steps: Step[] = done.map((name) => ended(name, now));
    if (open) steps.push({ name: open, startedAt: now, finishedAt: null });
    await this.observe(await this.runtimeOf(environmentId), { state: 'creating', since: now, steps });
  }

  /** The node gave up. */
  async fail(environmentId: string, reason: { code: string; message: string }): Promise<void> {
    const runtime = await this.runtimeOf(environmentId);
    await this.observe(runtime, { state: 'failed', since: new Date(), reason, revision: runtime.desired.revision });
  }

  /** The running runtime refused its newest configuration. */
  async refuseConfig(environmentId: string, reason: { code: string; message: string }): Promise<void> {
    const runtime = await this.runtimeOf(environmentId);
    await this.observe(runtime, { reason, revision: runtime.desired.revision });
  }

  /** The gateway has applied all there is. */
  async applyRoutes(): Promise<void> {
    const counter = await this.db.collection<{ _id: string; value: number }>('counters').findOne({ _id: 'routes' });
    await this.shared.gateways.updateMany({}, { $set: { appliedRevision: counter?.value ?? 0 } });
  }

  /** Obeys for every runtime of the app, and the routes are applied. */
  async obeyAll(environmentIds: readonly string[]): Promise<void> {
    for (const id of environmentIds) await this.obey(id);
    await this.applyRoutes();
  }

  private async point(environmentId: string, runtimeId: string, target: string | null): Promise<void> {
    const revision = await nextRoutesRevision(this.db);
    await this.shared.routeAddresses.updateOne(
      { _id: environmentId },
      { $set: { runtimeId, nodeId: this.nodeId, target, revision, updatedAt: new Date(), deletedAt: null } },
      { upsert: true },
    );
  }

  private async observe(runtime: RuntimeDocument, seen: Partial<RuntimeDocument['observed']>): Promise<void> {
    await this.shared.runtimes.updateOne({ _id: runtime._id }, { $set: { observed: { ...runtime.observed, ...seen } } });
  }
}

function ended(name: string, at: Date): Step {
  return { name, startedAt: at, finishedAt: at };
}
