import 'reflect-metadata';
import { readSettings, SettingsError } from '@berth/config/read-settings';
import { createLogger, NestLogger } from '@berth/observability/logger';
import { NestFactory } from '@nestjs/core';
import { nodeAgentModule } from './node-agent.module';

async function main(): Promise<void> {
  const settings = readSettings();
  const logger = createLogger('node-agent', settings.BERTH_LOG_LEVEL);
  const module = nodeAgentModule(settings, logger, (error) => {
    logger.fatal({ err: error }, error.message);
    process.exit(1);
  });
  const app = await NestFactory.createApplicationContext(module, { logger: new NestLogger(logger) });
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      logger.info({ signal }, 'the node agent stops; the runtimes go on serving');
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
