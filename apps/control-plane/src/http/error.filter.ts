import { isDatabaseAway } from '@berth/database/away';
import { BerthError } from '@berth/errors/berth-error';
import type { Logger } from '@berth/observability/logger';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ZodSerializationException, ZodValidationException } from 'nestjs-zod';
import { LOGGER } from '../platform/tokens';
import { problemsOf } from './problems';

/** Maps every error to the body of the catalogue. What is not known becomes 500 with a request id and nothing of the inside. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request & { id?: string }>();
    const response = http.getResponse<Response>();
    if (response.headersSent) {
      // A stream broke off, or the deadline has answered already.
      this.logger.warn({ err: error, requestId: request.id, path: request.path }, 'failed after its answer had begun');
      response.end();
      return;
    }
    const known =
      toBerthError(error, request) ?? new BerthError('INTERNAL', { requestId: String(request.id ?? '') }, { cause: error });
    if (known.status >= 500) this.log(known, error, request);
    const seconds = known.details.seconds;
    if ((known.status === 429 || known.status === 503) && typeof seconds === 'number') response.setHeader('Retry-After', seconds);
    response.status(known.status).json(known.toBody(request.id));
  }

  /** Only what nobody foresaw is worth a stack: the first one makes Node read the source maps, some 60 MB. */
  private log(known: BerthError, error: unknown, request: Request): void {
    const line = { code: known.code, requestId: request.id, path: request.path };
    if (known.code === 'INTERNAL') this.logger.error({ ...line, err: error }, known.message);
    else this.logger.warn({ ...line, reason: (error as Error).message }, known.message);
  }
}

function toBerthError(error: unknown, request: Request): BerthError | undefined {
  if (error instanceof BerthError) return error;
  if (error instanceof ZodSerializationException) return undefined;
  if (error instanceof ZodValidationException)
    return new BerthError('INPUT_INVALID', { problems: problemsOf(error.getZodError()) });
  if (isDatabaseAway(error)) return new BerthError('UNAVAILABLE', { part: 'The database', seconds: 5 });
  const http = httpErrorOf(error);
  if (!http) return undefined;
  switch (http.type ?? http.status) {
    case 'entity.parse.failed':
    case 'encoding.unsupported':
    case 'charset.unsupported':
    case 'request.size.invalid':
      return new BerthError('JSON_MALFORMED');
    case 'json.too.deep':
      return new BerthError('JSON_TOO_DEEP', { limit: http.limit ?? 0 });
    case 'entity.too.large':
      return new BerthError('BODY_TOO_LARGE', { limit: `${Math.round((http.limit ?? 0) / 1024)} KB` });
    case 404:
      return new BerthError('ENDPOINT_NOT_FOUND', { method: request.method, path: request.path });
    case 415:
      return new BerthError('MEDIA_TYPE_UNSUPPORTED');
    case 503:
      return new BerthError('UNAVAILABLE', { part: 'A part of the platform', seconds: 5 });
    default:
      return http.status < 500 ? new BerthError('INPUT_INVALID', { problems: [problemOf(http)] }) : undefined;
  }
}

interface HttpError {
  message: string;
  status: number;
  type?: string;
  limit?: number;
}

/** Nest's own exceptions, and the errors of body-parser and Express, which carry `status` and sometimes `type`. */
function httpErrorOf(error: unknown): HttpError | undefined {
  if (error instanceof HttpException) return { message: error.message, status: error.getStatus() };
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return {
    message: error.message,
    status: error.status,
    ...('type' in error && typeof error.type === 'string' ? { type: error.type } : {}),
    ...('limit' in error && typeof error.limit === 'number' ? { limit: error.limit } : {}),
  };
}

/** What is left: mostly Express on a path that it cannot decode. */
function problemOf(error: HttpError): string {
  return error.message.startsWith('Failed to decode param') ? 'the path is not encoded correctly' : error.message;
}

/** What driver and Mongoose throw while there is no server, or the connection broke. */
