import type { Server } from 'node:http';
import type { NextFunction, Request, Response } from 'express';

/** Lets the answers under way end before the process does, and lets nobody wait for a stream that never ends by itself. */
export class Drain {
  private readonly open = new Set<Response>();
  private server: Server | undefined;

  get draining(): boolean {
    return this.server !== undefined;
  }

  readonly track = (_request: Request, response: Response, next: NextFunction): void => {
    if (this.draining) response.setHeader('Connection', 'close');
    this.open.add(response);
    response.once('close', () => {
      this.open.delete(response);
      // The answer had begun before the stop, so its connection would be kept for a next request.
      if (this.server) setImmediate(() => this.server?.closeIdleConnections());
    });
    next();
  };

  /** Stops listening, ends event streams (their clients come back), waits for the rest, at most `limitMs`. */
  async run(server: Server, limitMs: number): Promise<void> {
    this.server = server;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const response of this.open) {
      if (String(response.getHeader('content-type')).startsWith('text/event-stream')) response.end();
      else if (!response.headersSent) response.setHeader('Connection', 'close');
    }
    const limit = setTimeout(() => server.closeAllConnections(), limitMs);
    await closed;
    clearTimeout(limit);
  }
}
