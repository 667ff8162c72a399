import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '@berth/config/settings';
import { version } from '@berth/config/version';
import { newId } from '@berth/contracts/ids';
import { errorFields } from '@berth/database/away';
import { mongoClient, sharedCollections } from '@berth/database/collections';
import { DockerDriver } from '@berth/drivers/docker/docker-driver';
import { DockerNetwork } from '@berth/drivers/docker/docker-network';
import { EngineCalls } from '@berth/drivers/docker/engine-calls';
import type { EngineEvent } from '@berth/drivers/port/runtime-driver';
import { HintBus } from '@berth/jobs/hint-bus';
import { KeyRing } from '@berth/keyring/key-ring';
import type { Logger } from '@berth/observability/logger';
import type { StatusServer } from '@berth/observability/status-server';
import type { MongoClient } from 'mongodb';
import { AgentMetrics } from './metrics/agent-metrics';
import { NodeNetwork } from './network/node-network';
import { loop } from './node/loop';
import { nodeIdentity } from './node/node-identity';
import { type NodeCondition, NodeRecord } from './node/node-record';
import { NodeWatch } from './node/node-watch';
import { ownerOfThisProcess } from './node/process-owner';
import { Inventory } from './reconciler/inventory';
import { Reconciler } from './reconciler/reconciler';
import { Semaphore } from './reconciler/semaphore';
import { RouteAddresses } from './runtimes/route-addresses';
import { RuntimeRecords } from './runtimes/runtime-records';
import { AgentSocket } from './socket/agent-socket';
import { FolderVolumes } from './volumes/folder-volumes';

const pollMs = 1000;
const heartbeatMs = 5000;
const inventoryMs = 60_000;
const tombstonesMs = 3600_000;
const mostDue = 200;

/** Another agent took the node while this one could not renew its lease. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

interface AgentOptions {
  settings: Settings;
  logger: Logger;
  status: StatusServer;
  /** Called when another agent has taken the node: this one must not go on. */
  onLeaseLost: (error: LeaseLost) => void;
}

/** The one process that works a node: puts its parts together, takes the lease, and keeps the clocks. */
export class Agent {
  private readonly ending = new AbortController();
  private readonly mongo: MongoClient;
  private readonly hints: HintBus;
  private readonly loops: Promise<void>[] = [];
  private working: ReturnType<Agent['assemble']> | undefined;
  private isHalted = false;

  constructor(private readonly options: AgentOptions) {
    const { settings, logger } = options;
    this.mongo = mongoClient(settings.MONGODB_URL, 'berth-node-agent');
    this.hints = new HintBus(settings.REDIS_URL, settings.BERTH_INSTALLATION_ID, (error) => {
      logger.debug({ err: error }, 'Redis does not answer; hints are late');
    });
  }

  /** Resolves once the node's lease is held and the reconciler works. Waits for MongoDB and for another agent's lease. */
  async start(): Promise<void> {
    const { settings, logger } = this.options;
    assertShortEnough(settings.BERTH_HOME);
    await mkdir(settings.BERTH_HOME, { recursive: true });
    const parts = this.assemble(await nodeIdentity(settings.BERTH_HOME));
    this.addChecks(parts);
    await parts.watch.look();
    this.begin('looking at the machine', heartbeatMs, () => parts.watch.look());
    await this.takeLease(parts);
    if (this.ending.signal.aborted) return;
    this.working = parts;
    await parts.volumes.prepare();
    await parts.volumes.removeLeftovers();
    await parts.socket.listen();
    this.begin('indexes', 3600_000, () => parts.records.ensureIndexes());
    this.begin('the node’s heartbeat', heartbeatMs, () => this.renewLease(parts));
    this.begin('looking for work', pollMs, () => this.poll(parts));
    this.begin('the engine’s events', 1000, () => this.followEngine(parts));
    this.begin('the inventory', inventoryMs, () => (this.isHalted ? Promise.resolve() : parts.inventory.take()));
    this.begin('tombstones', tombstonesMs, () => parts.routes.forgetTombstones());
    this.hints.receive((hint) => {
      if (hint.kind === 'runtime' && hint.nodeId === parts.record.nodeId) parts.reconciler.trigger(hint.id);
    });
    logger.info({ node: parts.record.nodeId, socket: parts.socket.path }, 'the node agent works');
  }

  /** Lets the calls under way end, gives the lease back and leaves the runtimes serving. */
  async stop(): Promise<void> {
    this.ending.abort(new Error('the node agent stops'));
    const parts = this.working;
    await parts?.socket.close();
    await parts?.reconciler.stop();
    await Promise.all(this.loops);
    await parts?.record.release().catch(() => undefined);
    this.hints.close();
    await this.mongo.close(true);
  }

  private assemble(nodeId: string) {
    const { settings, logger, status } = this.options;
    const { BERTH_HOME: home, BERTH_INSTALLATION_ID: installation } = settings;
    const collections = sharedCollections(this.mongo.db(databaseOf(settings.MONGODB_URL)));
    const calls = new EngineCalls(settings.BERTH_DOCKER_SOCKET);
    const driver = new DockerDriver(calls, installation);
    const metrics = new AgentMetrics(status.metrics);
    const record = new NodeRecord(collections.nodes, nodeId, ownerOfThisProcess());
    const network = new NodeNetwork(new DockerNetwork(calls, installation), driver, settings.BERTH_RUNTIME_SUBNET, logger);
    const volumes = new FolderVolumes(join(home, 'runtimes'));
    const records = new RuntimeRecords(collections.runtimes, nodeId);
    const routes = new RouteAddresses(collections.db, collections.routeAddresses, nodeId, this.hints);
    const places = new Semaphore(settings.BERTH_CREATE_CONCURRENCY);
    const mayAct = () => record.isHeld() && !this.ending.signal.aborted;
    const shared = { driver, volumes, records, routes, metrics, logger, mayAct, network };
    const keyRing = () => KeyRing.fromFile(join(home, 'secrets', 'root.key'));
    const addresses = () => network.addresses();
    const onDeleted = (id: string) => inventory.doubt(id);
    const reconciler = new Reconciler({ ...shared, hints: this.hints, places, keyRing, addresses, onDeleted });
    const inventory: Inventory = new Inventory({ ...shared, node: record, reconciler });
    const halt = () => {
      this.isHalted = true;
    };
    const socket = new AgentSocket(join(home, 'run', 'agent.sock'), { ...shared, reconciler, inventory, halt });
    const watch = new NodeWatch({
      driver,
      home,
      image: settings.BERTH_RUNTIME_IMAGE,
      onGone: (code) => void records.retryAllWith(code).catch(() => undefined),
    });
    return { ...shared, record, reconciler, inventory, socket, watch, places };
  }

  private addChecks({ record, watch }: ReturnType<Agent['assemble']>): void {
    const { status } = this.options;
    status.addCheck('lease', async () => {
      if (!record.isHeld()) throw new Error('another agent has this node, or MongoDB is away');
    });
    status.addCheck('engine', async () => {
      if (!watch.state.engine) throw new Error('Docker does not answer');
    });
    status.addCheck('mongodb', () => this.mongo.db().command({ ping: 1 }));
    status.addCheck('reconciler', async () => {
      if (this.isHalted) throw new Error('stopped by stop-runtimes until the agent starts again');
    });
  }

  private async takeLease(parts: ReturnType<Agent['assemble']>): Promise<void> {
    const { logger } = this.options;
    let told = false;
    while (!this.ending.signal.aborted) {
      try {
        if (await parts.record.hold(this.condition(parts.watch))) return;
        if (!told) logger.warn('another agent has this node; waiting until it ends');
      } catch (error) {
        if (!told) logger.warn(errorFields(error), 'the node’s lease cannot be taken yet; waiting');
      }
      told = true;
      await sleep(500, undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
  }

  private async renewLease({ record, watch }: ReturnType<Agent['assemble']>): Promise<void> {
    if (await record.hold(this.condition(watch))) return;
    this.options.onLeaseLost(new LeaseLost('another agent has taken this node'));
  }

  private condition({ state }: NodeWatch): NodeCondition {
    const name = this.options.settings.BERTH_NODE_NAME ?? hostname();
    return { name, version, ...state };
  }

  private async poll({ record, records, reconciler, metrics, places }: ReturnType<Agent['assemble']>): Promise<void> {
    metrics.queue.set({ kind: 'reconcile' }, reconciler.queueLength);
    metrics.queue.set({ kind: 'start' }, places.waiting);
    if (!record.isHeld() || this.isHalted) return;
    for (const id of await records.due(new Date(), mostDue)) if (!reconciler.isBusyWith(id)) reconciler.trigger(id);
  }

  /** Ends, by throwing, when the engine goes away; each time it is back, everything is looked at. */
  private async followEngine(parts: ReturnType<Agent['assemble']>): Promise<void> {
    const handle = (event: EngineEvent) => {
      if (event.kind === 'container-ended') parts.reconciler.trigger(event.runtimeId);
      else void parts.records.retryAllWith('IMAGE_MISSING').catch(() => undefined);
    };
    const following = parts.driver.watch(handle, this.ending.signal);
    if (!this.isHalted) await parts.inventory.take().catch(() => undefined);
    await following;
  }

  private begin(name: string, everyMs: number, task: () => Promise<unknown>): void {
    this.loops.push(loop(name, everyMs, task, this.options.logger, this.ending.signal));
  }
}

/** A unix socket's path may have 107 bytes, and the longest one is a runtime's. */
function assertShortEnough(home: string): void {
  const most = 107 - `/runtimes/${newId('runtime')}/admin/admin.sock`.length;
  if (Buffer.byteLength(home) > most)
    throw new Error(`BERTH_HOME is ${home}; its path may have at most ${most} bytes, since unix sockets lie below it`);
}

/** The database named in the address, `berth` by default. */
function databaseOf(url: string): string {
  const path = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];
  return path ? decodeURIComponent(path) : 'berth';
}
