import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { parseTarget } from './forward-headers';

/** The address did not take the connection: nothing was sent, so it may be tried again. */
export class UpstreamUnreachable extends Error {
  override name = 'UpstreamUnreachable';
}

const connectTimeoutMs = 3000;

/**
 * A request to the runtime whose connection stands, before anything of it was sent.
 * @throws UpstreamUnreachable
 */
export function connectUpstream(target: string, incoming: IncomingMessage, headers: string[]): Promise<ClientRequest> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...parseTarget(target),
      method: incoming.method,
      path: incoming.url,
      headers: headers as unknown as Record<string, string>,
      agent: false,
      setHost: false,
    });
    const timer = setTimeout(() => outgoing.destroy(new Error('no connection in time')), connectTimeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(new UpstreamUnreachable(error.message));
    };
    outgoing.once('error', fail);
    outgoing.once('socket', (socket) =>
      socket.once('connect', () => {
        clearTimeout(timer);
        socket.setNoDelay(true);
        outgoing.off('error', fail);
        resolve(outgoing);
      }),
    );
  });
}
