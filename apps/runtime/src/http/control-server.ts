import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { errorFields, log } from '../log/log';
import { sendJson } from './answers';

/** What PID 1 asks of Node. An error with `refused` is the caller's fault (422), any other is ours (500). */
export interface Control {
  /** Resolves when the app is served. */
  ready(): Promise<unknown>;
  /** Gives the configuration as it is to be kept. */
  apply(body: string): Promise<unknown>;
  usage(): Promise<unknown>;
  drain(): void;
}

export class ConfigurationRefused extends Error {
  override name = 'ConfigurationRefused';
}

const largestBody = 1024 * 1024;

/** Serves PID 1 on the socket that it passes as a file descriptor; nothing else can reach it. */
export function serveControl(fd: number, control: Control): void {
  const routes: Record<string, (request: IncomingMessage) => Promise<unknown>> = {
    'GET /_lifecycle/ping': async () => ({}),
    'GET /_lifecycle/ready': () => control.ready(),
    'GET /_lifecycle/usage': () => control.usage(),
    'PUT /_lifecycle/config': async (request) => control.apply(await readBody(request)),
    'POST /_lifecycle/drain': async () => {
      control.drain();
      return {};
    },
  };
  createServer((request, response) => {
    const route = routes[`${request.method} ${request.url}`];
    if (!route) return sendJson(response, 404, { code: 'NOT_FOUND', message: 'Node knows no such call.' });
    route(request).then(
      (body) => sendJson(response, 200, body),
      (error: unknown) => refused(response, error),
    );
  })
    .listen({ fd })
    .unref();
}

function refused(response: ServerResponse, error: unknown): void {
  const known = error instanceof ConfigurationRefused;
  if (!known) log('error', 'parse', 'a call of PID 1 failed', errorFields(error));
  const message = error instanceof Error ? error.message : String(error);
  sendJson(response, known ? 422 : 500, { code: known ? 'INVALID_CONFIG' : 'INTERNAL', message });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new ConfigurationRefused('the configuration is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
