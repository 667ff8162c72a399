import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the stand-in for a runtime tells about a request that reached it. */
export interface Seen {
  upstream: string;
  method: string;
  url: string;
  headers: Record<string, string | string[]>;
  bodyBytes: number;
  sha256: string;
}

export interface TestUpstream {
  port: number;
  target: string;
  /** Requests whose headers arrived. */
  requests: number;
  /** Requests whose bodies arrived whole. */
  completed: number;
  sockets: Set<Socket>;
  refusesUpgrades: boolean;
  stop(): Promise<void>;
}

/**
 * Answers with what it saw. `/slow?ms=` waits, `/bytes?n=` answers so many, `/fail` answers 500 and drops the connection,
 * `/break` ends it without an answer, `/garbage` answers no HTTP, `/cookie` sets one, `/trailer` sends a trailer; an upgrade becomes an echo.
 */
export async function startUpstream(name = 'one', port = 0, host = '127.0.0.1'): Promise<TestUpstream> {
  const upstream: TestUpstream = {
    port: 0,
    target: '',
    requests: 0,
    completed: 0,
    sockets: new Set(),
    refusesUpgrades: false,
    stop: async () => undefined,
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    upstream.requests += 1;
    request.once('end', () => {
      upstream.completed += 1;
    });
    void answer(name, request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    upstream.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => upstream.sockets.delete(socket));
  });
  server.on('upgrade', (request, socket: Socket, head: Buffer) => {
    upstream.requests += 1;
    if (upstream.refusesUpgrades) return void socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 10\r\n\r\nno upgrade');
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nX-Upstream: ${name}\r\n\r\n`,
    );
    socket.write(head);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen(port, host);
  await once(server, 'listening');
  upstream.port = (server.address() as AddressInfo).port;
  upstream.target = `${host}/${upstream.port}`;
  upstream.stop = async () => {
    for (const socket of upstream.sockets) socket.destroy();
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  return upstream;
}

async function answer(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://upstream');
  if (url.pathname === '/break') return void request.socket.destroy();
  if (url.pathname === '/garbage') return void request.socket.end('this is no HTTP\r\n\r\n');
  if (url.pathname === '/early') return void response.end('early');
  const hash = createHash('sha256');
  let bodyBytes = 0;
  for await (const chunk of request) {
    hash.update(chunk as Buffer);
    bodyBytes += (chunk as Buffer).length;
  }
  if (url.pathname === '/slow') await new Promise((resolve) => setTimeout(resolve, Number(url.searchParams.get('ms'))));
  if (url.pathname === '/bytes') return void response.end(Buffer.alloc(Number(url.searchParams.get('n')), 'b'));
  if (url.pathname === '/cookie') response.setHeader('set-cookie', ['a=1', 'b=2']);
  if (url.pathname === '/fail') {
    response.statusCode = 500;
    response.setHeader('connection', 'close');
  }
  if (url.pathname === '/trailer') {
    response.setHeader('trailer', 'x-sum');
    response.write('with trailer');
    response.addTrailers({ 'x-sum': 'abc' });
    return void response.end();
  }
  const seen: Seen = {
    upstream: name,
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers as Seen['headers'],
    bodyBytes,
    sha256: hash.digest('hex'),
  };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(seen));
}
