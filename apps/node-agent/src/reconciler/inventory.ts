import type { RuntimeDriver } from '@berth/drivers/port/runtime-driver';
import type { VolumeEntry, VolumePort } from '@berth/drivers/port/volume-port';
import type { Logger } from '@berth/observability/logger';
import type { AgentMetrics } from '../metrics/agent-metrics';
import type { NodeNetwork } from '../network/node-network';
import type { NodeRecord } from '../node/node-record';
import type { RuntimeRecords } from '../runtimes/runtime-records';
import { compareInventory, type Quarantined } from './compare-inventory';
import { stopGraceSeconds } from './perform';
import type { Reconciler } from './reconciler';

export interface InventoryParts {
  driver: RuntimeDriver;
  volumes: VolumePort;
  records: RuntimeRecords;
  node: NodeRecord;
  reconciler: Reconciler;
  network: NodeNetwork;
  metrics: AgentMetrics;
  logger: Logger;
  mayAct(): boolean;
}

/** What is on the node, for whoever asks over the local socket. */
export interface InventoryReport {
  at: Date;
  containers: number;
  volumes: number;
  removed: string[];
  quarantine: Quarantined[];
  halted: string | null;
}

/** Volumes whose record was seen are looked up again only every so many inventories: nothing is ever done to a volume here. */
const volumesAgainAfter = 10;

/** Looks at everything on the node at once, for what no hint and no event told. */
export class Inventory {
  last: InventoryReport | null = null;
  /** Volumes with a record that needs them. With thousands of sleepers, asking for each one every minute would cost most of the agent's time. */
  private readonly owned = new Set<string>();
  private taken = 0;

  constructor(private readonly parts: InventoryParts) {}

  /** Has this volume looked up again, since its runtime may need it no more. */
  doubt(runtimeId: string): void {
    this.owned.delete(runtimeId);
  }

  async take(options: { thorough?: boolean } = {}): Promise<InventoryReport> {
    const { driver, volumes, records, reconciler, node, metrics, logger } = this.parts;
    if (options.thorough || this.taken++ % volumesAgainAfter === 0) this.owned.clear();
    const [containers, volumeEntries] = await Promise.all([driver.list(), volumes.list()]);
    const unsure = volumeEntries.filter((entry) => !this.owned.has(entry.runtimeId));
    // Records after containers: a container is made after its record, so none is missed.
    const ids = new Set([...containers, ...unsure].map((entry) => entry.runtimeId));
    const known = await records.summaries([...ids]);
    const serving = await records.serving();
    const comparison = compareInventory({ containers, volumes: unsure, records: known, serving });
    this.remember(unsure, comparison.quarantine);

    const pool = await this.parts.network.refresh(containers);
    for (const id of comparison.lookAt) reconciler.trigger(id);
    if (comparison.halted) logger.error({ orphans: comparison.halted }, 'too many orphans: nothing is removed');
    const removed: string[] = [];
    for (const orphan of comparison.remove) {
      if (!this.parts.mayAct()) break;
      logger.warn({ container: orphan.name }, 'a container without a record is stopped and removed');
      await driver.stop(orphan.id, stopGraceSeconds);
      await driver.remove(orphan.id);
      pool.release(orphan.runtimeId);
      removed.push(orphan.name);
    }
    await node.saveQuarantine(comparison.quarantine);
    metrics.orphans.set({ kind: 'container' }, comparison.orphans);
    metrics.orphans.set({ kind: 'volume' }, comparison.quarantine.filter((each) => each.kind === 'volume').length);
    metrics.runtimes.reset();
    for (const [state, count] of Object.entries(await records.countByState())) metrics.runtimes.set({ state }, count);
    this.last = {
      at: new Date(),
      containers: containers.length,
      volumes: volumeEntries.length,
      removed,
      quarantine: comparison.quarantine,
      halted: comparison.halted,
    };
    return this.last;
  }

  private remember(volumes: readonly VolumeEntry[], quarantine: readonly Quarantined[]): void {
    const doubtful = new Set(quarantine.map((entry) => entry.name));
    for (const { runtimeId } of volumes) if (!doubtful.has(runtimeId)) this.owned.add(runtimeId);
  }
}
