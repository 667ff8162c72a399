import type { Settings } from '@berth/config/settings';
import { mongoClient, sharedCollections } from '@berth/database/collections';
import { HintBus } from '@berth/jobs/hint-bus';
import type { Logger } from '@berth/observability/logger';
import type { StatusServer } from '@berth/observability/status-server';
import type { MongoClient } from 'mongodb';
import { Activator } from './activator/activator';
import { WaitingRoom } from './activator/waiting-room';
import { MongoWakeRequester } from './activator/wake-requester';
import { configMark } from './haproxy/build-config';
import { gatewayDirectory } from './haproxy/gateway-files';
import type { HaproxyInfo } from './haproxy/haproxy-info';
import { MapSynchronizer } from './haproxy/map-synchronizer';
import { configOptions } from './haproxy/render-gateway';
import { ensureDirectory } from './haproxy/write-files';
import { GatewayMetrics } from './metrics/gateway-metrics';
import { GatewayReporter, gatewayId } from './routes/gateway-reporter';
import { MapFiles } from './routes/map-files';
import { RouteFollower } from './routes/route-follower';
import { RouteReader } from './routes/route-reader';
import { RouteTable } from './routes/route-table';

/** The parts of the gateway service, put together. Starts and goes on without HAProxy, MongoDB and Redis, whichever are away. */
export class Gateway {
  private readonly directory: string;
  private readonly mongo: MongoClient;
  private readonly hints: HintBus;
  private readonly table = new RouteTable();
  private readonly files: MapFiles;
  private readonly synchronizer: MapSynchronizer;
  private readonly follower: RouteFollower;
  private readonly activator: Activator;
  private readonly metrics: GatewayMetrics;
  private reporter: GatewayReporter | undefined;
  /** Why HAProxy has to load its configuration again; undefined when it runs with the one of these settings. */
  private outdated: string | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly logger: Logger,
    private readonly status: StatusServer,
  ) {
    this.directory = gatewayDirectory(settings.BERTH_HOME);
    this.mongo = mongoClient(settings.MONGODB_URL, 'berth-gateway');
    this.hints = new HintBus(
      settings.REDIS_URL,
      settings.BERTH_INSTALLATION_ID,
      occasionally(logger, 'Redis does not answer: no hints'),
    );
    this.files = new MapFiles(this.directory, this.table, logger);
    const reader = new RouteReader(sharedCollections(this.mongo.db()));
    this.follower = new RouteFollower(reader, this.table, settings.BERTH_BASE_DOMAIN, logger);
    this.synchronizer = new MapSynchronizer(this.directory, this.table, logger, () => !this.follower.loaded);
    const room = new WaitingRoom(this.table);
    this.metrics = new GatewayMetrics(status.metrics, this.table, this.synchronizer, room);
    const wakes = new MongoWakeRequester(this.mongo.db(), logger);
    this.activator = new Activator(this.table, room, wakes, logger, (outcome) => this.metrics.activated(outcome));
  }

  /** @throws when the activator's port is taken or BERTH_HOME cannot be written. */
  async start(): Promise<void> {
    await ensureDirectory(this.directory);
    this.addChecks();
    this.table.replace(await this.files.read());
    this.files.follow();
    await this.activator.listen(this.settings.BERTH_ACTIVATOR_PORT);
    const id = await gatewayId(this.directory);
    this.reporter = new GatewayReporter(id, sharedCollections(this.mongo.db()), this.hints, this.logger);
    this.reporter.start();
    const mark = configMark(await configOptions(this.settings));
    // HAProxy may hold newer routes than the files: it is asked before the database is, in case that one is empty or away
    await this.synchronizer.start({
      onApplied: (revision) => this.reporter?.applied(revision),
      onApplyTime: (seconds) => this.metrics.applied(seconds),
      onConnected: (info) => this.compareConfiguration(info, mark),
    });
    this.follower.start({
      onRevision: (revision) => this.synchronizer.announce(revision),
      onReload: () => void this.synchronizer.verifyCounts(),
    });
    this.hints.receive((hint) => {
      if (hint.kind === 'routes') this.follower.hint();
    });
  }

  async stop(): Promise<void> {
    this.hints.close();
    this.reporter?.stop();
    await this.activator.close();
    await this.follower.stop();
    this.synchronizer.stop();
    await this.files.flush();
    await this.mongo.close();
  }

  private addChecks(): void {
    this.status.addCheck('haproxy', async () => {
      if (!this.synchronizer.connected) throw new Error('HAProxy does not answer on its socket');
    });
    this.status.addReport('configuration', async () => {
      if (this.outdated) throw new Error(this.outdated);
    });
    this.status.addReport('mongodb', async () => {
      const problem = this.follower.refusal ?? this.follower.problem;
      if (problem) throw new Error(`the known routes stay: ${problem}`);
    });
    this.status.addReport('redis', async () => {
      if (!this.hints.connected) throw new Error('does not answer: routes come by polling');
    });
  }

  private compareConfiguration({ description }: HaproxyInfo, mark: string): void {
    this.outdated =
      description === mark ? undefined : 'HAProxy runs with the configuration of other settings: render it and restart HAProxy';
    if (this.outdated) this.logger.warn(this.outdated);
  }
}

const complainMs = 60_000;

/** A lost Redis fails twice a second; one line a minute is enough. */
function occasionally(logger: Logger, message: string): (error: Error) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (performance.now() - last < complainMs) return;
    last = performance.now();
    logger.warn({ reason: error.message }, message);
  };
}
