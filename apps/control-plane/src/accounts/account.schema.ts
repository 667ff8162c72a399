import { Schema } from 'mongoose';

/** Collection `accounts`. */
export interface AccountDocument {
  _id: string;
  /** Trimmed and in lower case. */
  email: string;
  name: string;
  /** argon2id in PHC form. */
  passwordHash: string;
  passwordChangedAt: Date;
  operator: boolean;
  /** True on the first account alone; its unique index lets one sign-up win the setup. */
  first?: boolean;
  /** The invitation it was made with; its unique index lets an invitation be used once. */
  invitationId?: string;
  createdAt: Date;
}

export const accountSchema = new Schema<AccountDocument>(
  {
    _id: String,
    email: String,
    name: String,
    passwordHash: String,
    passwordChangedAt: Date,
    operator: Boolean,
    first: Boolean,
    invitationId: String,
    createdAt: Date,
  },
  { collection: 'accounts', versionKey: false, strict: 'throw' },
);
