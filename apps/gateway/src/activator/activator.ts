import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { BerthError } from '@berth/errors/berth-error';
import type { Logger } from '@berth/observability/logger';
import { defaultMaxBodyBytes } from '../haproxy/build-config';
import { errorHeaders } from '../haproxy/refusals';
import type { RouteTable } from '../routes/route-table';
import { connectUpstream, UpstreamUnreachable } from './connect-upstream';
import { forwardRequest, requestHeaders } from './forward-request';
import { forwardUpgrade } from './forward-upgrade';
import type { WaitingRoom } from './waiting-room';
import type { WakeRequester } from './wake-requester';

/** A runtime whose address has just appeared may still refuse connections for a moment. */
const reconnectMs = 50;
const retryAfterSeconds = 2;

export type ActivatorOutcome = 'forwarded' | 'not started' | 'full' | 'failed' | 'gone';

/**
 * Takes the requests for environments that have no address: asks for a wake, lets them wait, and sends them on when the address appears. HAProxy
 * alone speaks to it, on loopback; by then the environment, the limits and all headers are checked.
 */
export class Activator {
  private readonly server: Server;

  constructor(
    private readonly table: RouteTable,
    private readonly room: WaitingRoom,
    private readonly wakes: WakeRequester,
    private readonly logger: Logger,
    private readonly onOutcome: (outcome: ActivatorOutcome) => void = () => undefined,
  ) {
    // HAProxy has time limits of its own; idle connections are HAProxy's to close
    this.server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
      void this.serve(request, response, false);
    });
    this.server.on(
      'checkContinue',
      (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response, true),
    );
    this.server.on(
      'upgrade',
      (request: IncomingMessage, socket: Duplex, head: Buffer) => void this.upgrade(request, socket, head),
    );
    this.server.on('clientError', (_, socket) => socket.destroy());
  }

  async listen(port: number, host = '127.0.0.1'): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => resolve());
    });
  }

  /** Sends away who waits; what is under way may end by itself for `graceMs`. */
  async close(graceMs = 2000): Promise<void> {
    this.room.close();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const timer = setTimeout(() => this.server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  }

  private async serve(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const outgoing = await this.reach(request, gone.signal, requestHeaders(request));
      const maxBodyBytes = this.table.maxBodyOf(environmentOf(request)) ?? defaultMaxBodyBytes;
      await forwardRequest(request, response, outgoing, { maxBodyBytes, expectsContinue });
      this.onOutcome('forwarded');
    } catch (error) {
      const { status, headers, body } = this.errorAnswer(error as Error, request);
      if (gone.signal.aborted) return;
      response.writeHead(status, { ...headers, Connection: 'close' });
      response.end(body);
    }
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const gone = new AbortController();
    socket.once('close', () => gone.abort());
    socket.on('error', () => gone.abort());
    try {
      const outgoing = await this.reach(request, gone.signal, request.rawHeaders);
      await forwardUpgrade(socket, head, outgoing);
      this.onOutcome('forwarded');
    } catch (error) {
      const { status, headers, body } = this.errorAnswer(error as Error, request);
      const lines = Object.entries({ ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
      socket.end([`HTTP/1.1 ${status} Error`, ...lines, '', body].join('\r\n'));
    }
  }

  /** A connection to the environment's runtime, as soon as there is one. */
  private async reach(request: IncomingMessage, signal: AbortSignal, headers: string[]) {
    const environmentId = environmentOf(request);
    const deadline = this.room.deadline();
    for (;;) {
      const outcome = await this.room.enter(environmentId, deadline, signal, () => this.wakes.request(environmentId));
      if ('reason' in outcome) throw new NoTarget(outcome.reason);
      try {
        return await connectUpstream(outcome.target, request, headers);
      } catch (error) {
        if (!(error instanceof UpstreamUnreachable) || performance.now() > deadline || signal.aborted) throw error;
        await sleep(reconnectMs);
      }
    }
  }

  private errorAnswer(error: Error, request: IncomingMessage): { status: number; headers: Record<string, string>; body: string } {
    const known = this.errorOf(error, request);
    const id = request.headers['x-request-id'];
    const body = JSON.stringify(known.toBody(typeof id === 'string' ? id : undefined));
    const headers = {
      ...errorHeaders(known.status === 503 ? retryAfterSeconds : undefined),
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
    };
    return { status: known.status, headers, body };
  }

  private errorOf(error: Error, request: IncomingMessage): BerthError {
    if (error instanceof NoTarget) {
      this.onOutcome(error.reason === 'timed out' ? 'not started' : error.reason);
      return new BerthError('APP_STARTING');
    }
    this.onOutcome('failed');
    if (error instanceof BerthError) return error;
    if (error instanceof UpstreamUnreachable) return new BerthError('APP_UNREACHABLE');
    this.logger.warn({ environmentId: environmentOf(request), reason: error.message }, 'a request that had waited failed');
    return new BerthError('APP_ANSWER_INVALID');
  }
}

class NoTarget extends Error {
  constructor(readonly reason: 'full' | 'timed out' | 'gone') {
    super(reason);
  }
}

function environmentOf(request: IncomingMessage): string {
  const id = request.headers['x-berth-environment'];
  return typeof id === 'string' ? id : '';
}
