import { Agent, request } from 'node:http';
import { join } from 'node:path';

const largestAnswer = 4 * 1024 * 1024;

export interface AdminAnswer {
  status: number;
  /** Parsed JSON; null where there is none. */
  body: Record<string, unknown> | null;
}

/** The socket of a runtime's PID 1 does not answer: it is not up yet, or gone. */
export class AdminUnreachable extends Error {
  override name = 'AdminUnreachable';
}

/** Talks to PID 1 of one runtime over the unix socket in its admin folder, as docs/runtime-contract.md says. */
export class AdminClient {
  readonly socketPath: string;

  constructor(adminFolder: string) {
    this.socketPath = join(adminFolder, 'admin.sock');
  }

  /**
   * One call. Whatever status comes back is an answer.
   * @throws AdminUnreachable when there is none within `timeoutMs`
   */
  call(method: string, path: string, options: { body?: string; timeoutMs: number; signal?: AbortSignal }): Promise<AdminAnswer> {
    const limit = AbortSignal.timeout(options.timeoutMs);
    const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
    // A pooled connection may belong to the run before; one that closes at once may cut off a body that is answered early.
    const agent = new Agent({ keepAlive: true });
    return new Promise<AdminAnswer>((resolve, reject) => {
      const fail = (error: Error) => reject(new AdminUnreachable(error.message, { cause: error }));
      const call = request(
        {
          socketPath: this.socketPath,
          method,
          path,
          signal,
          agent,
          headers:
            options.body === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(options.body) },
        },
        (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > largestAnswer) call.destroy(new Error('the answer is too large'));
            else chunks.push(chunk);
          });
          response.on('error', fail);
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks)) }));
        },
      );
      call.on('error', fail);
      call.end(options.body);
    }).finally(() => agent.destroy());
  }
}

function parse(bytes: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
