import type { Reason, RuntimeDocument, RuntimeObservation, RuntimeState } from '@berth/contracts/documents/runtime';
import type { ContainerDetails } from '@berth/drivers/port/runtime-driver';
import { BerthError } from '@berth/errors/berth-error';
import { runtimeSize } from '../runtimes/runtime-size';

/** The next single thing to do. `enters` is the state the record shows while it is done. */
export type Action =
  | { kind: 'settle'; state: RuntimeState }
  | { kind: 'wait'; until: Date }
  | { kind: 'make-volume'; enters: RuntimeState }
  | { kind: 'make-container'; enters: RuntimeState }
  | { kind: 'start-container'; enters: RuntimeState; containerId: string }
  | { kind: 'thaw-container'; enters: RuntimeState; containerId: string }
  | { kind: 'boot'; enters: RuntimeState; containerId: string }
  | { kind: 'configure'; enters: RuntimeState }
  | { kind: 'stop-container'; enters: RuntimeState; containerId: string; force: boolean }
  | { kind: 'remove-container'; enters: RuntimeState; containerId: string }
  | { kind: 'remove-volume'; enters: RuntimeState }
  /** It served, and ended without being asked to. */
  | { kind: 'note-end'; reason: Reason }
  /** Past its deadline: what was begun is taken back. */
  | { kind: 'roll-back'; containerId: string | null }
  /** Nothing the reconciler may do helps. */
  | { kind: 'refuse'; reason: Reason };

export interface Facts {
  container: ContainerDetails | null;
  volumeExists: boolean;
}

/** What leads `row` on from what is there. Pure: the same facts give the same answer, whoever was killed before. */
export function decide(row: RuntimeDocument, facts: Facts, now: Date): Action {
  if (row.reconcileAt && isPausing(row, facts.container, now)) return { kind: 'wait', until: row.reconcileAt };
  switch (row.desired.power) {
    case 'running':
    case 'frozen':
      return towardsRunning(row, facts, now);
    case 'stopped':
    case 'trashed':
      return towardsStopped(row, row.desired.power, facts.container, now);
    case 'deleted':
      return towardsDeleted(row, facts, now);
  }
}

/** True while requests may be on their way to it. */
export function serves(observed: RuntimeObservation): boolean {
  return observed.state === 'running' || observed.state === 'frozen';
}

export function reasonOf(error: BerthError): Reason {
  return { code: error.code, message: error.message };
}

function towardsRunning(row: RuntimeDocument, { container, volumeExists }: Facts, now: Date): Action {
  const { observed } = row;
  const enters = 'creating' as const;
  if (isPast(observed, now)) return { kind: 'roll-back', containerId: container?.id ?? null };
  if (hasEnded(row, container)) return { kind: 'note-end', reason: ended(container) };
  if (!volumeExists) {
    // An empty volume in its place would look like a working app that has lost everything.
    if (observed.configGeneration > 0) return { kind: 'refuse', reason: volumeMissing() };
    return { kind: 'make-volume', enters };
  }
  if (!container) return { kind: 'make-container', enters };
  const containerId = container.id;
  if (container.phase === 'broken') return { kind: 'remove-container', enters, containerId };
  if (!fits(row, container))
    return isAlive(container)
      ? { kind: 'stop-container', enters, containerId, force: false }
      : { kind: 'remove-container', enters, containerId };
  if (container.phase === 'paused') return { kind: 'thaw-container', enters: observed.state, containerId };
  if (container.phase !== 'running') return { kind: 'start-container', enters, containerId };
  if (!hasBooted(observed, container)) return { kind: 'boot', enters, containerId };
  if (observed.configGeneration < row.config.generation && !wasRefused(row))
    return { kind: 'configure', enters: serves(observed) ? observed.state : enters };
  return { kind: 'settle', state: 'running' };
}

function towardsStopped(
  row: RuntimeDocument,
  goal: 'stopped' | 'trashed',
  container: ContainerDetails | null,
  now: Date,
): Action {
  const enters = row.observed.state;
  if (container && isAlive(container))
    return { kind: 'stop-container', enters, containerId: container.id, force: isPast(row.observed, now) };
  if (container?.phase === 'broken') return { kind: 'remove-container', enters, containerId: container.id };
  return { kind: 'settle', state: goal };
}

function towardsDeleted(row: RuntimeDocument, { container, volumeExists }: Facts, now: Date): Action {
  const enters = 'deleting' as const;
  if (container) {
    // Data that stays is brought to rest first; data that goes need not be.
    const rest = isAlive(container) && !row.purge && !isPast(row.observed, now);
    return rest
      ? { kind: 'stop-container', enters, containerId: container.id, force: false }
      : { kind: 'remove-container', enters, containerId: container.id };
  }
  if (volumeExists && row.purge) return { kind: 'remove-volume', enters };
  return { kind: 'settle', state: 'deleted' };
}

/** True between two attempts, unless it has ended meanwhile or the record asks for something new. */
function isPausing({ observed, desired, reconcileAt }: RuntimeDocument, container: ContainerDetails | null, now: Date): boolean {
  if (serves(observed) && !isAlive(container)) return false;
  return reconcileAt !== null && reconcileAt > now && observed.reason !== null && observed.revision === desired.revision;
}

function isPast(observed: RuntimeObservation, now: Date): boolean {
  return observed.deadline !== null && observed.deadline < now;
}

/** Whether it was asked to end by a new record is no matter: it does not serve any more. */
function hasEnded({ observed }: RuntimeDocument, container: ContainerDetails | null): boolean {
  return serves(observed) && !isAlive(container);
}

function isAlive(container: ContainerDetails | null): boolean {
  return container?.phase === 'running' || container?.phase === 'paused';
}

/** False when the record names another image or other limits than the container was made with. */
function fits(row: RuntimeDocument, container: ContainerDetails): boolean {
  const size = runtimeSize(row.size);
  return (
    container.image === row.image &&
    container.size.memoryMb === size.memoryMb &&
    container.size.pids === size.pids &&
    Math.abs(container.size.cpus - size.cpus) < 0.001
  );
}

/** True when this very run of the container was seen ready. */
function hasBooted(observed: RuntimeObservation, container: ContainerDetails): boolean {
  if (observed.containerId !== container.id || !container.startedAt) return false;
  if (serves(observed)) return observed.since >= container.startedAt;
  const boot = observed.steps.find((step) => step.name === 'boot');
  return !!boot?.finishedAt && boot.finishedAt >= container.startedAt;
}

/** A refused configuration is not pushed again until the record changes, as long as an older one serves. */
function wasRefused({ observed, desired }: RuntimeDocument): boolean {
  return (
    observed.configGeneration > 0 && observed.reason?.code === 'RUNTIME_CONFIG_REFUSED' && observed.revision === desired.revision
  );
}

function volumeMissing(): Reason {
  const reason = 'its data is not on this machine; mount the disk that holds it or restore a backup';
  return reasonOf(new BerthError('RUNTIME_BOOT_FAILED', { reason }));
}

function ended(container: ContainerDetails | null): Reason {
  const how = !container
    ? 'its container was removed'
    : container.outOfMemory
      ? 'it ran out of memory and ended'
      : `it ended by itself with exit code ${container.exitCode ?? 'unknown'}`;
  return reasonOf(new BerthError('RUNTIME_BOOT_FAILED', { reason: how }));
}
