import type { Db } from 'mongodb';

/**
 * One step of the control data, from the version before to its own. It may be stopped anywhere and run again, and another process of the
 * version before may still write while it runs.
 */
export interface Migration {
  readonly version: number;
  readonly name: string;
  up(db: Db): Promise<void>;
}
