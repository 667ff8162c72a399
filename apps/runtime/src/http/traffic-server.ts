import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { refusalFor, refusalForFile } from '../admission/admission';
import { buildGraphQL } from '../graphql/graphql-app';
import type { LiveQuery } from '../live-query/live-query';
import { errorFields, log } from '../log/log';
import type { ParseApp } from '../parse/parse-app';
import { type Refusal, refusals, refuse, rejectUpgrade } from './answers';
import { attachServing } from './serving';

/** How long connections without a request stay open while another process takes over: their owners find out with the next answer. */
const idleAfterReplacementMs = 5000;
const idleAtStopMs = 250;
const longestDrainMs = 10_000;

type GraphQL = ReturnType<typeof buildGraphQL>;

/** Everything of the app comes through this server's one port. */
export class TrafficServer {
  private readonly server: Server;
  private app: ParseApp | null = null;
  private graphql: GraphQL | null = null;
  private draining = false;
  inFlight = 0;
  lastRequestAt: number | null = null;

  constructor(private readonly liveQuery: LiveQuery) {
    // the gateway keeps connections for 60 seconds at most: it must be the side that closes
    this.server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 300_000 }, (request, response) =>
      this.answer(request, response),
    );
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    this.server.on('clientError', (_error, socket) => answerMalformed(socket));
  }

  /** The configuration that new requests see from now on. Those under way are finished with the one that they came to. */
  serve(app: ParseApp): void {
    this.app = app;
    this.graphql = null;
  }

  /** @param fd of the listening socket that PID 1 holds, or a port where there is none (tests, image build) */
  listen(target: { fd: number } | { port: number }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(target, () => resolve());
    });
  }

  address(): net.AddressInfo {
    return this.server.address() as net.AddressInfo;
  }

  connections(): Promise<number> {
    return new Promise((resolve) => this.server.getConnections((_error, count) => resolve(count)));
  }

  /**
   * Takes no new connection, finishes what is under way, and resolves when nothing is left or the time is up. `http.Server.close` would
   * cut idle keep-alive connections, and with them requests that are on their way; so each learns with its next answer that it is over.
   */
  async drain(reason: 'replaced' | 'stopping'): Promise<void> {
    this.draining = true;
    net.Server.prototype.close.call(this.server);
    this.liveQuery.close('going away');
    const started = Date.now();
    const idleMs = reason === 'replaced' ? idleAfterReplacementMs : idleAtStopMs;
    while ((await this.connections()) > 0 && Date.now() - started < longestDrainMs) {
      if (Date.now() - started > idleMs) this.server.closeIdleConnections();
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.inFlight++;
    this.lastRequestAt = Date.now();
    response.once('close', () => this.inFlight--);
    if (this.draining) response.setHeader('Connection', 'close');
    try {
      const refusal = this.route(request, response);
      if (refusal) refuse(response, refusal);
    } catch (error) {
      failed(error, response);
    }
  }

  /** Hands a request to what answers it, or says why nothing does. */
  private route(request: IncomingMessage, response: ServerResponse): Refusal | null {
    const app = this.app;
    const url = request.url ?? '/';
    const refusal = refusalBeforeRouting(app, request);
    if (refusal || !app) return refusal ?? refusals.notConfigured;
    attachServing(request, app);
    app.keys.translateHeaders(request.headers);
    const finish = (error?: unknown) => {
      if (error) failed(error, response);
      else refuse(response, refusals.notFound(app.config.mountPaths));
    };
    if (isGraphQL(url) && app.config.parse.graphql.enabled) {
      this.graphql ??= buildGraphQL(app);
      this.graphql(request, response, finish);
      return null;
    }
    const match = app.mountPaths.match(url);
    if (!match) return refusals.notFound(app.config.mountPaths);
    const late = refusalForFile(app.config.admission, request.method, match.rest) ?? tooLarge(app, request, match.rest);
    if (late) return late;
    Object.assign(request, { originalUrl: match.mountPath + match.rest, baseUrl: match.mountPath, url: match.rest });
    app.handle(request, response, finish);
    return null;
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    this.lastRequestAt = Date.now();
    const refusal = this.refusalOfUpgrade(request) ?? this.liveQuery.upgrade(request, socket, head);
    if (refusal) rejectUpgrade(socket, refusal);
  }

  private refusalOfUpgrade(request: IncomingMessage): Refusal | null {
    if (this.draining) return refusals.notConfigured;
    const refusal = refusalBeforeRouting(this.app, request);
    if (refusal || !this.app) return refusal;
    return this.app.mountPaths.match(request.url ?? '/') ? null : refusals.notFound(this.app.config.mountPaths);
  }
}

function refusalBeforeRouting(app: ParseApp | null, request: IncomingMessage): Refusal | null {
  if (!app) return refusals.notConfigured;
  const meant = request.headers['x-berth-environment'];
  if (meant !== undefined && meant !== app.config.environmentId) return refusals.environmentMismatch;
  return app.config.admission.mode === 'maintenance' && request.method !== 'OPTIONS'
    ? refusalFor(app.config.admission, 'read')
    : null;
}

/** By the length that the client announces; Parse Server's one limit for all bodies catches those that announce none. */
function tooLarge({ config: { parse } }: ParseApp, request: IncomingMessage, path: string): Refusal | null {
  const length = Number(request.headers['content-length'] ?? 0);
  const isFile = /^\/+files\//i.test(path);
  const isRawFile = isFile && !/json|text\/plain/i.test(request.headers['content-type'] ?? '');
  const limit = isRawFile ? parse.fileUpload.maxUploadBytes : parse.maxRequestBytes;
  return (isFile && !isRawFile) || length <= limit ? null : refusals.tooLarge(limit);
}

function isGraphQL(url: string): boolean {
  return /^\/graphql\/?(\?|$)/.test(url);
}

/** Parse Server passes an error on after it has answered it; Express would then cut the connection and the next request on it. */
function failed(error: unknown, response: ServerResponse): void {
  if (response.headersSent) return;
  const { status, statusCode } = error as { status?: number; statusCode?: number };
  const answer = status ?? statusCode ?? 500;
  if (answer >= 500) log('error', 'parse', 'a request failed', errorFields(error));
  const message = error instanceof Error && answer < 500 ? error.message : refusals.internal.error;
  refuse(response, {
    status: answer,
    code: answer < 500 ? 107 : 1,
    errorCode: answer < 500 ? 'BAD_REQUEST' : 'INTERNAL',
    error: message,
  });
}

function answerMalformed(socket: Duplex): void {
  if (!socket.writable) return;
  rejectUpgrade(socket, { status: 400, code: 107, errorCode: 'BAD_REQUEST', error: 'This is not an HTTP request.' });
}
