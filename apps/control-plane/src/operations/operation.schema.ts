import type { OperationDocument, OperationError, OperationStep } from '@berth/contracts/documents/operation';
import { Schema } from 'mongoose';

const date = { type: Date, default: null };
const text = { type: String, default: null };

const step = new Schema<OperationStep>({ name: String, state: String, startedAt: date, finishedAt: date }, { _id: false });
const error = new Schema<OperationError>({ code: String, message: String, next: String }, { _id: false });

/** The verdict, noted before its consequences are drawn, so that no two processes draw different ones. */
export interface OperationVerdict {
  state: 'succeeded' | 'failed';
  error: OperationError | null;
}

/** Collection `operations`. */
export interface OperationRow extends OperationDocument {
  verdict: OperationVerdict | null;
}

const verdict = new Schema<OperationVerdict>({ state: String, error: { type: error, default: null } }, { _id: false });

export const operationSchema = new Schema<OperationRow>(
  {
    _id: String,
    orgId: String,
    accountId: text,
    kind: String,
    appId: String,
    environmentId: text,
    runtimeId: text,
    generation: { type: Number, default: null },
    state: String,
    steps: [step],
    error: { type: error, default: null },
    verdict: { type: verdict, default: null },
    version: Number,
    createdAt: Date,
    deadline: Date,
    finishedAt: date,
  },
  { collection: 'operations', versionKey: false, strict: 'throw' },
);
