import { Schema } from 'mongoose';

/** A request that its sender may repeat. Collection `idempotency_keys`; `_id` is the account and a hash of the key. */
export interface IdempotencyDocument {
  _id: string;
  /** Of method, path and body: the same key with another request is refused. */
  requestHash: string;
  /** Ids that the first try reserved. A repeat after a crash uses them again, so its writes find what is there already. */
  reserved: Record<string, string>;
  /** Process and try that work on it now; they may be followed when `leaseEndsAt` has passed. */
  leaseEndsAt: Date;
  /** What was answered; null while it is under way. */
  answer: unknown;
  done: boolean;
  expiresAt: Date;
}

export const idempotencySchema = new Schema<IdempotencyDocument>(
  {
    _id: String,
    requestHash: String,
    reserved: Schema.Types.Mixed,
    leaseEndsAt: Date,
    answer: { type: Schema.Types.Mixed, default: null },
    done: Boolean,
    expiresAt: Date,
  },
  { collection: 'idempotency_keys', versionKey: false, strict: 'throw', minimize: false },
);
