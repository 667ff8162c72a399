import { BerthError } from '@berth/errors/berth-error';
import type { HintBus } from '@berth/jobs/hint-bus';
import type { Logger } from '@berth/observability/logger';
import { Inject, Injectable } from '@nestjs/common';
import { SystemScope } from '../../orgs/system-scope';
import { HINTS, LOGGER } from '../../platform/tokens';
import { deriveOperation, fromError } from '../derive-operation';
import { GatherFacts } from '../gather-facts';
import type { OperationRow, OperationVerdict } from '../operation.schema';
import { OperationHandlers } from '../operation-handlers';
import { OperationsRepository } from '../operations.repository';

const scope = SystemScope.for('advancing operations');

/** A use case that still lives has written all it has to by then; what is older was left by a killed process. */
export const abandonedAfterMs = 15_000;
const completeAfterMs = 5_000;
/** What a killed process left is looked for this often, since it costs more than to look at the facts. */
const completeEveryMs = 10_000;

/**
 * Brings an operation's record up to what the facts say. Verdict first, then its consequences, then the end: a process that is killed in
 * between leaves an operation that still runs, with the verdict noted, and the next one goes on there.
 */
@Injectable()
export class AdvanceOperation {
  /** Age of each operation that runs when it was last completed. */
  private readonly completedAtAge = new Map<string, number>();

  constructor(
    private readonly operations: OperationsRepository,
    private readonly facts: GatherFacts,
    private readonly handlers: OperationHandlers,
    @Inject(HINTS) private readonly hints: HintBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns the operation as it is now; null when there is none. */
  async run(id: string): Promise<OperationRow | null> {
    const operation = await this.operations.find(scope, id);
    return operation ? this.advance(operation) : null;
  }

  /** The same for one that was just read. */
  async advance(operation: OperationRow): Promise<OperationRow | null> {
    if (operation.state !== 'running') {
      this.completedAtAge.delete(operation._id);
      return operation;
    }
    const changed = operation.verdict ? await this.conclude(operation, operation.verdict) : await this.lookAt(operation);
    if (!changed) return operation;
    this.hints.send({ kind: 'operation', id: operation._id });
    return changed;
  }

  /** @returns the record when it was changed, by this process or meanwhile by another; null when nothing is new. */
  private async lookAt(known: OperationRow): Promise<OperationRow | null> {
    const now = new Date();
    const age = now.getTime() - known.createdAt.getTime();
    let operation = known;
    if (age > completeAfterMs && this.isTimeToComplete(known._id, age)) {
      const began = await this.handlers.of(known.kind).complete(known);
      operation = (await this.operations.find(scope, known._id)) ?? known;
      if (operation.state !== 'running' || operation.verdict) return operation;
      if (!began && age > abandonedAfterMs) {
        const error = fromError(new BerthError('OPERATION_INTERRUPTED'));
        return this.decide(operation, operation.steps, { state: 'failed', error });
      }
    }
    const derived = deriveOperation(operation, await this.facts.of(operation, now), now);
    if (derived.state !== 'running') return this.decide(operation, derived.steps, { state: derived.state, error: derived.error });
    if (JSON.stringify(derived.steps) === JSON.stringify(operation.steps)) return null;
    return this.operations.progress(operation, derived.steps);
  }

  private isTimeToComplete(id: string, age: number): boolean {
    const before = this.completedAtAge.get(id);
    if (before !== undefined && age - before < completeEveryMs) return false;
    this.completedAtAge.set(id, age);
    return true;
  }

  private async decide(
    operation: OperationRow,
    steps: OperationRow['steps'],
    verdict: OperationVerdict,
  ): Promise<OperationRow | null> {
    const decided = await this.operations.decide(operation, steps, verdict);
    return decided ? this.conclude(decided, verdict) : this.operations.find(scope, operation._id);
  }

  private async conclude(operation: OperationRow, verdict: OperationVerdict): Promise<OperationRow | null> {
    await this.handlers.of(operation.kind).conclude(operation, verdict);
    this.completedAtAge.delete(operation._id);
    const now = new Date();
    const finished = await this.operations.finish(operation._id, verdict, now);
    if (!finished) return this.operations.find(scope, operation._id);
    this.logger.info(
      {
        operation: operation._id,
        kind: operation.kind,
        app: operation.appId,
        state: verdict.state,
        ms: now.getTime() - operation.createdAt.getTime(),
        code: verdict.error?.code,
      },
      'operation ended',
    );
    return finished;
  }
}
