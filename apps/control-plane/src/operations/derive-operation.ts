import type { OperationDocument, OperationError, OperationState, OperationStep } from '@berth/contracts/documents/operation';
import type { Reason } from '@berth/contracts/documents/runtime';
import { BerthError } from '@berth/errors/berth-error';
import { catalogue, type ErrorCode } from '@berth/errors/catalogue';
import { progressOf, serves } from './milestones';
import { liveGateways, type OperationFacts } from './operation-facts';
import type { StepName } from './operation-plan';

export interface DerivedOperation {
  state: OperationState;
  steps: OperationStep[];
  error: OperationError | null;
}

/** Docker that restarts is back within this time; other reasons for which a node gives up do not pass so quickly. */
const engineGraceMs = 20_000;
const nodeSilentMs = 20_000;

/**
 * The operation as the facts have it: pure, so that worker and API, and whoever comes after a kill, find the same. Times that were noted
 * once stay. A step that is not done never stands before one that is: a creation that begins anew after a failed attempt goes back.
 */
export function deriveOperation(operation: OperationDocument, facts: OperationFacts, now: Date): DerivedOperation {
  const steps: OperationStep[] = [];
  let open = false;
  for (const known of operation.steps) {
    const step = open ? pending(known.name) : stepOf(known, operation, facts, now);
    if (step.state !== 'done') open = true;
    steps.push(step);
  }
  if (!open) return { state: 'succeeded', steps, error: null };
  const error = failureOf(operation, facts, steps, now);
  return error ? { state: 'failed', steps: withFailure(steps, now), error } : { state: 'running', steps, error: null };
}

function stepOf(known: OperationStep, operation: OperationDocument, facts: OperationFacts, now: Date): OperationStep {
  const progress = progressOf(known.name as StepName, operation, facts, now);
  const startedAt = known.startedAt ?? progress.startedAt;
  if (!progress.done) return { name: known.name, state: startedAt ? 'running' : 'pending', startedAt, finishedAt: null };
  const finishedAt = known.finishedAt ?? progress.finishedAt ?? now;
  return { name: known.name, state: 'done', startedAt: earlier(startedAt ?? finishedAt, finishedAt), finishedAt };
}

function failureOf(
  operation: OperationDocument,
  facts: OperationFacts,
  steps: OperationStep[],
  now: Date,
): OperationError | null {
  const reason = givenUp(operation, facts, now);
  if (reason) return fromReason(reason);
  if (now < operation.deadline) return null;
  const told = facts.runtimes.find(({ observed }) => observed.reason)?.observed.reason;
  return told ? fromReason(told) : fromError(timeoutOf(operation, facts, steps, now));
}

/** The reason for which waiting longer is of no use. */
function givenUp(operation: OperationDocument, { runtimes }: OperationFacts, now: Date): Reason | null {
  for (const runtime of runtimes) {
    const { observed, desired } = runtime;
    if (!observed.reason || observed.revision < desired.revision || desired.power !== 'running') continue;
    if (operation.kind === 'environment.configure' && observed.reason.code === 'RUNTIME_CONFIG_REFUSED') return observed.reason;
    if (observed.state !== 'failed' || serves(runtime)) continue;
    const waited = now.getTime() - operation.createdAt.getTime();
    if (observed.reason.code !== 'ENGINE_UNAVAILABLE' || waited >= engineGraceMs) return observed.reason;
  }
  return null;
}

function timeoutOf(operation: OperationDocument, facts: OperationFacts, steps: OperationStep[], now: Date): BerthError {
  const open = steps.find((step) => step.state !== 'done')?.name;
  if (open === 'route' && liveGateways(facts.gateways, now).length === 0)
    return new BerthError('UNAVAILABLE', { part: 'The gateway' });
  for (const runtime of facts.runtimes) {
    const node = facts.nodes.find(({ _id }) => _id === runtime.nodeId);
    if (open !== 'route' && node && now.getTime() - node.heartbeatAt.getTime() > nodeSilentMs)
      return new BerthError('NODE_UNAVAILABLE', { reason: `the node agent of ${node.name} does not answer.` });
  }
  return new BerthError('OPERATION_TIMED_OUT', {
    seconds: Math.round((operation.deadline.getTime() - operation.createdAt.getTime()) / 1000),
  });
}

function withFailure(steps: OperationStep[], now: Date): OperationStep[] {
  const at = steps.findIndex((step) => step.state !== 'done');
  return steps.map((step, index) =>
    index === at ? { ...step, state: 'failed', startedAt: step.startedAt ?? now, finishedAt: now } : step,
  );
}

export function fromError(error: BerthError): OperationError {
  return { code: error.code, message: error.message, next: error.next };
}

/** The agent tells code and sentence; what to do next is the catalogue's. */
function fromReason({ code, message }: Reason): OperationError {
  const next = code in catalogue ? catalogue[code as ErrorCode].next : 'Try again later.';
  return { code, message, next };
}

function pending(name: string): OperationStep {
  return { name, state: 'pending', startedAt: null, finishedAt: null };
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
