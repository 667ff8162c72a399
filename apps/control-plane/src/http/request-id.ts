import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

const wellFormed = /^[A-Za-z0-9._-]{8,64}$/;

declare module 'http' {
  interface IncomingMessage {
    /** Set by `requestId` before anything else sees the request. */
    id: string | number | object;
  }
}

/** Gives every request an id, or keeps a well-formed one from a proxy or client, and sends it back. */
export function requestId(request: Request, response: Response, next: NextFunction): void {
  const given = request.get('x-request-id');
  const id = given && wellFormed.test(given) ? given : randomUUID();
  request.id = id;
  response.setHeader('X-Request-Id', id);
  next();
}
