import type { Reason } from './runtime';

export const operationKinds = [
  'app.create',
  'app.delete',
  'app.restore',
  'app.purge',
  'environment.create',
  'environment.delete',
  'environment.configure',
] as const;
export type OperationKind = (typeof operationKinds)[number];

export const operationStates = ['running', 'succeeded', 'failed'] as const;
export type OperationState = (typeof operationStates)[number];

export interface OperationStep {
  name: string;
  state: 'pending' | 'running' | 'done' | 'failed';
  startedAt: Date | null;
  finishedAt: Date | null;
}

/**
 * Something that takes longer than a request. Collection `operations`. Its steps are derived from facts (the runtime's observation, the
 * routes the gateways applied), never from a process's memory: whoever is killed, the next look finds the same answer.
 */
export interface OperationDocument {
  _id: string;
  orgId: string;
  accountId: string;
  kind: OperationKind;
  appId: string;
  environmentId: string | null;
  runtimeId: string | null;
  state: OperationState;
  steps: OperationStep[];
  error: Reason | null;
  createdAt: Date;
  /** Past it the operation fails with the last reason known. */
  deadline: Date;
  finishedAt: Date | null;
}
