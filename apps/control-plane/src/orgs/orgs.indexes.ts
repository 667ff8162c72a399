import type { IndexSpec } from '../migrations/index-spec';

export const orgsIndexes: IndexSpec[] = [
  {
    collection: 'orgs',
    name: 'one_personal_org_an_account',
    key: { personalOf: 1 },
    unique: true,
    partialFilterExpression: { personalOf: { $type: 'string' } },
  },
  { collection: 'memberships', name: 'one_membership_an_account', key: { accountId: 1, orgId: 1 }, unique: true },
  { collection: 'memberships', name: 'members_of_org', key: { orgId: 1 } },
];
