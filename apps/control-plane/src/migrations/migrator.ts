import type { Logger } from '@berth/observability/logger';
import type { Db } from 'mongodb';
import { withLease } from './lease';
import type { Migration } from './migration';

interface AppliedMigration {
  _id: number;
  name: string;
  appliedAt: Date;
  ms: number;
}

const leaseWaitMs = 10 * 60_000;

/** The database was written by a newer Berth than this one. */
export class DataTooNewError extends Error {
  override name = 'DataTooNewError';
}

/** Brings the control data to the version of this code. */
export class Migrator {
  constructor(
    private readonly db: Db,
    private readonly migrations: readonly Migration[],
    private readonly logger: Logger,
  ) {}

  /**
   * Applies what is missing, in order, one process at a time. Returns at once when nothing is.
   * @throws DataTooNewError when the data is ahead of the code
   */
  async run(): Promise<void> {
    if ((await this.missing()).length === 0) return;
    await withLease(this.db, 'migrations', leaseWaitMs, async () => {
      for (const migration of await this.missing()) await this.apply(migration);
    });
  }

  /** Waits until another process, the API, has done it. */
  async waitUntilCurrent(pauseMs = 250): Promise<void> {
    while ((await this.missing()).length > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }

  private async missing(): Promise<Migration[]> {
    const applied = new Set((await this.applied.find().toArray()).map(({ _id }) => _id));
    const newest = Math.max(0, ...applied);
    const known = this.migrations.at(-1)?.version ?? 0;
    if (newest > known)
      throw new DataTooNewError(
        `The database is at version ${newest}; this Berth knows versions up to ${known}. Start the newer Berth again.`,
      );
    return this.migrations.filter(({ version }) => !applied.has(version));
  }

  private async apply({ version, name, up }: Migration): Promise<void> {
    const startedAt = Date.now();
    await up(this.db);
    const record = { name, appliedAt: new Date(), ms: Date.now() - startedAt };
    await this.applied.updateOne({ _id: version }, { $set: record }, { upsert: true });
    this.logger.info({ version, name, ms: record.ms }, 'control data migrated');
  }

  private get applied() {
    return this.db.collection<AppliedMigration>('migrations');
  }
}
