import type { Settings } from '@berth/config/settings';
import { type Logger, NestLogger } from '@berth/observability/logger';
import { Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import cookieParser from 'cookie-parser';
import type { Request, Response } from 'express';
import { ZodSerializerInterceptor, ZodValidationPipe } from 'nestjs-zod';
import { useConsoleFiles } from './console-files/console-files';
import { apiOnly, features } from './features';
import { useJsonBodies } from './http/body';
import { deadline } from './http/deadline';
import { Drain } from './http/drain';
import { ErrorFilter } from './http/error.filter';
import { HttpModule } from './http/http.module';
import { HttpMetrics } from './http/http-metrics';
import { noStore } from './http/no-store';
import { requestId } from './http/request-id';
import { requestLog } from './http/request-log';
import { securityHeaders } from './http/security-headers';
import { limitServer } from './http/server-limits';
import { openapiDocument } from './openapi/document';
import { PlatformModule } from './platform/platform.module';

/** The module of the API process. Making it opens and connects nothing. */
export function apiModule(settings: Settings, logger: Logger): Type {
  @Module({
    imports: [PlatformModule.forProcess(logger, settings), HttpModule, ...features, ...apiOnly],
    providers: [
      { provide: APP_FILTER, useClass: ErrorFilter },
      { provide: APP_PIPE, useClass: ZodValidationPipe },
      { provide: APP_INTERCEPTOR, useClass: ZodSerializerInterceptor },
    ],
  })
  class ApiModule {}
  return ApiModule;
}

/** Builds the HTTP application without listening: `main.ts` listens, tests call it directly. */
export async function createApi(settings: Settings, logger: Logger): Promise<NestExpressApplication> {
  const api = await NestFactory.create<NestExpressApplication>(apiModule(settings, logger), {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  api.disable('x-powered-by');
  api.disable('etag');
  api.set('trust proxy', settings.BERTH_TRUSTED_PROXIES);
  api.set('query parser', 'simple');
  limitServer(api.getHttpServer());
  api.use(requestId, requestLog(logger), api.get(HttpMetrics).observe, api.get(Drain).track, securityHeaders(settings));
  useConsoleFiles(api);
  api.use('/v1', noStore, deadline);
  api.use(cookieParser());
  useJsonBodies(api);
  serveDocument(api);
  return api;
}

/** Made when it is asked for the first time: most processes never are, and it costs time and memory. */
function serveDocument(api: NestExpressApplication): void {
  let document: string | undefined;
  api.use('/openapi.json', (_request: Request, response: Response) => {
    document ??= JSON.stringify(openapiDocument(api));
    response.type('application/json').send(document);
  });
}
