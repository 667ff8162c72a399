import type { IndexSpec } from '../../migrations/index-spec';

export const idempotencyIndexes: IndexSpec[] = [
  { collection: 'idempotency_keys', name: 'old_ones_go', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
];
