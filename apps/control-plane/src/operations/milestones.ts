import type { OperationDocument } from '@berth/contracts/documents/operation';
import type { RuntimeDocument, RuntimeState } from '@berth/contracts/documents/runtime';
import { isRouted, liveGateways, type OperationFacts } from './operation-facts';
import type { StepName } from './operation-plan';

/** How far a step is. `finishedAt` is null when it is done but nobody noted when: then it is the time of the look. */
export type Progress = { done: false; startedAt: Date | null } | { done: true; startedAt: Date | null; finishedAt: Date | null };

const pending: Progress = { done: false, startedAt: null };

/** Reads one step's progress from the facts. */
export function progressOf(name: StepName, operation: OperationDocument, facts: OperationFacts, now: Date): Progress {
  switch (name) {
    case 'reserve':
      return between(operation.createdAt, facts.environmentsAt);
    case 'place':
      return between(facts.environmentsAt, latest(facts.runtimes.map((runtime) => runtime.createdAt)));
    case 'volume':
    case 'container':
    case 'boot':
      return observedStep(name, facts);
    case 'configure':
      return operation.kind === 'app.create' ? observedStep(name, facts) : configured(operation, facts);
    case 'route':
      return routed(operation, facts, now);
    case 'unroute':
      return unrouted(operation, facts, now);
    case 'start':
      return reached(operation, facts, ['running', 'frozen']);
    case 'stop':
      return reached(operation, facts, ['trashed']);
    case 'remove':
      return reached(operation, facts, ['deleted']);
  }
}

/** A step of making a runtime, as its agent noted it. A runtime that runs has them all behind it. */
function observedStep(name: string, { runtimes }: OperationFacts): Progress {
  const runtime = runtimes[0];
  if (!runtime) return pending;
  const { observed } = runtime;
  const entries = observed.steps.filter((step) => step.name === name);
  const startedAt = entries[0]?.startedAt ?? null;
  if (serves(runtime)) return { done: true, startedAt, finishedAt: entries.at(-1)?.finishedAt ?? observed.since };
  const finishedAt = entries.at(-1)?.finishedAt ?? null;
  return finishedAt && observed.state === 'creating' ? { done: true, startedAt, finishedAt } : { done: false, startedAt };
}

/** A runtime that does not run gets its configuration at its next start: then there is nothing to wait for. */
function configured(operation: OperationDocument, { runtimes }: OperationFacts): Progress {
  const { generation } = operation;
  if (generation === null) return pending;
  const startedAt = operation.createdAt;
  const done = runtimes.every(
    (runtime) => runtime.desired.power !== 'running' || runtime.observed.configGeneration >= generation,
  );
  return done ? { done, startedAt, finishedAt: null } : { done, startedAt };
}

function routed(operation: OperationDocument, facts: OperationFacts, now: Date): Progress {
  const ready =
    facts.runtimes.length > 0 && facts.runtimes.every((runtime) => serves(runtime) || runtime.desired.power !== 'running');
  if (!ready && operation.kind !== 'environment.configure') return pending;
  const startedAt =
    operation.kind === 'environment.configure'
      ? operation.createdAt
      : latest(facts.runtimes.map(({ observed }) => observed.since));
  const addressed = facts.runtimes.every(
    ({ environmentId, desired }) => desired.power !== 'running' || (environmentId !== null && facts.addressed.has(environmentId)),
  );
  return addressed && isRouted(facts, now) ? { done: true, startedAt, finishedAt: null } : { done: false, startedAt };
}

/** With no gateway alive nobody is let in either; it reads the tombstones when it comes back. */
function unrouted(operation: OperationDocument, facts: OperationFacts, now: Date): Progress {
  const startedAt = operation.createdAt;
  const gone = liveGateways(facts.gateways, now).every((gateway) => gateway.appliedRevision >= facts.routesRevision);
  return gone ? { done: true, startedAt, finishedAt: null } : { done: false, startedAt };
}

/** All runtimes are in one of `states`, as the answer to what is desired now and not to something older. */
function reached(operation: OperationDocument, { runtimes }: OperationFacts, states: readonly RuntimeState[]): Progress {
  const startedAt = operation.createdAt;
  const there = runtimes.every(
    ({ observed, desired }) => states.includes(observed.state) && observed.revision >= desired.revision,
  );
  if (!there) return { done: false, startedAt };
  return { done: true, startedAt, finishedAt: latest(runtimes.map(({ observed }) => observed.since)) };
}

export function serves({ observed }: RuntimeDocument): boolean {
  return observed.state === 'running' || observed.state === 'frozen';
}

function between(startedAt: Date | null, finishedAt: Date | null): Progress {
  return finishedAt ? { done: true, startedAt, finishedAt } : { done: false, startedAt };
}

function latest(times: readonly Date[]): Date | null {
  return times.length === 0 ? null : new Date(Math.max(...times.map((time) => time.getTime())));
}
