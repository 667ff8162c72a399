import type { RuntimeAdmission } from '@berth/contracts/runtime-config';
import Parse from 'parse/node';
import { PostgresStorageAdapter } from 'parse-server/lib/Adapters/Storage/Postgres/PostgresStorageAdapter';
import { refusalFor } from '../admission/admission';
import { type Effect, grows } from '../admission/classify-request';
import { normalizeQuery, type ParseQuery, type ParseSchema } from './normalize-query';
import { withParseErrors } from './query-errors';

/** Parse Server's adapter for PostgreSQL with its known traps mended (docs/runtime-contract.md names them). */
export class StorageAdapter extends PostgresStorageAdapter {
  /** What the app's users may do; also holds for what cloud functions write. */
  admission: RuntimeAdmission = { mode: 'open' };

  /** Exact: without this, a count of a whole class is the planner's estimate, 0 until the table is analysed. */
  override count(className: string, schema: ParseSchema, query: ParseQuery, readPreference?: string): Promise<number> {
    return withParseErrors(super.count(className, schema, normalizeQuery(schema, query), readPreference, false));
  }

  override find(className: string, schema: ParseSchema, query: ParseQuery, options: unknown): Promise<unknown[]> {
    return withParseErrors(super.find(className, schema, normalizeQuery(schema, query), options));
  }

  override distinct(className: string, schema: ParseSchema, query: ParseQuery, field: string): Promise<unknown[]> {
    return withParseErrors(super.distinct(className, schema, normalizeQuery(schema, query), field));
  }

  override async deleteObjectsByQuery(
    className: string,
    schema: ParseSchema,
    query: ParseQuery,
    session?: unknown,
  ): Promise<void> {
    this.assertAdmitted('delete', className);
    return withParseErrors(super.deleteObjectsByQuery(className, schema, normalizeQuery(schema, query), session));
  }

  override async updateObjectsByQuery(
    className: string,
    schema: ParseSchema,
    query: ParseQuery,
    update: object,
    session?: unknown,
  ): Promise<unknown> {
    if (!isBookkeeping(update)) this.assertAdmitted(grows(update) ? 'grow' : 'update', className);
    return withParseErrors(super.updateObjectsByQuery(className, schema, normalizeQuery(schema, query), update, session));
  }

  override aggregate(...query: unknown[]): Promise<unknown> {
    return withParseErrors(super.aggregate(...query));
  }

  override async createObject(className: string, ...rest: unknown[]): Promise<unknown> {
    this.assertAdmitted('grow', className);
    return withParseErrors(super.createObject(className, ...rest));
  }

  override async addFieldIfNotExists(className: string, ...rest: unknown[]): Promise<void> {
    this.assertAdmitted('grow', className);
    return super.addFieldIfNotExists(className, ...rest);
  }

  /** A class whose uniqueness is part of what it means gets its indexes with the table, so that none can slip in between. */
  override createTable(className: string, schema: ParseSchema, connection?: PgConnection): Promise<void> {
    const indexes = uniqueIndexes[className];
    if (!indexes) return super.createTable(className, schema, connection);
    return (connection ?? this._client).tx('create-unique-table', async (t: PgConnection) => {
      await super.createTable(className, schema, t);
      for (const index of indexes) await t.none(index);
    });
  }

  /** The last word on admission, whatever way a write has come: cloud functions, triggers, GraphQL. */
  private assertAdmitted(effect: Effect, className: string): void {
    if (this.admission.mode === 'open' || alwaysWritable.has(className)) return;
    const refusal = refusalFor(this.admission, effect);
    if (refusal) throw new Parse.Error(refusal.code as number, refusal.error);
  }
}

/** What log-in and repeated requests need stays writable in every mode. */
const alwaysWritable = new Set(['_Session', '_Idempotency']);

/** Fields that no client can name: counters of failed log-ins and the like. */
function isBookkeeping(update: object): boolean {
  return Object.keys(update).every((field) => field.startsWith('_'));
}

interface PgConnection {
  none(query: string, values?: unknown): Promise<null>;
  tx<T>(name: string, work: (t: PgConnection) => Promise<T>): Promise<T>;
}

/** The same as Parse Server makes at its start (DatabaseController.performInitialization), under the same names. */
const uniqueIndexes: Record<string, readonly string[]> = {
  _User: [
    'CREATE UNIQUE INDEX IF NOT EXISTS "_User_unique_username" ON "_User" ("username")',
    'CREATE UNIQUE INDEX IF NOT EXISTS "_User_unique_email" ON "_User" ("email")',
    'CREATE INDEX IF NOT EXISTS "case_insensitive_username" ON "_User" (lower("username") varchar_pattern_ops)',
    'CREATE INDEX IF NOT EXISTS "case_insensitive_email" ON "_User" (lower("email") varchar_pattern_ops)',
    'CREATE INDEX IF NOT EXISTS "_email_verify_token" ON "_User" ("_email_verify_token")',
    'CREATE INDEX IF NOT EXISTS "_perishable_token" ON "_User" ("_perishable_token")',
    `CREATE UNIQUE INDEX IF NOT EXISTS "_User_unique_authData_anonymous_id" ON "_User" (("authData"->'anonymous'->>'id'))
       WHERE "authData"->'anonymous'->>'id' IS NOT NULL`,
  ],
  _Role: ['CREATE UNIQUE INDEX IF NOT EXISTS "_Role_unique_name" ON "_Role" ("name")'],
  _Idempotency: ['CREATE UNIQUE INDEX IF NOT EXISTS "_Idempotency_unique_reqId" ON "_Idempotency" ("reqId")'],
};
