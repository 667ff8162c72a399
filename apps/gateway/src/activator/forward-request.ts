import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { BerthError } from '@berth/errors/berth-error';
import { forwardedHeaders } from './forward-headers';

/** Headers of a request as the runtime gets them. A request without a body says so: Node would add an empty chunked one. */
export function requestHeaders(incoming: IncomingMessage): string[] {
  const headers = forwardedHeaders(incoming.rawHeaders);
  const hasBody = incoming.headers['content-length'] !== undefined || incoming.headers['transfer-encoding'] !== undefined;
  const saysLength = !hasBody && !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(incoming.method ?? '');
  return saysLength ? [...headers, 'Content-Length', '0'] : headers;
}

/**
 * Streams a request to the runtime and its answer back. HAProxy has checked a body's announced length; one that announces none is counted here.
 * @param expectsContinue the client waits with its body until the runtime asks for it
 * @throws when the runtime breaks off before it has answered, or BODY_TOO_LARGE; after that the connection is cut
 */
export function forwardRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  outgoing: ClientRequest,
  { maxBodyBytes, expectsContinue }: { maxBodyBytes: number; expectsContinue: boolean },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = 0;
    const fail = (error: Error) => {
      incoming.unpipe(outgoing);
      outgoing.destroy();
      if (response.headersSent) response.destroy();
      else reject(error);
      resolve();
    };
    const sendBody = () => {
      if (incoming.headers['content-length'] === undefined) {
        incoming.on('data', (chunk: Buffer) => {
          seen += chunk.length;
          if (seen > maxBodyBytes) fail(new BerthError('BODY_TOO_LARGE', { limit: `${maxBodyBytes} bytes` }));
        });
      }
      incoming.pipe(outgoing);
    };
    outgoing.on('error', fail);
    incoming.on('error', fail);
    response.on('close', () => {
      if (!response.writableFinished) outgoing.destroy();
      resolve();
    });
    outgoing.on('response', (answer) => {
      answer.on('error', fail);
      answer.on('aborted', () => fail(new Error('the runtime broke off its answer')));
      response.writeHead(
        answer.statusCode ?? 502,
        answer.statusMessage,
        forwardedHeaders(answer.rawHeaders, ['transfer-encoding']),
      );
      answer.on('end', () => {
        if (answer.rawTrailers.length > 0) response.addTrailers(pairs(answer.rawTrailers));
        response.end();
      });
      answer.pipe(response, { end: false });
    });
    if (expectsContinue) {
      outgoing.on('continue', () => {
        response.writeContinue();
        sendBody();
      });
      outgoing.flushHeaders();
    } else sendBody();
  });
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i] as string, raw[2 * i + 1] as string]);
}
