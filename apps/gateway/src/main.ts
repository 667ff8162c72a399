import 'reflect-metadata';
import { readSettings, SettingsError } from '@berth/config/read-settings';
import { createLogger, NestLogger } from '@berth/observability/logger';
import { NestFactory } from '@nestjs/core';
import { gatewayModule } from './gateway.module';

async function main(): Promise<void> {
  const settings = readSettings();
  const logger = createLogger('gateway', settings.BERTH_LOG_LEVEL);
  const app = await NestFactory.createApplicationContext(gatewayModule(settings, logger), { logger: new NestLogger(logger) });
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      logger.info({ signal }, 'the gateway service stops; HAProxy goes on with the routes it has');
      void app.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error instanceof SettingsError ? error.message : (error.stack ?? error.message)}\n`);
  process.exit(1);
});
