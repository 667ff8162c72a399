import type { Reason, RuntimeDocument, RuntimeObservation, RuntimeState, Step } from '@berth/contracts/documents/runtime';
import { quickAttempts, soundAfterMs } from './back-off';
import type { Action } from './decide';
import { serves } from './decide';
import { assertAllowed, deadlineFor, goalOf } from './transitions';

/** The steps of a creation that the founder watches, by the action they consist of. */
const stepNames: Partial<Record<Action['kind'], string>> = {
  'make-volume': 'volume',
  'make-container': 'container',
  'start-container': 'container',
  boot: 'boot',
  configure: 'configure',
};

/** The observation while `action` is done. */
export function entering(row: RuntimeDocument, action: Action & { enters: RuntimeState }, now: Date): RuntimeObservation {
  const { observed } = row;
  const changed = moveTo(observed, action.enters, now);
  const fresh = changed.state !== observed.state;
  const goal = action.enters === 'creating' ? 'running' : goalOf(row.desired.power);
  const deadline = fresh ? null : observed.deadline;
  return {
    ...changed,
    address: serves(changed) ? changed.address : null,
    steps: stepsWith(fresh && action.enters === 'creating' ? [] : observed.steps, stepNames[action.kind], now),
    deadline: deadline ?? deadlineFor(action.enters, goal, observed.attempts, now),
  };
}

/** The observation of a runtime that has reached what is desired. A refused configuration stays told. */
export function settled(row: RuntimeDocument, state: RuntimeState, address: string | null, now: Date): RuntimeObservation {
  const { observed } = row;
  const refused =
    state === 'running' &&
    observed.configGeneration < row.config.generation &&
    observed.reason?.code === 'RUNTIME_CONFIG_REFUSED';
  return {
    ...moveTo(observed, state, now),
    revision: row.desired.revision,
    deadline: null,
    address,
    image: state === 'running' ? row.image : observed.image,
    containerId: state === 'deleted' ? null : observed.containerId,
    steps: state === 'running' ? stepsWith(observed.steps, undefined, now) : [],
    reason: refused ? observed.reason : null,
    // Kept while it runs, so that one which ends again and again is started ever more rarely.
    attempts: state === 'running' && !wasSound(observed, now) ? observed.attempts : 0,
  };
}

/** The observation after an action failed. A runtime that serves goes on serving; others count as failed after some quick attempts. */
export function failing(row: RuntimeDocument, reason: Reason, isFatal: boolean, now: Date): RuntimeObservation {
  const { observed } = row;
  const attempts = observed.attempts + 1;
  const givenUp = !serves(observed) && (isFatal || observed.state === 'failed' || attempts > quickAttempts);
  return {
    ...moveTo(observed, givenUp ? 'failed' : observed.state, now),
    revision: row.desired.revision,
    deadline: null,
    reason,
    attempts,
  };
}

/** The observation after it ended by itself while it served. */
export function afterEnd(row: RuntimeDocument, reason: Reason, now: Date): RuntimeObservation {
  const { observed } = row;
  const attempts = wasSound(observed, now) ? 1 : observed.attempts + 1;
  return {
    ...moveTo(observed, attempts > quickAttempts ? 'failed' : 'creating', now),
    revision: row.desired.revision,
    deadline: null,
    address: null,
    steps: [],
    reason,
    attempts,
  };
}

/** Ends the step that is open. */
export function closeSteps(steps: readonly Step[], now: Date): Step[] {
  return stepsWith(steps, undefined, now);
}

function wasSound(observed: RuntimeObservation, now: Date): boolean {
  return serves(observed) && now.getTime() - observed.since.getTime() > soundAfterMs;
}

function moveTo(observed: RuntimeObservation, state: RuntimeState, now: Date): RuntimeObservation {
  if (state === observed.state) return observed;
  assertAllowed(observed.state, state);
  return { ...observed, state, since: now };
}

/** Ends the step that is open unless it is `name`, and opens `name`. */
function stepsWith(steps: readonly Step[], name: string | undefined, now: Date): Step[] {
  const closed = steps.map((step) => (step.finishedAt === null && step.name !== name ? { ...step, finishedAt: now } : step));
  if (!name) return closed;
  const last = closed.at(-1);
  if (last?.name === name && last.finishedAt === null) return closed;
  return [...closed, { name, startedAt: now, finishedAt: null }];
}
