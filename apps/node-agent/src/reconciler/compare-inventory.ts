import type { NodeDocument } from '@berth/contracts/documents/runtime';
import type { ContainerEntry } from '@berth/drivers/port/runtime-driver';
import type { VolumeEntry } from '@berth/drivers/port/volume-port';
import type { RuntimeSummary } from '../runtimes/runtime-records';

export type Quarantined = Omit<NodeDocument['quarantine'][number], 'foundAt'>;

export interface Comparison {
  /** Runtimes whose record and container tell different things. */
  lookAt: string[];
  /** Containers to stop and remove, because nobody owns them. */
  remove: ContainerEntry[];
  /** What is only reported. */
  quarantine: Quarantined[];
  orphans: number;
  /** Set when so many containers have no record that the database is more likely wrong than they. */
  halted: string | null;
}

interface Inventory {
  containers: readonly ContainerEntry[];
  volumes: readonly VolumeEntry[];
  /** Records of the runtimes that have a container or one of these volumes. */
  records: ReadonlyMap<string, RuntimeSummary>;
  /** Runtimes whose record says that they serve. */
  serving: readonly string[];
}

/** Compares what is on the node with what the records say. Pure. */
export function compareInventory({ containers, volumes, records, serving }: Inventory): Comparison {
  const orphans = containers.filter((container) => !records.has(container.runtimeId));
  const halted = isMass(orphans.length, containers.length)
    ? `${orphans.length} of ${containers.length} containers have no record; nothing is removed until that is explained`
    : null;
  return {
    lookAt: [...unlike(containers, records), ...withoutContainer(serving, containers)],
    remove: halted ? [] : orphans,
    orphans: orphans.length,
    quarantine: [
      ...(halted ? orphans.map((each) => report('container', each.name, halted)) : []),
      ...volumes.flatMap((each) => judgeVolume(each, records)),
    ],
    halted,
  };
}

/** An empty or restored database makes everything look like an orphan. */
function isMass(orphans: number, all: number): boolean {
  return orphans > Math.max(3, all * 0.2);
}

function unlike(containers: readonly ContainerEntry[], records: ReadonlyMap<string, RuntimeSummary>): string[] {
  return containers
    .filter((container) => {
      const state = records.get(container.runtimeId)?.observed.state;
      if (state === undefined) return false;
      if (state === 'running') return container.phase !== 'running';
      const atRest = state === 'stopped' || state === 'trashed';
      return (atRest && (container.phase === 'running' || container.phase === 'paused')) || state === 'deleted';
    })
    .map((container) => container.runtimeId);
}

function withoutContainer(serving: readonly string[], containers: readonly ContainerEntry[]): string[] {
  const present = new Set(containers.map((container) => container.runtimeId));
  return serving.filter((id) => !present.has(id));
}

function judgeVolume({ runtimeId, state }: VolumeEntry, records: ReadonlyMap<string, RuntimeSummary>): Quarantined[] {
  if (state !== 'ready') return [];
  const record = records.get(runtimeId);
  if (!record) return [report('volume', runtimeId, 'there is no record of this runtime')];
  if (record.observed.state === 'deleted' && !record.purge)
    return [report('volume', runtimeId, 'its runtime was deleted without a purge record')];
  return [];
}

function report(kind: Quarantined['kind'], name: string, reason: string): Quarantined {
  return { kind, name, reason };
}
