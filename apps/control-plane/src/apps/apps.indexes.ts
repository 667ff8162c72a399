import type { IndexSpec } from '../migrations/index-spec';

export const appsIndexes: IndexSpec[] = [
  { collection: 'apps', name: 'apps_of_org', key: { orgId: 1, createdAt: -1, _id: -1 } },
  { collection: 'apps', name: 'apps_by_lifecycle', key: { lifecycle: 1, purgeAt: 1 } },
  {
    collection: 'apps',
    name: 'apps_under_way',
    key: { operationId: 1 },
    partialFilterExpression: { operationId: { $type: 'string' } },
  },
  { collection: 'slugs', name: 'slugs_of_app', key: { appId: 1 } },
  {
    collection: 'slugs',
    name: 'slugs_of_rename',
    key: { reservedBy: 1 },
    partialFilterExpression: { reservedBy: { $type: 'string' } },
  },
];
