import { Schema } from 'mongoose';

/** Collection `invitations`. The secret is kept as SHA-256 alone. */
export interface InvitationDocument {
  _id: string;
  secretHash: string;
  /** The only address that may use it; null for whoever has it. */
  email: string | null;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
  /** For the list; that it is used once is kept by the index on `accounts.invitationId`. */
  usedAt: Date | null;
}

export const invitationSchema = new Schema<InvitationDocument>(
  {
    _id: String,
    secretHash: String,
    email: { type: String, default: null },
    createdBy: String,
    createdAt: Date,
    expiresAt: Date,
    usedAt: { type: Date, default: null },
  },
  { collection: 'invitations', versionKey: false, strict: 'throw' },
);
