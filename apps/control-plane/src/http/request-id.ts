import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

const wellFormed = /^[A-Za-z0-9._-]{8,64}$/;

/** Gives every request an id, or keeps a well-formed one from the gateway or client, and sends it back. */
export function requestId(request: Request & { id?: string }, response: Response, next: NextFunction): void {
  const given = request.get('x-request-id');
  request.id = given && wellFormed.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', request.id);
  next();
}
