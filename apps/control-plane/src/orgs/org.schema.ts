import { Schema } from 'mongoose';
import type { Role } from './roles';

/** Collection `orgs`. */
export interface OrgDocument {
  _id: string;
  name: string;
  /** The account whose personal organization this is; null for a shared one. */
  personalOf: string | null;
  createdAt: Date;
}

/** Collection `memberships`. */
export interface MembershipDocument {
  _id: string;
  orgId: string;
  accountId: string;
  role: Role;
  createdAt: Date;
}

export const orgSchema = new Schema<OrgDocument>(
  { _id: String, name: String, personalOf: { type: String, default: null }, createdAt: Date },
  { collection: 'orgs', versionKey: false, strict: 'throw' },
);

export const membershipSchema = new Schema<MembershipDocument>(
  { _id: String, orgId: String, accountId: String, role: String, createdAt: Date },
  { collection: 'memberships', versionKey: false, strict: 'throw' },
);
