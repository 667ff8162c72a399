import { Schema } from 'mongoose';

/** Collection `environments`. */
export interface EnvironmentDocument {
  _id: string;
  orgId: string;
  appId: string;
  name: string;
  /** Unique in this installation. */
  applicationId: string;
  /** The five keys and their former values, sealed in the context `environment:<id>:keys`. */
  keys: string;
  /** Rises with each change of the keys, so that two changes at once cannot undo each other. */
  keysRevision: number;
  /** When the next former value of a key ends; null without any. */
  keysExpireAt: Date | null;
  mountPath: string;
  /** The runtime that serves it. */
  runtimeId: string;
  createdAt: Date;
}

export const environmentSchema = new Schema<EnvironmentDocument>(
  {
    _id: String,
    orgId: String,
    appId: String,
    name: String,
    applicationId: String,
    keys: String,
    keysRevision: Number,
    keysExpireAt: { type: Date, default: null },
    mountPath: String,
    runtimeId: String,
    createdAt: Date,
  },
  { collection: 'environments', versionKey: false, strict: 'throw' },
);
