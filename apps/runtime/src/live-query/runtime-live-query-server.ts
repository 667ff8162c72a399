import { Client } from 'parse-server/lib/LiveQuery/Client';
import { ParseLiveQueryServer, type ParseWebSocket } from 'parse-server/lib/LiveQuery/ParseLiveQueryServer';
import { checkIp } from 'parse-server/lib/middlewares';
import type { LiveQueryApp } from './live-query';

/** Seconds that a connection may stay open without having shown its keys. */
const connectWithinMs = 15_000;
const pingEveryMs = 30_000;
const invalidFrame = 1;
const invalidKey = 4;
const policyViolation = 1008;

/** A WebSocket, as the package `ws` has it. */
export interface Socket {
  clientAddress?: string;
  on(event: 'error', listener: (error: Error) => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

interface ConnectRequest {
  applicationId: string;
  javascriptKey?: string;
  clientKey?: string;
  restAPIKey?: string;
  masterKey?: string;
}

interface Acceptor {
  start(): void;
  close(): void;
  onConnection?: (socket: Socket) => void;
}

/**
 * Parse Server's LiveQuery server; but the application id and a key must be right, as for every other request, and one wrong frame costs
 * its sender at most.
 */
export class RuntimeLiveQueryServer extends ParseLiveQueryServer {
  constructor(
    private readonly app: () => LiveQueryApp,
    private readonly acceptor: Acceptor,
    options: Record<string, unknown>,
  ) {
    super(undefined, { ...options, wssAdapter: acceptor }, {});
  }

  accept(socket: Socket): void {
    this.acceptor.onConnection?.(socket);
  }

  override _onConnect(connection: ParseWebSocket): void {
    guardFrames(connection);
    super._onConnect(connection);
    setTimeout(() => {
      if (connection.clientId === undefined) connection.ws.close(policyViolation, 'no connect frame');
    }, connectWithinMs).unref();
  }

  override async _handleConnect(connection: ParseWebSocket, request: ConnectRequest): Promise<void> {
    if (this._validateKeys(request) && this.mayUseMasterKey(connection, request))
      return super._handleConnect(connection, request);
    Client.pushError(connection, invalidKey, 'Key in request is not valid', false);
    connection.ws.close(policyViolation, 'key is not valid');
  }

  override _validateKeys(request: ConnectRequest): boolean {
    const { config, keys } = this.app();
    if (request.applicationId !== config.applicationId) return false;
    return (
      keys.accepts('javascript', request.javascriptKey) ||
      keys.accepts('client', request.clientKey) ||
      keys.accepts('rest', request.restAPIKey) ||
      keys.accepts('master', request.masterKey)
    );
  }

  override _hasMasterKey(request: ConnectRequest): boolean {
    return this.app().keys.accepts('master', request.masterKey);
  }

  /** `masterKeyIps` holds here as it does for REST. */
  private mayUseMasterKey(connection: ParseWebSocket, request: ConnectRequest): boolean {
    if (!this._hasMasterKey(request)) return true;
    return checkIp(connection.ws.clientAddress ?? '', this.app().config.parse.masterKeyIps, new Map());
  }
}

/** Gives Parse Server objects alone; what it cannot take is the sender's error, not the process's. */
function guardFrames(connection: ParseWebSocket): void {
  const on = connection.on.bind(connection);
  connection.on = (event, listener) => {
    if (event !== 'message') return on(event, listener);
    return on(event, (frame: unknown) => {
      try {
        const request: unknown = JSON.parse(String(frame));
        if (typeof request !== 'object' || request === null) throw new Error('a frame is a JSON object');
        listener(request);
      } catch {
        Client.pushError(connection, invalidFrame, 'The frame is not a valid request', false);
      }
    });
  };
}

/** Answers on connections that are handed to `accept`. */
export function createLiveQueryServer(app: () => LiveQueryApp, database: unknown): RuntimeLiveQueryServer {
  const { config } = app();
  const options = {
    appId: config.applicationId,
    masterKey: config.keys.master.current,
    databaseAdapter: database,
    collectionPrefix: '',
    websocketTimeout: pingEveryMs,
    protectedFieldsOwnerExempt: true,
  };
  return new RuntimeLiveQueryServer(app, { start() {}, close() {} }, options);
}
