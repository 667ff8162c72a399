// The parts of Parse Server that the runtime uses and that its own types leave out.
declare module 'parse-server/lib/Adapters/Storage/Postgres/PostgresStorageAdapter' {
  interface Connection {
    none(query: string, values?: unknown): Promise<null>;
    oneOrNone<T>(query: string, values?: unknown): Promise<T | null>;
    tx<T>(name: string, work: (t: Connection) => Promise<T>): Promise<T>;
    $pool: { connect(done: (error: (Error & { code?: string }) | undefined, client: unknown, release: unknown) => void): void };
  }
  type Schema = { className?: string; fields?: Record<string, { type: string; contents?: { type: string } }> };
  type Query = Record<string, unknown>;
  export class PostgresStorageAdapter {
    constructor(options: { uri: string; collectionPrefix?: string; databaseOptions: Record<string, unknown> });
    _client: Connection;
    count(className: string, schema: Schema, query: Query, readPreference?: string, estimate?: boolean): Promise<number>;
    find(className: string, schema: Schema, query: Query, options: unknown): Promise<unknown[]>;
    distinct(className: string, schema: Schema, query: Query, field: string): Promise<unknown[]>;
    deleteObjectsByQuery(className: string, schema: Schema, query: Query, session?: unknown): Promise<void>;
    updateObjectsByQuery(className: string, schema: Schema, query: Query, update: object, session?: unknown): Promise<unknown>;
    aggregate(...query: unknown[]): Promise<unknown>;
    createObject(className: string, ...rest: unknown[]): Promise<unknown>;
    addFieldIfNotExists(className: string, ...rest: unknown[]): Promise<void>;
    createTable(className: string, schema: Schema, connection?: unknown): Promise<void>;
  }
}

declare module 'parse-server/lib/ParseServer' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  export interface ExpressApp {
    (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void;
    set(name: string, value: unknown): void;
    disable(name: string): void;
    use(...handlers: unknown[]): void;
  }
  export interface ParseServerConfig {
    appId: string;
    databaseController: { performInitialization(): Promise<void> };
    liveQueryController: {
      hasLiveQuery(className: string): boolean;
      onAfterSave(...args: unknown[]): void;
      onAfterDelete(...args: unknown[]): void;
      onClearCachedRoles?(user: unknown): void;
    };
  }
  class ParseServer {
    constructor(options: Record<string, unknown>);
    config: ParseServerConfig;
    readonly app: ExpressApp;
    start(): Promise<this>;
  }
  export default ParseServer;
}

declare module 'parse-server/lib/middlewares' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  export type Middleware = (
    request: IncomingMessage & { body?: unknown },
    response: ServerResponse,
    next: (error?: unknown) => void,
  ) => unknown;
  export let handleParseHeaders: Middleware;
  export const handleParseSession: Middleware;
  export function handleParseErrors(
    error: unknown,
    request: IncomingMessage,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ): void;
  export function allowCrossDomain(applicationId: string): Middleware;
  export function checkIp(ip: string, ranges: readonly string[], store: Map<string, unknown>): boolean;
}

declare module 'parse-server/lib/cache' {
  export const AppCache: { del(applicationId: string): void; get(applicationId: string): unknown };
}

declare module 'parse-server/package.json' {
  export const version: string;
}

declare module 'parse-server/lib/LiveQuery/ParseLiveQueryServer' {
  export interface ParseWebSocket {
    clientId?: string;
    ws: { clientAddress?: string; close(code: number, reason: string): void };
    send(message: string): void;
    on(event: string, listener: (frame: unknown) => void): unknown;
  }
  export class ParseLiveQueryServer {
    constructor(server: unknown, config: Record<string, unknown>, parseServerConfig: Record<string, unknown>);
    readonly clients: Map<string, unknown>;
    readonly subscriptions: Map<string, unknown>;
    _onConnect(connection: ParseWebSocket): void;
    _handleConnect(connection: ParseWebSocket, request: object): Promise<void>;
    _validateKeys(request: object): boolean;
    _hasMasterKey(request: object): boolean;
  }
}

declare module 'parse-server/lib/LiveQuery/Client' {
  import type { ParseWebSocket } from 'parse-server/lib/LiveQuery/ParseLiveQueryServer';
  export const Client: { pushError(connection: ParseWebSocket, code: number, error: string, reconnect?: boolean): void };
}

declare module 'parse-server/lib/GraphQL/ParseGraphQLServer' {
  import type { Middleware } from 'parse-server/lib/middlewares';
  export class ParseGraphQLServer {
    constructor(parseServer: unknown, options: { graphQLPath: string; graphQLPublicIntrospection: boolean });
    _getServer(): Promise<Middleware>;
  }
}
