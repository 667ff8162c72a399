import type { Reason } from '@berth/contracts/documents/runtime';
import { Schema } from 'mongoose';

/** Where an app is in its life. What its runtimes do meanwhile is their own state. `docs/app-life.md` has the picture. */
export const appLifecycles = ['creating', 'active', 'trashed', 'deleting', 'failed'] as const;
export type AppLifecycle = (typeof appLifecycles)[number];

/** Collection `apps`. */
export interface AppDocument {
  _id: string;
  orgId: string;
  name: string;
  slug: string;
  plan: string;
  lifecycle: AppLifecycle;
  /** Why its creation failed; null otherwise. */
  reason: Reason | null;
  /** The operation that is changing its lifecycle: one at a time. */
  operationId: string | null;
  createdBy: string;
  createdAt: Date;
  trashedAt: Date | null;
  purgeAt: Date | null;
  /** The account that said to purge, or `trash` when its days were over; null unless `deleting`. */
  purgeApprovedBy: string | null;
}

/**
 * Collection `slugs`: every address name that is or was an app's. The unique `_id` decides who gets one. Former names keep leading to
 * the app, and the names of a purged app stay with nobody.
 */
export interface SlugDocument {
  _id: string;
  orgId: string;
  appId: string;
  /** The rename that reserved it, until the app has it: what a killed process reserved is freed again. */
  reservedBy: string | null;
  createdAt: Date;
  purgedAt: Date | null;
}

const reason = new Schema<Reason>({ code: String, message: String }, { _id: false });
const date = { type: Date, default: null };
const text = { type: String, default: null };

export const appSchema = new Schema<AppDocument>(
  {
    _id: String,
    orgId: String,
    name: String,
    slug: String,
    plan: String,
    lifecycle: String,
    reason: { type: reason, default: null },
    operationId: text,
    createdBy: String,
    createdAt: Date,
    trashedAt: date,
    purgeAt: date,
    purgeApprovedBy: text,
  },
  { collection: 'apps', versionKey: false, strict: 'throw' },
);

export const slugSchema = new Schema<SlugDocument>(
  { _id: String, orgId: String, appId: String, reservedBy: text, createdAt: Date, purgedAt: date },
  { collection: 'slugs', versionKey: false, strict: 'throw' },
);
