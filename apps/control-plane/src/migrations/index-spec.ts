import type { IndexDirection } from 'mongodb';

/** One index as the feature that reads by it declares it. */
export interface IndexSpec {
  collection: string;
  name: string;
  key: Record<string, IndexDirection>;
  unique?: true;
  /** An index on a field that some documents lack is unique over the missing ones too; this leaves them out. */
  partialFilterExpression?: Record<string, unknown>;
  /** Documents go this many seconds after the time in the indexed field. */
  expireAfterSeconds?: number;
}
