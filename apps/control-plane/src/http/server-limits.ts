import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { BerthError } from '@berth/errors/berth-error';
import type { ErrorCode } from '@berth/errors/catalogue';

const secondMs = 1000;

/** Bounds what one connection may cost, and answers in our form what Node refuses before Express sees it. */
export function limitServer(server: Server): void {
  server.headersTimeout = 10 * secondMs;
  server.requestTimeout = 30 * secondMs;
  // Longer than the 60 s of common proxies, so that it is the proxy which closes an idle connection.
  server.keepAliveTimeout = 65 * secondMs;
  server.maxHeadersCount = 100;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    const refusal = new BerthError(codeOf(error.code));
    const body = JSON.stringify(refusal.toBody());
    socket.end(
      `HTTP/1.1 ${refusal.status} Refused\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
    return undefined;
  });
}

function codeOf(nodeCode: string | undefined): ErrorCode {
  switch (nodeCode) {
    case 'HPE_HEADER_OVERFLOW':
      return 'HEADERS_TOO_LARGE';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'REQUEST_LATE';
    default:
      return 'REQUEST_MALFORMED';
  }
}
