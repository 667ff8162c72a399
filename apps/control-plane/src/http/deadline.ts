import { BerthError } from '@berth/errors/berth-error';
import type { NextFunction, Request, Response } from 'express';

const deadlineMs = 5000;
const retryAfterSeconds = 5;

/**
 * Nobody waits for ever: an answer that has not begun in time becomes 503. A database that refuses is noticed by the driver; this is for one
 * that hangs. Streams have begun by then.
 */
export function deadline(request: Request, response: Response, next: NextFunction): void {
  const timer = setTimeout(() => {
    if (response.headersSent) return;
    const late = new BerthError('UNAVAILABLE', { part: 'A part of the platform', seconds: retryAfterSeconds });
    response.setHeader('Retry-After', retryAfterSeconds);
    response.status(late.status).json(late.toBody(String(request.id)));
  }, deadlineMs);
  response.once('close', () => clearTimeout(timer));
  next();
}
