import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Numbers of Parse's own catalogue, so that SDKs show our refusals as they show Parse Server's. */
export const parseCode = { other: -1, internal: 1, connectionFailed: 100, forbidden: 119, exceededQuota: 140 } as const;

/**
 * A refusal of the runtime itself. `code` and `error` are Parse's shape; `errorCode` is Berth's stable name for it. Where no Parse
 * request was recognised (421, 503 before the first configuration) `code` is that name itself.
 */
export interface Refusal {
  status: number;
  code: number | string;
  error: string;
  errorCode: string;
  details?: Record<string, unknown>;
  retryAfterSeconds?: number;
}

export function refuse(response: ServerResponse, { status, code, error, errorCode, details, retryAfterSeconds }: Refusal): void {
  if (response.headersSent) return;
  // a browser shows a page's own script nothing else
  response.setHeader('Access-Control-Allow-Origin', '*');
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', retryAfterSeconds);
  sendJson(response, status, { code, error, errorCode, ...details });
}

/** The same for a connection that asked to become a WebSocket. */
export function rejectUpgrade(socket: Duplex, { status, code, error, errorCode, retryAfterSeconds }: Refusal): void {
  const body = JSON.stringify({ code, error, errorCode });
  const retry = retryAfterSeconds === undefined ? '' : `Retry-After: ${retryAfterSeconds}\r\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: application/json\r\n${retry}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': bytes.length });
  response.end(bytes);
}

export const refusals = {
  notConfigured: {
    status: 503,
    code: 'RUNTIME_NOT_CONFIGURED',
    errorCode: 'RUNTIME_NOT_CONFIGURED',
    error: 'This backend has no configuration yet. Try again in a moment.',
    retryAfterSeconds: 1,
  },
  environmentMismatch: {
    status: 421,
    code: 'ENVIRONMENT_MISMATCH',
    errorCode: 'ENVIRONMENT_MISMATCH',
    error: 'This backend serves another environment. The route is being corrected: try again.',
  },
  notFound: (paths: readonly string[]): Refusal => ({
    status: 404,
    code: parseCode.connectionFailed,
    errorCode: 'NOT_A_PARSE_PATH',
    error: `Nothing is served here. The Parse API is at ${paths.join(' and ')}.`,
  }),
  tooLarge: (limitBytes: number): Refusal => ({
    status: 413,
    code: 130,
    errorCode: 'REQUEST_TOO_LARGE',
    error: `The request is larger than the limit of ${limitBytes} bytes.`,
    details: { limit: limitBytes },
  }),
  internal: { status: 500, code: parseCode.internal, errorCode: 'INTERNAL', error: 'Internal server error.' },
} as const satisfies Record<string, Refusal | ((...args: never[]) => Refusal)>;
