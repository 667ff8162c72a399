import type { Db } from 'mongodb';
import { accountsIndexes } from '../accounts/accounts.indexes';
import { appsIndexes } from '../apps/apps.indexes';
import { environmentsIndexes } from '../environments/environments.indexes';
import { idempotencyIndexes } from '../http/idempotency/idempotency.indexes';
import { operationsIndexes } from '../operations/operations.indexes';
import { orgsIndexes } from '../orgs/orgs.indexes';
import { placementIndexes } from '../placement/placement.indexes';
import { routingIndexes } from '../routing/routing.indexes';
import type { IndexSpec } from './index-spec';

/** All indexes of the control data; each feature declares its own. */
export const indexes: readonly IndexSpec[] = [
  ...accountsIndexes,
  ...orgsIndexes,
  ...idempotencyIndexes,
  ...appsIndexes,
  ...environmentsIndexes,
  ...operationsIndexes,
  ...placementIndexes,
  ...routingIndexes,
];

/** Makes those that are missing; one that is there already costs nothing. */
export async function createIndexes(db: Db, specs: readonly IndexSpec[]): Promise<void> {
  for (const { collection, key, ...options } of specs) await db.collection(collection).createIndex(key, options);
}
