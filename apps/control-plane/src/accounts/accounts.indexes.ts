import type { IndexSpec } from '../migrations/index-spec';

const day = 24 * 60 * 60;

export const accountsIndexes: IndexSpec[] = [
  { collection: 'accounts', name: 'one_account_an_email', key: { email: 1 }, unique: true },
  {
    collection: 'accounts',
    name: 'one_first_account',
    key: { first: 1 },
    unique: true,
    partialFilterExpression: { first: true },
  },
  {
    collection: 'accounts',
    name: 'one_account_an_invitation',
    key: { invitationId: 1 },
    unique: true,
    partialFilterExpression: { invitationId: { $type: 'string' } },
  },
  { collection: 'sessions', name: 'by_token', key: { tokenHash: 1 }, unique: true },
  {
    collection: 'sessions',
    name: 'by_previous_token',
    key: { previousTokenHash: 1 },
    unique: true,
    partialFilterExpression: { previousTokenHash: { $type: 'string' } },
  },
  { collection: 'sessions', name: 'of_account', key: { accountId: 1, createdAt: -1 } },
  { collection: 'sessions', name: 'expired_go', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  { collection: 'access_tokens', name: 'by_secret', key: { secretHash: 1 }, unique: true },
  { collection: 'access_tokens', name: 'of_account', key: { accountId: 1, createdAt: -1 } },
  // Kept a while past their end, so that people see which token it was that stopped working.
  { collection: 'access_tokens', name: 'expired_go', key: { expiresAt: 1 }, expireAfterSeconds: 30 * day },
  { collection: 'invitations', name: 'by_secret', key: { secretHash: 1 }, unique: true },
  { collection: 'invitations', name: 'newest_first', key: { createdAt: -1 } },
  { collection: 'invitations', name: 'expired_go', key: { expiresAt: 1 }, expireAfterSeconds: 90 * day },
  { collection: 'attempts', name: 'past_windows_go', key: { windowEndsAt: 1 }, expireAfterSeconds: 0 },
];
