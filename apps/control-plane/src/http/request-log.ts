import type { Logger } from '@berth/observability/logger';
import type { Request, Response } from 'express';
import { pinoHttp } from 'pino-http';
import { clientAddress } from './client-address';
import type { IdentifiedRequest } from './identity';

const quietPaths = /^\/(health\/|metrics$|assets\/)/;

/** One line a request: who, what, status, time. Neither headers nor query, which may hold secrets such as an invitation. */
export function requestLog(logger: Logger) {
  return pinoHttp<Request, Response>({
    logger,
    genReqId: (request) => request.id,
    customAttributeKeys: { responseTime: 'ms' },
    customLogLevel: (request, response, error) => {
      if (error || response.statusCode >= 500) return 'error';
      return quietPaths.test(request.path) ? 'debug' : 'info';
    },
    customSuccessMessage: (request, response) => `${request.method} ${pathOf(request)} ${response.statusCode}`,
    customErrorMessage: (request, response) => `${request.method} ${pathOf(request)} ${response.statusCode}`,
    customProps: (request) => ({
      requestId: request.id,
      address: clientAddress(request),
      accountId: (request as IdentifiedRequest).identity?.accountId,
    }),
    // The message has it all; the error filter logs what went wrong. Unwrapped: the wrapping would read the error's stack.
    wrapSerializers: false,
    serializers: { req: () => undefined, res: () => undefined, err: () => undefined },
  });
}

function pathOf(request: Request): string {
  return request.originalUrl.split('?')[0] ?? '/';
}
