import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSettings } from '@berth/config/read-settings';
import type { Settings } from '@berth/config/settings';
import type { RouteAddress } from '@berth/contracts/documents/routes';
import { type DesiredPower, firstObservation, type RuntimeDocument } from '@berth/contracts/documents/runtime';
import { newId, randomText } from '@berth/contracts/ids';
import { mongoClient, type SharedCollections, sharedCollections } from '@berth/database/collections';
import { DockerDriver } from '@berth/drivers/docker/docker-driver';
import { DockerNetwork } from '@berth/drivers/docker/docker-network';
import { EngineCalls } from '@berth/drivers/docker/engine-calls';
import { standInImage } from '@berth/drivers/stand-in/stand-in-image';
import { HintBus } from '@berth/jobs/hint-bus';
import { KeyRing } from '@berth/keyring/key-ring';
import { createLogger } from '@berth/observability/logger';
import { StatusServer } from '@berth/observability/status-server';
import type { MongoClient } from 'mongodb';
import { Agent } from '../src/agent';
import { FolderVolumes } from '../src/volumes/folder-volumes';

const socket = '/var/run/docker.sock';

/** A node of its own for one test file: home, installation, database and network. All of it goes with `close`. */
export class TestNode {
  readonly installation = `t${randomText(9)}`;
  readonly home = mkdtempSync(join(tmpdir(), 'berth-node-'));
  readonly image = standInImage();
  readonly calls = new EngineCalls(socket);
  readonly driver = new DockerDriver(this.calls, this.installation);
  readonly volumes = new FolderVolumes(join(this.home, 'runtimes'));
  readonly network = new DockerNetwork(this.calls, this.installation);
  readonly hints: HintBus;
  readonly agents: Agent[] = [];
  leasesLost = 0;
  nodeId = newId('node');
  private readonly mongo: MongoClient;
  readonly collections: SharedCollections;
  private readonly keyRing: KeyRing;
  private readonly keyLine = KeyRing.newKeyLine('k1');

  constructor() {
    this.mongo = mongoClient(this.settings().MONGODB_URL, 'berth-test');
    this.collections = sharedCollections(this.mongo.db(this.installation));
    this.keyRing = KeyRing.parse(this.keyLine);
    this.hints = new HintBus(this.settings().REDIS_URL, this.installation);
  }

  async prepare(): Promise<this> {
    await mkdir(join(this.home, 'secrets'), { recursive: true });
    await writeFile(join(this.home, 'secrets', 'root.key'), this.keyLine, { mode: 0o600 });
    await writeFile(join(this.home, 'node-id'), this.nodeId);
    await this.volumes.prepare();
    return this;
  }

  environment(changes: Record<string, string> = {}): Record<string, string> {
    const mongo = new URL(process.env.BERTH_TEST_MONGODB_URL ?? '');
    mongo.pathname = `/${this.installation}`;
    if (!mongo.searchParams.has('authSource')) mongo.searchParams.set('authSource', 'admin');
    return {
      BERTH_HOME: this.home,
      BERTH_INSTALLATION_ID: this.installation,
      BERTH_LOG_LEVEL: process.env.BERTH_TEST_LOG ?? 'silent',
      BERTH_RUNTIME_SUBNET: `10.223.${randomInt(255)}.0/24`,
      MONGODB_URL: mongo.href,
      REDIS_URL: process.env.BERTH_TEST_REDIS_URL ?? '',
      ...changes,
    };
  }

  settings(changes: Record<string, string> = {}): Settings {
    return readSettings(this.environment(changes));
  }

  /** An agent in this process. Does not wait until it holds the lease. */
  agent(changes: Record<string, string> = {}): Agent & { started: Promise<void>; status: StatusServer } {
    const settings = this.settings(changes);
    const status = new StatusServer('node-agent');
    const logger = createLogger('node-agent', settings.BERTH_LOG_LEVEL);
    const onLeaseLost = () => {
      this.leasesLost += 1;
    };
    const agent = new Agent({ settings, logger, status, onLeaseLost });
    this.agents.push(agent);
    const started = agent.start();
    started.catch(() => undefined);
    return Object.assign(agent, { started, status });
  }

  async insert(changes: Partial<RuntimeDocument> & { power?: DesiredPower; generation?: number } = {}): Promise<RuntimeDocument> {
    const { power = 'running', generation = 1, ...rest } = changes;
    const id = rest._id ?? newId('runtime');
    const now = new Date();
    const environmentId = rest.environmentId === undefined ? newId('environment') : rest.environmentId;
    const row: RuntimeDocument = {
      _id: id,
      nodeId: this.nodeId,
      environmentId,
      image: this.image,
      size: { memoryMb: 64, cpus: 0.5, pids: 64, diskMb: 100 },
      desired: { power, revision: 1, at: now },
      config: { generation, sealed: this.seal(id, generation, environmentId) },
      purge: null,
      observed: firstObservation(now),
      reconcileAt: now,
      createdAt: now,
      ...rest,
    };
    await this.collections.runtimes.insertOne(row);
    return row;
  }

  seal(id: string, generation: number, environmentId: string | null): string {
    return this.keyRing.seal(JSON.stringify({ generation, runtimeId: id, environmentId }), `runtime:${id}:config`);
  }

  /** What the control plane does when it changes what is desired. */
  async change(id: string, set: Record<string, unknown>): Promise<void> {
    const now = new Date();
    await this.collections.runtimes.updateOne(
      { _id: id },
      { $set: { ...set, 'desired.at': now, reconcileAt: now }, $inc: { 'desired.revision': 1 } },
    );
    this.hints.send({ kind: 'runtime', id, nodeId: this.nodeId });
  }

  async row(id: string): Promise<RuntimeDocument> {
    const row = await this.collections.runtimes.findOne({ _id: id });
    if (!row) throw new Error(`no record ${id}`);
    return row;
  }

  async route(environmentId: string | null): Promise<RouteAddress | null> {
    return this.collections.routeAddresses.findOne({ _id: environmentId ?? '' });
  }

  /** Waits until the record is as `test` wants it. */
  async until(id: string, test: (row: RuntimeDocument) => boolean, timeoutMs = 40_000): Promise<RuntimeDocument> {
    return eventually(
      () => this.row(id),
      test,
      timeoutMs,
      (row) => JSON.stringify({ desired: row.desired, observed: row.observed, at: row.reconcileAt }),
    );
  }

  async untilRunning(id: string): Promise<RuntimeDocument> {
    return this.until(id, (row) => isSettled(row) && row.observed.state === 'running');
  }

  volumePath(id: string): string {
    return join(this.home, 'runtimes', id);
  }

  volumeNames(): string[] {
    return readdirSync(join(this.home, 'runtimes')).sort();
  }

  /** Makes the stand-in of this runtime fail; see its source for the faults. */
  async setFault(id: string, fault: string | null): Promise<void> {
    const path = join(this.volumePath(id), 'data', 'fault');
    if (fault === null) rmSync(path, { force: true });
    else await writeFile(path, fault);
  }

  async close(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.stop()));
    for (const container of await this.driver.list()) await this.driver.remove(container.id);
    await this.network.removeNetwork();
    this.hints.close();
    await this.collections.db.dropDatabase();
    await this.mongo.close();
    if (existsSync(this.home)) rmSync(this.home, { recursive: true, force: true });
  }
}

export function isSettled(row: RuntimeDocument): boolean {
  return row.reconcileAt === null && row.observed.revision === row.desired.revision;
}

export async function eventually<T>(
  look: () => Promise<T>,
  test: (value: T) => boolean,
  timeoutMs = 30_000,
  show: (value: T) => string = (value) => JSON.stringify(value),
): Promise<T> {
  for (const end = Date.now() + timeoutMs; ; ) {
    const value = await look();
    if (test(value)) return value;
    if (Date.now() > end) throw new Error(`did not come about within ${timeoutMs} ms; last seen: ${show(value)}`);
    await sleep(50);
  }
}
