import { StorageAdapter } from './storage-adapter';

const retryMs = 4;
const longestWaitMs = 10_000;

/** What PostgreSQL or its socket say while it starts, and to connections that a restart cut. */
const starting = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', '57P03', '57P01', '57P02']);

/** The pool over the unix socket; PostgreSQL knows the process by its user, so there is no password. */
export function openDatabase(): StorageAdapter {
  const adapter = new StorageAdapter({
    uri: 'postgres://app@localhost/app',
    databaseOptions: { host: '/run/postgresql', database: 'app', user: 'app', max: 8, min: 1, idleTimeoutMillis: 30_000 },
  });
  retryConnecting(adapter._client.$pool);
  return adapter;
}

interface Pool {
  connect(done: (error: (Error & { code?: string }) | undefined, client: unknown, release: unknown) => void): void;
}

/** A connection that is asked for while PostgreSQL starts, for the first time or after a crash, waits for it instead of failing. */
function retryConnecting(pool: Pool): void {
  const connect = pool.connect.bind(pool);
  pool.connect = (done) => {
    const end = Date.now() + longestWaitMs;
    const attempt = () =>
      connect((error, client, release) => {
        if (error && starting.has(error.code ?? '') && Date.now() < end) setTimeout(attempt, retryMs);
        else done(error, client, release);
      });
    attempt();
  };
}

/** Which Parse schema the database holds; null before there is any. Also the proof that PostgreSQL answers. */
export async function schemaVersion(adapter: StorageAdapter): Promise<string | null> {
  const row = await adapter._client.oneOrNone<{ value: string }>(`SELECT value FROM berth.state WHERE key = 'parse-schema'`);
  return row?.value ?? null;
}

export async function keepSchemaVersion(adapter: StorageAdapter, version: string): Promise<void> {
  await adapter._client.none(
    `INSERT INTO berth.state (key, value) VALUES ('parse-schema', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    [version],
  );
}

/** Removes remembered request ids whose time is over; nobody else does on PostgreSQL. */
export async function forgetOldRequests(adapter: StorageAdapter): Promise<void> {
  await adapter._client.none('DELETE FROM "_Idempotency" WHERE expire < now()');
}
