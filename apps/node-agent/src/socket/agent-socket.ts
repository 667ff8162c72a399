import { chmod, mkdir, rm } from 'node:fs/promises';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { isId } from '@berth/contracts/ids';
import type { VolumePort } from '@berth/drivers/port/volume-port';
import { BerthError } from '@berth/errors/berth-error';
import type { Logger } from '@berth/observability/logger';
import type { NodeNetwork } from '../network/node-network';
import type { Inventory } from '../reconciler/inventory';
import { AdminClient } from '../runtimes/admin-client';
import { type StopParts, stopRuntimes } from './stop-runtimes';

const mostLines = 5000;

export interface SocketParts extends StopParts {
  inventory: Inventory;
  network: NodeNetwork;
  volumes: VolumePort;
  logger: Logger;
  /** Tells the clocks that nothing is to be started any more. */
  halt(): void;
}

/** The agent's own door for the commands of this machine: HTTP on a unix socket that only root may open. */
export class AgentSocket {
  private readonly server: Server;

  constructor(
    readonly path: string,
    private readonly parts: SocketParts,
  ) {
    this.server = createServer((incoming, outgoing) => {
      this.route(incoming, outgoing).catch((error: Error) => answerError(outgoing, error));
    });
    // Stopping many runtimes takes as long as it takes.
    this.server.requestTimeout = 0;
  }

  async listen(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    // Left over by an agent that was killed; whoever holds the node's lease is the only one.
    await rm(this.path, { force: true });
    const umask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        this.server.once('error', reject);
        this.server.listen(this.path, resolve);
      });
    } finally {
      process.umask(umask);
    }
    await chmod(this.path, 0o600);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async route(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://agent');
    const key = `${incoming.method} ${url.pathname}`;
    if (key === 'POST /stop-runtimes') return this.stop(outgoing);
    if (key === 'GET /inventory') return answer(outgoing, 200, await this.inventory());
    const match = /^\/runtimes\/([^/]+)\/(status|logs|usage|admin)(\/.*)?$/.exec(url.pathname);
    const [, id = '', what, rest = '/'] = match ?? [];
    if (isId('runtime', id) && what === 'admin') return this.proxy(id, rest + url.search, incoming, outgoing);
    if (isId('runtime', id) && incoming.method === 'GET') {
      if (what === 'status') return answer(outgoing, 200, await this.status(id));
      if (what === 'usage') return answer(outgoing, 200, await this.usage(id));
      if (what === 'logs')
        return answer(outgoing, 200, { lines: await this.logs(id, Number(url.searchParams.get('lines') ?? 200)) });
    }
    throw new BerthError('ENDPOINT_NOT_FOUND', { method: incoming.method ?? '', path: url.pathname });
  }

  private async stop(outgoing: ServerResponse): Promise<void> {
    outgoing.writeHead(200, { 'content-type': 'application/x-ndjson' });
    outgoing.flushHeaders();
    this.parts.halt();
    await stopRuntimes(this.parts, (progress) => outgoing.write(`${JSON.stringify(progress)}\n`)).catch((error: Error) => {
      outgoing.write(`${JSON.stringify({ message: error.message, done: true })}\n`);
    });
    outgoing.end();
  }

  private async inventory() {
    return { ...(await this.parts.inventory.take({ thorough: true })), network: this.parts.network.network };
  }

  private async status(id: string) {
    const [record, container, volume] = await Promise.all([
      this.parts.records.find(id),
      this.parts.driver.inspect(id),
      this.parts.volumes.exists(id),
    ]);
    const runtime =
      container?.phase === 'running'
        ? await this.admin(id)
            .call('GET', '/status', { timeoutMs: 2000 })
            .catch(() => null)
        : null;
    return {
      desired: record?.desired ?? null,
      observed: record?.observed ?? null,
      container,
      volume,
      runtime: runtime?.body ?? null,
    };
  }

  private async usage(id: string) {
    const container = await this.parts.driver.inspect(id);
    const [stats, volume] = await Promise.all([
      container?.phase === 'running' ? this.parts.driver.stats(container.id) : null,
      this.parts.volumes.usage(id),
    ]);
    return { stats, volume };
  }

  private async logs(id: string, lines: number): Promise<string[]> {
    const container = await this.parts.driver.inspect(id);
    if (!container) return [];
    return this.parts.driver.logs(container.id, Math.min(Math.max(1, Math.trunc(lines) || 200), mostLines));
  }

  /** Passes a call on to the runtime's PID 1 as it comes, and the answer back. */
  private async proxy(id: string, path: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { host: _, connection: __, ...headers } = incoming.headers;
    const { socketPath } = this.admin(id);
    // Left open until the answer is here: a server that closes first would cut off a body that it answers early.
    const agent = new Agent({ keepAlive: true });
    try {
      await new Promise<void>((resolve, reject) => {
        const call = request({ socketPath, method: incoming.method, path, headers, agent }, (inner) => {
          outgoing.writeHead(inner.statusCode ?? 502, inner.headers);
          inner.pipe(outgoing);
          inner.once('end', resolve);
          inner.once('error', reject);
        });
        outgoing.once('close', () => call.destroy());
        call.once('error', () => reject(new BerthError('UNAVAILABLE', { part: `The runtime ${id}` })));
        incoming.pipe(call);
      });
    } finally {
      agent.destroy();
    }
  }

  private admin(id: string): AdminClient {
    return new AdminClient(this.parts.volumes.folders(id).admin);
  }
}

function answer(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify(body));
}

function answerError(outgoing: ServerResponse, error: Error): void {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  if (error instanceof BerthError) answer(outgoing, error.status, error.toBody());
  else answer(outgoing, 500, { code: 'INTERNAL', message: error.message });
}
