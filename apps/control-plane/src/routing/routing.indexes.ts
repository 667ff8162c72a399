import type { IndexSpec } from '../migrations/index-spec';

export const routingIndexes: IndexSpec[] = ['route_hosts', 'route_policies', 'route_addresses'].map((collection) => ({
  collection,
  name: 'routes_by_revision',
  key: { revision: 1 },
}));

routingIndexes.push({ collection: 'route_hosts', name: 'hosts_of_environment', key: { environmentId: 1 } });
