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

export const stepStates = ['pending', 'running', 'done', 'failed'] as const;

export interface OperationStep {
  name: string;
  state: (typeof stepStates)[number];
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** Why an operation failed: a code of the error catalogue, the sentence for the person and what to do next. */
export interface OperationError {
  code: string;
  message: string;
  next: string;
}

/**
 * Something that takes longer than a request. Collection `operations`. Its steps are derived from facts (the runtime's observation, the
 * routes the gateways applied), never from a process's memory: whoever is killed, the next look finds the same answer.
 *
 * The record is written before anything it changes, so whatever a killed process left is found through it.
 */
export interface OperationDocument {
  _id: string;
  orgId: string;
  /** Who asked; null when the platform did, e.g. when the days in the trash are over. */
  accountId: string | null;
  kind: OperationKind;
  appId: string;
  environmentId: string | null;
  runtimeId: string | null;
  /** The configuration that `environment.configure` waits for. */
  generation: number | null;
  state: OperationState;
  steps: OperationStep[];
  error: OperationError | null;
  /** Rises with each change of the record: the event id of the stream. */
  version: number;
  createdAt: Date;
  /** Past it the operation fails with the last reason known. */
  deadline: Date;
  finishedAt: Date | null;
}
