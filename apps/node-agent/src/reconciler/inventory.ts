import type { RuntimeDriver } from '@berth/drivers/port/runtime-driver';
import type { VolumePort } from '@berth/drivers/port/volume-port';
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

/** Looks at everything on the node at once, for what no hint and no event told. */
export class Inventory {
  last: InventoryReport | null = null;

  constructor(private readonly parts: InventoryParts) {}

  async take(): Promise<InventoryReport> {
    const { driver, volumes, records, reconciler, node, metrics, logger } = this.parts;
    const [containers, volumeEntries] = await Promise.all([driver.list(), volumes.list()]);
    // Records after containers: a container is made after its record, so none is missed.
    const ids = new Set([...containers, ...volumeEntries].map((entry) => entry.runtimeId));
    const known = await records.summaries([...ids]);
    const serving = await records.serving();
    const comparison = compareInventory({ containers, volumes: volumeEntries, records: known, serving });

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
}
