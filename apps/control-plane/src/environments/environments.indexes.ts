import type { IndexSpec } from '../migrations/index-spec';

export const environmentsIndexes: IndexSpec[] = [
  { collection: 'environments', name: 'one_environment_a_name', key: { appId: 1, name: 1 }, unique: true },
  { collection: 'environments', name: 'one_environment_an_application_id', key: { applicationId: 1 }, unique: true },
  {
    collection: 'environments',
    name: 'keys_that_end',
    key: { keysExpireAt: 1 },
    partialFilterExpression: { keysExpireAt: { $type: 'date' } },
  },
];
