import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { forwardedHeaders } from './forward-headers';

/**
 * Sends the request for an upgrade on. When the runtime agrees both connections become one; else its answer is the last thing on this one, so that
 * no later request of anybody can slip into it.
 */
export function forwardUpgrade(socket: Duplex, head: Buffer, outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const close = () => outgoing.destroy();
    outgoing.once('error', (error) => {
      reject(error);
      socket.destroy();
    });
    socket.on('error', close);
    socket.once('close', close);
    outgoing.once('upgrade', (answer: IncomingMessage, upstream: Socket, upstreamHead: Buffer) => {
      socket.write(answerHead(answer, answer.rawHeaders));
      if (upstreamHead.length > 0) socket.write(upstreamHead);
      if (head.length > 0) upstream.write(head);
      upstream.setTimeout(0);
      upstream.on('error', () => socket.destroy());
      upstream.once('close', () => socket.destroy());
      socket.once('close', () => upstream.destroy());
      upstream.pipe(socket);
      socket.pipe(upstream);
      resolve();
    });
    outgoing.once('response', (answer: IncomingMessage) => {
      socket.write(answerHead(answer, [...forwardedHeaders(answer.rawHeaders, ['transfer-encoding']), 'Connection', 'close']));
      answer.on('error', () => socket.destroy());
      answer.pipe(socket);
      resolve();
    });
    outgoing.end();
  });
}

function answerHead(answer: IncomingMessage, raw: readonly string[]): Buffer {
  let text = `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n`;
  for (let i = 0; i + 1 < raw.length; i += 2) text += `${raw[i]}: ${raw[i + 1]}\r\n`;
  return Buffer.from(`${text}\r\n`, 'latin1');
}
