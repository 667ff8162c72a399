import 'reflect-metadata';
import { text } from 'node:stream/consumers';
import { SettingsError } from '@berth/config/read-settings';
import { BerthError } from '@berth/errors/berth-error';
import { createLogger, NestLogger } from '@berth/observability/logger';
import { NestFactory } from '@nestjs/core';
import { adminModule } from './admin/admin.module';
import { installedSettings } from './admin/admin-settings';
import { parseCommand, resetPassword, UsageError, usage } from './admin/commands';
import { DatabaseAwayError } from './platform/mongodb';

/**
 * Commands for the machine's shell that need no account and no running API: `node admin.js reset-password EMAIL`. Prints one JSON object on
 * stdout. Exit codes: 0 done, 1 refused (`{code, message, next}` on stdout), 2 wrong words.
 */
async function main(): Promise<void> {
  const { email, passwordFromStdin, revokeTokens } = parseCommand(process.argv.slice(2));
  const password = passwordFromStdin ? (await text(process.stdin)).replace(/\r?\n$/, '') : null;
  const settings = installedSettings(process.env);
  const logger = createLogger('admin', 'silent');
  const context = await NestFactory.createApplicationContext(adminModule(settings, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  try {
    print(await resetPassword(context, { email, password, revokeTokens }));
  } finally {
    await context.close();
  }
}

main()
  .then(() => process.exit(0))
  .catch((error: unknown) => {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usage}`);
      process.exit(2);
    }
    if (error instanceof BerthError) print(error.toBody());
    else if (error instanceof SettingsError || error instanceof DatabaseAwayError)
      print({
        code: 'UNAVAILABLE',
        message: error.message,
        next: 'Run this as root on the machine that Berth runs on, while it runs.',
      });
    else process.stderr.write(`${(error as Error).stack}\n`);
    process.exit(1);
  });

function print(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
