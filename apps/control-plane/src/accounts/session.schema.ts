import { Schema } from 'mongoose';

/** A console session. Collection `sessions`. Tokens are kept as SHA-256 alone. */
export interface SessionDocument {
  _id: string;
  accountId: string;
  tokenHash: string;
  /** The token before the last rotation. */
  previousTokenHash: string | null;
  /** Until when it still works; null while the browser has not used the new one. */
  previousValidUntil: Date | null;
  rotatedAt: Date;
  createdAt: Date;
  /** Exact to five minutes. */
  lastUsedAt: Date;
  expiresAt: Date;
  userAgent: string;
  address: string;
}

export const sessionSchema = new Schema<SessionDocument>(
  {
    _id: String,
    accountId: String,
    tokenHash: String,
    previousTokenHash: { type: String, default: null },
    previousValidUntil: { type: Date, default: null },
    rotatedAt: Date,
    createdAt: Date,
    lastUsedAt: Date,
    expiresAt: Date,
    userAgent: String,
    address: String,
  },
  { collection: 'sessions', versionKey: false, strict: 'throw' },
);
