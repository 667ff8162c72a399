import type { OperationKind } from '@berth/contracts/documents/operation';
import { newId } from '@berth/contracts/ids';
import { Injectable } from '@nestjs/common';
import type { OperationRow } from './operation.schema';
import { operationPlans, type StepName } from './operation-plan';
import { OperationsRepository } from './operations.repository';

export interface NewOperation {
  /** A new one is made when it is left out. */
  id?: string;
  kind: OperationKind;
  orgId: string;
  accountId: string | null;
  appId: string;
  environmentId?: string;
  runtimeId?: string;
  /** Fewer steps than the kind has. */
  steps?: readonly StepName[];
}

/** Writes an operation's record: before anything that it changes. */
@Injectable()
export class BeginOperation {
  constructor(private readonly operations: OperationsRepository) {}

  /** @returns null when an operation was begun before with this id. */
  async run(given: NewOperation): Promise<OperationRow | null> {
    const plan = operationPlans[given.kind];
    const now = new Date();
    const operation: OperationRow = {
      _id: given.id ?? newId('operation'),
      orgId: given.orgId,
      accountId: given.accountId,
      kind: given.kind,
      appId: given.appId,
      environmentId: given.environmentId ?? null,
      runtimeId: given.runtimeId ?? null,
      generation: null,
      state: 'running',
      steps: (given.steps ?? plan.steps).map((name) => ({ name, state: 'pending', startedAt: null, finishedAt: null })),
      error: null,
      verdict: null,
      version: 1,
      createdAt: now,
      deadline: new Date(now.getTime() + plan.seconds * 1000),
      finishedAt: null,
    };
    return (await this.operations.insert(operation)) ? operation : null;
  }
}
