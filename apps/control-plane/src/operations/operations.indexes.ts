import type { IndexSpec } from '../migrations/index-spec';

const thirtyDays = 30 * 24 * 3600;

export const operationsIndexes: IndexSpec[] = [
  { collection: 'operations', name: 'operations_under_way', key: { state: 1, kind: 1, finishedAt: 1 } },
  { collection: 'operations', name: 'operations_of_app', key: { appId: 1 } },
  { collection: 'operations', name: 'operations_end', key: { finishedAt: 1 }, expireAfterSeconds: thirtyDays },
];
