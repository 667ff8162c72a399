import type { NextFunction, Request, Response } from 'express';

/** Answers of the API hold one caller's data: no cache may keep them. */
export function noStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}
