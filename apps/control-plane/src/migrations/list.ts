import { indexesMigration } from './0001-indexes';
import type { Migration } from './migration';

/** All migrations in their order. */
export const migrations: readonly Migration[] = [indexesMigration];
