import type { IndexSpec } from '../migrations/index-spec';

export const placementIndexes: IndexSpec[] = [
  { collection: 'runtimes', name: 'runtimes_of_environment', key: { environmentId: 1 } },
  { collection: 'runtimes', name: 'runtimes_by_desire', key: { 'desired.power': 1, 'observed.state': 1 } },
];
