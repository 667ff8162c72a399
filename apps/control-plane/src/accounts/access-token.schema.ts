import { Schema } from 'mongoose';
import type { TokenScope } from '../http/identity';

/** A personal access token. Collection `access_tokens`. The secret is kept as SHA-256 alone. */
export interface AccessTokenDocument {
  _id: string;
  accountId: string;
  name: string;
  secretHash: string;
  /** First characters of the secret, so that people can tell their tokens apart. */
  prefix: string;
  scopes: TokenScope[];
  createdAt: Date;
  /** null for one that does not end. */
  expiresAt: Date | null;
  /** Exact to five minutes. */
  lastUsedAt: Date | null;
}

export const accessTokenSchema = new Schema<AccessTokenDocument>(
  {
    _id: String,
    accountId: String,
    name: String,
    secretHash: String,
    prefix: String,
    scopes: [String],
    createdAt: Date,
    expiresAt: { type: Date, default: null },
    lastUsedAt: { type: Date, default: null },
  },
  { collection: 'access_tokens', versionKey: false, strict: 'throw' },
);
