import { createIndexes, indexes } from './indexes';
import type { Migration } from './migration';

/** The first data: all indexes. One that is added to a feature's list after the first release needs a migration of its own. */
export const indexesMigration: Migration = {
  version: 1,
  name: 'indexes',
  up: (db) => createIndexes(db, indexes),
};
