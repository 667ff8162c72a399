import { mongoClient } from '@berth/database/collections';
import type { Logger } from '@berth/observability/logger';
import { migrations } from './list';
import { Migrator } from './migrator';

/** Brings the control data up to date, on a connection of its own: a step over much data may take longer than a request ever may. */
export async function migrate(url: string, logger: Logger): Promise<void> {
  const client = mongoClient(url, 'berth-migrations');
  try {
    await new Migrator(client.db(), migrations, logger).run();
  } finally {
    await client.close();
  }
}
