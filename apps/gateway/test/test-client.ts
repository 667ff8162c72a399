import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Seen } from './test-upstream';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the answer holds
  json: any;
  seen: Seen;
}

export interface SendOptions {
  method?: string;
  host?: string;
  path?: string;
  headers?: OutgoingHttpHeaders;
  /** A list is sent in chunks, without a length. */
  body?: string | Buffer | Buffer[];
  agent?: Agent;
  address?: string;
}

export function send(port: number, options: SendOptions = {}): Promise<Answer> {
  const { method = options.body === undefined ? 'GET' : 'POST', host = 'one.localhost', path = '/', headers, body } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: options.address ?? '127.0.0.1', port, method, path, headers: { host, ...headers }, agent: options.agent ?? false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const json = text !== '' && response.headers['content-type']?.includes('json') ? JSON.parse(text) : undefined;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json, seen: json });
        });
      },
    );
    outgoing.on('error', reject);
    if (Array.isArray(body)) {
      for (const chunk of body) outgoing.write(chunk);
      outgoing.end();
    } else if (body === undefined) outgoing.end();
    else outgoing.end(body);
  });
}

/** Bytes as they are over one connection; everything that came until the other side closed or `untilText` was seen. */
export async function sendRaw(port: number, bytes: string | Buffer, untilText?: string | RegExp): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.on('error', () => undefined);
  socket.write(bytes);
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      if (untilText !== undefined && heard.search(untilText) >= 0) resolve();
    });
    socket.once('close', () => resolve());
  });
  socket.destroy();
  return heard;
}

/** Opens a WebSocket's connection; what is written after the answer's headers comes back from the echo. */
export async function openWebSocket(
  port: number,
  host: string,
  path = '/',
  more = '',
): Promise<{ socket: Socket; head: string }> {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`,
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  return { socket, head: head.toString('latin1') };
}
