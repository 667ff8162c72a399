import type { Settings } from '@berth/config/settings';
import { type Logger, NestLogger } from '@berth/observability/logger';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ZodValidationPipe } from 'nestjs-zod';
import { apiOnly, features } from './features';
import { ErrorFilter } from './http/error.filter';
import { requestId } from './http/request-id';
import { PlatformModule } from './platform/platform.module';

const bodyLimit = '256kb';

/** Builds the HTTP application without listening: `main.ts` listens, tests call it directly. */
export async function createApi(settings: Settings, logger: Logger): Promise<NestExpressApplication> {
  @Module({
    imports: [PlatformModule.forProcess(logger, settings), ...features, ...apiOnly],
    providers: [
      { provide: APP_FILTER, useClass: ErrorFilter },
      { provide: APP_PIPE, useClass: ZodValidationPipe },
    ],
  })
  class ApiModule {}

  const api = await NestFactory.create<NestExpressApplication>(ApiModule, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  api.disable('x-powered-by');
  api.use(requestId);
  api.useBodyParser('json', { limit: bodyLimit });
  api.enableShutdownHooks();
  return api;
}
