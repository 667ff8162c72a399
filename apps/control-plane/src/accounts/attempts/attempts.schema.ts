import { Schema } from 'mongoose';

/** How often something was tried in a window of time. Collection `attempts`; in MongoDB, so that a restart forgets nothing. */
export interface AttemptsDocument {
  /** What is counted, e.g. `sign-in:address:<hash>`. */
  _id: string;
  count: number;
  windowEndsAt: Date;
}

export const attemptsSchema = new Schema<AttemptsDocument>(
  { _id: String, count: Number, windowEndsAt: Date },
  { collection: 'attempts', versionKey: false, strict: 'throw' },
);
