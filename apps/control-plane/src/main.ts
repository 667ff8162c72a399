import 'reflect-metadata';
import { readSettings, SettingsError } from '@berth/config/read-settings';
import { createLogger, type Logger } from '@berth/observability/logger';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApi } from './api';
import { Drain } from './http/drain';
import { migrate } from './migrations/migrate';
import { DataTooNewError } from './migrations/migrator';
import { DatabaseAwayError } from './platform/mongodb';

const drainLimitMs = 8000;

/** The API process: HTTP, OpenAPI, the console's files. */
async function main(): Promise<void> {
  const settings = readSettings();
  const logger = createLogger('api', settings.BERTH_LOG_LEVEL);
  const api = await createApi(settings, logger);
  await migrate(settings.MONGODB_URL, logger);
  await api.listen(settings.BERTH_API_PORT, settings.BERTH_API_HOST);
  logger.info({ port: settings.BERTH_API_PORT }, 'API listens');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(api, logger, signal));
}

async function stop(api: NestExpressApplication, logger: Logger, signal: string): Promise<void> {
  logger.info({ signal }, 'API stops');
  await api.get(Drain).run(api.getHttpServer(), drainLimitMs);
  await api.close();
  process.exit(0);
}

/** Said in one line; everything else with its stack. */
const expected = [SettingsError, DatabaseAwayError, DataTooNewError];

main().catch((error: unknown) => {
  const plain = expected.some((kind) => error instanceof kind);
  process.stderr.write(`${plain ? (error as Error).message : (error as Error).stack}\n`);
  process.exit(1);
});
