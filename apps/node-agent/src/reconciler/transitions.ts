import type { DesiredPower, RuntimeState } from '@berth/contracts/documents/runtime';

/** What happens past a transition's deadline: the container is taken away and the whole tried again later, or the goal is forced. */
type PastDeadline = 'roll-back' | 'force';

interface Transition {
  withinSeconds: number;
  past: PastDeadline;
  /** The actions that lead on, in their usual order. */
  by: string;
}

const making: Transition = {
  withinSeconds: 90,
  past: 'roll-back',
  by: 'make-volume, make-container, start-container, boot, configure',
};
const stopping: Transition = { withinSeconds: 90, past: 'force', by: 'stop-container' };
const removing: Transition = { withinSeconds: 120, past: 'force', by: 'stop-container, remove-container, remove-volume' };
/** Noted at once, nothing has to be waited for. */
const noted: Transition = { withinSeconds: 0, past: 'force', by: 'settle' };

/** Every change of `observed.state` that there is, from → to. Whatever is not here is a bug and thrown. */
export const transitions: Readonly<Record<RuntimeState, Partial<Record<RuntimeState, Transition>>>> = {
  requested: { creating: noted, stopped: noted, trashed: noted, deleting: noted, deleted: noted, failed: noted },
  creating: { running: making, stopped: stopping, trashed: stopping, deleting: noted, deleted: noted, failed: noted },
  running: {
    creating: noted,
    frozen: noted,
    stopped: stopping,
    trashed: stopping,
    deleting: noted,
    deleted: noted,
    failed: noted,
  },
  frozen: {
    creating: noted,
    running: noted,
    stopped: stopping,
    trashed: stopping,
    deleting: noted,
    deleted: noted,
    failed: noted,
  },
  stopped: { creating: noted, trashed: noted, deleting: noted, deleted: noted, failed: noted },
  trashed: { creating: noted, stopped: noted, deleting: noted, deleted: noted, failed: noted },
  deleting: { deleted: removing, creating: noted, stopped: noted, trashed: noted, failed: noted },
  // Its volume is kept without a purge record, so that a record which asks for power again finds its data.
  deleted: { deleting: noted, creating: noted, stopped: noted, trashed: noted, failed: noted },
  failed: { creating: noted, running: noted, stopped: stopping, trashed: stopping, deleting: noted, deleted: noted },
};

/** The state that a desired power ends in. Freezing comes with the sleeping tiers; until then such a runtime runs. */
export function goalOf(power: DesiredPower): RuntimeState {
  return power === 'frozen' ? 'running' : power;
}

/** @throws Error when the table has no such transition. */
export function assertAllowed(from: RuntimeState, to: RuntimeState): void {
  if (from !== to && !transitions[from][to]) throw new Error(`a runtime cannot go from ${from} to ${to}`);
}

/**
 * When a runtime in `state` has to have reached `goal`; null when nothing has to be waited for. Each failed attempt gives the next one
 * twice the time, since a large database may have to replay its log first.
 */
export function deadlineFor(state: RuntimeState, goal: RuntimeState, attempts: number, now: Date): Date | null {
  const seconds = transitions[state][goal]?.withinSeconds ?? 0;
  return seconds === 0 ? null : new Date(now.getTime() + seconds * 1000 * growth(attempts));
}

/** How long a boot may take. Shorter than the deadline of making, so that the reason of a slow boot is told. */
export function bootSeconds(attempts: number): number {
  return 45 * growth(attempts);
}

function growth(attempts: number): number {
  return 2 ** Math.min(attempts, 4);
}
