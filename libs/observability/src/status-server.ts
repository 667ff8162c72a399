import { createServer, type Server, type ServerResponse } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** A part that readiness depends on. Throws, or answers false, when it does not work; the message is shown. */
export type ReadinessCheck = () => Promise<unknown>;

const checkTimeoutMs = 2000;

/**
 * Health and metrics of a process without an HTTP API of its own: `/health/live`, `/health/ready` and `/metrics` (Prometheus text).
 */
export class StatusServer {
  readonly metrics = new Registry();
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly reports = new Map<string, ReadinessCheck>();
  private server: Server | undefined;

  constructor(processName: string) {
    this.metrics.setDefaultLabels({ process: processName });
    collectDefaultMetrics({ register: this.metrics });
  }

  addCheck(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /** A part that `/health/ready` tells of, but that the process works without. */
  addReport(name: string, check: ReadinessCheck): void {
    this.reports.set(name, check);
  }

  async listen(port: number, host: string): Promise<void> {
    const server = createServer((request, response) => {
      void this.answer(request.url ?? '/', response).catch(() => response.destroy());
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve());
    });
  }

  async close(): Promise<void> {
    const server = this.server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private async answer(url: string, response: ServerResponse): Promise<void> {
    const path = url.split('?')[0];
    if (path === '/metrics') {
      response.setHeader('content-type', this.metrics.contentType);
      response.end(await this.metrics.metrics());
      return;
    }
    if (path === '/health/live') return sendJson(response, 200, { status: 'ok' });
    if (path === '/health/ready') {
      const [parts, reports] = await Promise.all([runChecks(this.checks), runChecks(this.reports)]);
      const ready = Object.values(parts).every((part) => part === 'ok');
      return sendJson(response, ready ? 200 : 503, { status: ready ? 'ok' : 'not ready', parts: { ...parts, ...reports } });
    }
    sendJson(response, 404, { code: 'ENDPOINT_NOT_FOUND', message: 'Only /health/live, /health/ready and /metrics are here.' });
  }
}

/** Runs all checks side by side; each part is `ok` or says what is wrong. */
export async function runChecks(checks: ReadonlyMap<string, ReadinessCheck>): Promise<Record<string, string>> {
  const results = await Promise.all(
    [...checks].map(async ([name, check]) => {
      try {
        const outcome = await Promise.race([check(), timeout(checkTimeoutMs)]);
        return [name, outcome === false ? 'not ready' : 'ok'] as const;
      } catch (error) {
        return [name, (error as Error).message] as const;
      }
    }),
  );
  return Object.fromEntries(results);
}

function timeout(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms).unref();
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}
