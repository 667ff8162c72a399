import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RouteHost, RoutePolicy } from '@berth/contracts/documents/routes';
import { mongoClient, type SharedCollections, sharedCollections } from '@berth/database/collections';
import { nextRoutesRevision } from '@berth/database/routes-revision';
import { HintBus } from '@berth/jobs/hint-bus';
import { build } from 'esbuild';
import type { MongoClient } from 'mongodb';
import { eventually, freePorts, type TestHaproxy } from './test-haproxy';

const root = join(__dirname, '../../..');
const bundle = join(root, 'node_modules/.cache/berth-gateway-test/gateway.js');
let bundled: Promise<unknown> | undefined;

/** The service as the process it is, so that it can be killed as one. */
export class TestService {
  readonly log: string[] = [];
  private child: ChildProcess | undefined;
  statusPort = 0;

  constructor(
    private readonly haproxy: TestHaproxy,
    private readonly environment: Record<string, string>,
  ) {}

  async start(): Promise<void> {
    bundled ??= build({
      entryPoints: [join(root, 'apps/gateway/src/main.ts')],
      outfile: bundle,
      bundle: true,
      packages: 'external',
      platform: 'node',
      tsconfig: join(root, 'tsconfig.json'),
      logLevel: 'error',
    });
    await bundled;
    [this.statusPort] = (await freePorts(1)) as [number];
    const child = spawn(process.execPath, [bundle], {
      env: {
        PATH: process.env.PATH,
        BERTH_HOME: this.haproxy.home,
        BERTH_GATEWAY_PORT: String(this.haproxy.port),
        BERTH_ACTIVATOR_PORT: String(this.haproxy.activatorPort),
        BERTH_GATEWAY_SERVICE_PORT: String(this.statusPort),
        ...this.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream as NodeJS.ReadableStream }).on('line', (line) => this.log.push(line));
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`the service ended: ${this.log.join('\n')}`);
      await this.status('/health/live');
    });
  }

  async status(path: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(`http://127.0.0.1:${this.statusPort}${path}`);
    return { status: answer.status, text: await answer.text() };
  }

  async ready(): Promise<void> {
    await eventually(async () => {
      const { status, text } = await this.status('/health/ready');
      if (status !== 200) throw new Error(text);
    });
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }
}

/** A database and a Redis channel of this test's own. Needs `BERTH_TEST_MONGODB_URL` and `BERTH_TEST_REDIS_URL`. */
export class TestRoutes {
  readonly installationId = `gw${randomBytes(5).toString('hex')}`;
  readonly redisUrl = required('BERTH_TEST_REDIS_URL');
  private readonly mongo: MongoClient;
  readonly collections: SharedCollections;
  private readonly hints: HintBus;

  constructor() {
    this.mongo = mongoClient(this.mongodbUrl(), 'gateway-test');
    this.collections = sharedCollections(this.mongo.db());
    this.hints = new HintBus(this.redisUrl, this.installationId);
  }

  /** Address of the database, by another port where something stands between. */
  mongodbUrl(port?: number): string {
    const url = new URL(required('BERTH_TEST_MONGODB_URL'));
    url.pathname = `/${this.installationId}`;
    if (port) url.host = `127.0.0.1:${port}`;
    return url.toString();
  }

  environment(mongodbPort?: number): Record<string, string> {
    return { MONGODB_URL: this.mongodbUrl(mongodbPort), REDIS_URL: this.redisUrl, BERTH_INSTALLATION_ID: this.installationId };
  }

  async host(id: string, environmentId: string, more: Partial<RouteHost> = {}): Promise<number> {
    const versioned = await this.versioned();
    await this.collections.routeHosts.updateOne(
      { _id: id },
      { $set: { kind: 'label', environmentId, ...versioned, ...more } },
      { upsert: true },
    );
    return versioned.revision;
  }

  async address(environmentId: string, target: string | null): Promise<number> {
    const versioned = await this.versioned();
    await this.collections.routeAddresses.updateOne(
      { _id: environmentId },
      { $set: { runtimeId: 'rt_1', nodeId: 'node_1', target, ...versioned } },
      { upsert: true },
    );
    return versioned.revision;
  }

  async policy(environmentId: string, more: Partial<RoutePolicy> = {}): Promise<number> {
    const versioned = await this.versioned();
    await this.collections.routePolicies.updateOne(
      { _id: environmentId },
      { $set: { admission: 'open', requestsPerSecond: 0, maxBodyBytes: 1_000_000, ...versioned, ...more } },
      { upsert: true },
    );
    return versioned.revision;
  }

  async hint(revision: number): Promise<void> {
    await eventually(() => {
      if (!this.hints.connected) throw new Error('Redis does not answer');
    });
    this.hints.send({ kind: 'routes', revision });
  }

  /** Waits until a gateway says that it has applied a revision. */
  async applied(revision: number): Promise<void> {
    await eventually(async () => {
      const gateway = await this.collections.gateways.findOne({});
      if ((gateway?.appliedRevision ?? 0) < revision) throw new Error(`applied is ${gateway?.appliedRevision}, not ${revision}`);
    });
  }

  async close(): Promise<void> {
    this.hints.close();
    await this.collections.db.dropDatabase();
    await this.mongo.close();
  }

  private async versioned(): Promise<{ revision: number; updatedAt: Date; deletedAt: null }> {
    return { revision: await nextRoutesRevision(this.collections.db), updatedAt: new Date(), deletedAt: null };
  }
}

/** Stands between a client and a server, and can be switched off. */
export async function startSwitch(targetPort: number): Promise<{ port: number; off(): Promise<void>; on(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((socket) => {
    const upstream = connect(targetPort, '127.0.0.1');
    keep(socket);
    keep(upstream);
    socket.pipe(upstream).pipe(socket);
  });
  const [port] = (await freePorts(1)) as [number];
  return {
    port,
    on: async () => {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    off: async () => {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this by npm test`);
  return value;
}
