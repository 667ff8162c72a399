import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RuntimeConfig } from '@berth/contracts/runtime-config';
import { parseCode, type Refusal, refusals } from '../http/answers';
import { errorFields, log } from '../log/log';
import type { KeyRotation } from '../parse/key-rotation';
import type { RuntimeLiveQueryServer, Socket } from './runtime-live-query-server';

export interface LiveQueryApp {
  config: RuntimeConfig;
  keys: KeyRotation;
}

const goingAway = 1001;
const serviceRestart = 1012;

/** LiveQuery on the app's own port and mount paths. Its server, and all it needs, is loaded with the first connection. */
export class LiveQuery {
  private server: RuntimeLiveQueryServer | undefined;
  private sockets: WebSocketServer | undefined;

  /** @param app gives what is served now: keys, limits and settings may change under open connections */
  constructor(
    private readonly app: () => LiveQueryApp,
    private readonly database: unknown,
  ) {}

  get connections(): number {
    return this.sockets?.clients.size ?? 0;
  }

  isWatched(className: string): boolean {
    return this.server?.subscriptions.has(className) ?? false;
  }

  /** Takes over a connection that asks to become a WebSocket, or says why not. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Refusal | null {
    const { enabled, maxConnections } = this.app().config.parse.liveQuery;
    if (!enabled) return disabled;
    if (this.connections >= maxConnections) return full(maxConnections);
    try {
      const { server, sockets } = this.load();
      sockets.handleUpgrade(request, socket, head, (ws) => {
        ws.clientAddress = clientAddress(request);
        ws.on('error', () => ws.terminate());
        server.accept(ws);
      });
      return null;
    } catch (error) {
      log('error', 'parse', 'LiveQuery cannot be started', errorFields(error));
      return refusals.internal;
    }
  }

  /** Ends all connections; clients come back by themselves, to the process or the application id that serves then. */
  close(reason: 'going away' | 'renamed'): void {
    for (const ws of this.sockets?.clients ?? []) ws.close(reason === 'renamed' ? serviceRestart : goingAway, reason);
    this.server = undefined;
    this.sockets = undefined;
  }

  private load(): { server: RuntimeLiveQueryServer; sockets: WebSocketServer } {
    if (!this.server || !this.sockets) {
      const { WebSocketServer } = require('ws') as { WebSocketServer: new (options: object) => WebSocketServer };
      const { createLiveQueryServer } = require('./runtime-live-query-server') as typeof import('./runtime-live-query-server');
      this.sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024, perMessageDeflate: false });
      this.server = createLiveQueryServer(this.app, this.database);
    }
    return { server: this.server, sockets: this.sockets };
  }
}

interface WebSocketServer {
  clients: Set<Socket>;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (ws: Socket) => void): void;
}

/** The gateway appends the address that it saw; what stands before that is the client's own word. */
function clientAddress(request: IncomingMessage): string {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '');
  return forwarded.split(',').pop()?.trim() || request.socket.remoteAddress || '';
}

const disabled: Refusal = {
  status: 404,
  code: parseCode.forbidden,
  errorCode: 'LIVE_QUERY_DISABLED',
  error: 'LiveQuery is switched off for this app.',
};

function full(limit: number): Refusal {
  return {
    status: 503,
    code: parseCode.connectionFailed,
    errorCode: 'LIVE_QUERY_FULL',
    error: `This app has its ${limit} LiveQuery connections already.`,
    retryAfterSeconds: 30,
  };
}
