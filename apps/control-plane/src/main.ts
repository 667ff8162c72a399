import 'reflect-metadata';
import { readSettings, SettingsError } from '@berth/config/read-settings';
import { createLogger } from '@berth/observability/logger';
import { createApi } from './api';

/** The API process: HTTP, OpenAPI, the console's files. */
async function main(): Promise<void> {
  const settings = readSettings();
  const logger = createLogger('api', settings.BERTH_LOG_LEVEL);
  const api = await createApi(settings, logger);
  await api.listen(settings.BERTH_API_PORT, settings.BERTH_API_HOST);
  logger.info({ port: settings.BERTH_API_PORT }, 'API listens');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof SettingsError ? error.message : (error as Error).stack}\n`);
  process.exit(1);
});
