import type { ContainerEntry, RuntimeDriver } from '@berth/drivers/port/runtime-driver';
import type { Logger } from '@berth/observability/logger';
import { stopGraceSeconds } from '../reconciler/perform';
import type { Reconciler } from '../reconciler/reconciler';
import type { RouteAddresses } from '../runtimes/route-addresses';
import type { RuntimeRecords } from '../runtimes/runtime-records';

const sideBySide = 8;

export interface StopParts {
  driver: RuntimeDriver;
  reconciler: Reconciler;
  records: RuntimeRecords;
  routes: RouteAddresses;
  logger: Logger;
}

/** One line of the answer. The last one has `done`. */
export interface StopProgress {
  total: number;
  stopped: number;
  failed: number;
  runtimeId?: string;
  /** Set when something has to be said. */
  message?: string;
  done?: true;
}

/**
 * Stops the reconciler and then all containers of this installation on this node. What is desired stays as it is, so the next agent
 * brings every runtime back.
 */
export async function stopRuntimes(parts: StopParts, tell: (progress: StopProgress) => void): Promise<void> {
  await parts.reconciler.stop();
  const awake = (await parts.driver.list()).filter(({ phase }) => phase === 'running' || phase === 'paused');
  const waiting = [...awake];
  const count = { total: awake.length, stopped: 0, failed: 0 };
  tell({ ...count });
  const work = async () => {
    for (let container = waiting.shift(); container; container = waiting.shift()) {
      const { runtimeId } = container;
      try {
        await parts.driver.stop(container.id, stopGraceSeconds);
        count.stopped += 1;
        tell({ ...count, runtimeId });
        await note(container, parts);
      } catch (error) {
        count.failed += 1;
        tell({ ...count, runtimeId, message: `${runtimeId} does not stop: ${(error as Error).message}` });
      }
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  tell({ ...count, done: true });
}

/** Writes what was done, as far as MongoDB is there: the next agent's inventory finds it anyhow. */
async function note({ runtimeId }: ContainerEntry, { records, routes, logger }: StopParts): Promise<void> {
  try {
    const row = await records.find(runtimeId);
    if (!row) return;
    if (row.environmentId !== null) await routes.clear(row.environmentId, row._id);
    if (row.observed.state !== 'running' && row.observed.state !== 'frozen') return;
    const rest = { state: 'stopped' as const, since: new Date(), address: null, deadline: null, steps: [] };
    await records.saveProgress(row, { ...row.observed, ...rest });
  } catch (error) {
    logger.warn({ runtime: runtimeId, err: error }, 'the stop of a runtime could not be written down');
  }
}
