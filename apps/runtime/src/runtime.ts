import { join } from 'node:path';
import { version } from 'parse-server/package.json';
import { type KeptConfig, placeholderConfig, readConfig } from './config';
import { forgetOldRequests, openDatabase, schemaVersion } from './database/connect';
import { VolumeFilesAdapter } from './files/volume-files-adapter';
import { ConfigurationRefused } from './http/control-server';
import { TrafficServer } from './http/traffic-server';
import { LiveQuery } from './live-query/live-query';
import { errorFields, log } from './log/log';
import { ParseApp, type Resources } from './parse/parse-app';

/** Raise the number when the runtime itself wants something else of the database than Parse Server's own start makes. */
export const currentSchema = `${version}-1`;
const forgetEveryMs = 10 * 60 * 1000;
const oldRequestsMs = 60_000;

/** The one backend that this process serves. */
export class Runtime {
  private readonly database = openDatabase();
  private readonly files: VolumeFilesAdapter;
  private readonly liveQuery: LiveQuery;
  private readonly resources: Resources;
  readonly traffic: TrafficServer;
  private app: ParseApp | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(dataFolder: string) {
    this.files = new VolumeFilesAdapter(join(dataFolder, 'files'));
    this.liveQuery = new LiveQuery(() => this.currentApp(), this.database);
    this.traffic = new TrafficServer(this.liveQuery);
    this.resources = {
      database: this.database,
      files: this.files,
      schemaIsCurrent: false,
      schemaVersion: currentSchema,
      isWatched: (className) => this.liveQuery.isWatched(className),
    };
  }

  /**
   * Builds Parse Server and opens the database; what does not need the database comes first, since PostgreSQL starts at the same time.
   * Without a configuration the same is done for nobody: the first configuration then only renames.
   */
  async boot(kept: KeptConfig | null): Promise<void> {
    const app = ParseApp.construct(kept ?? placeholderConfig(), this.resources);
    this.resources.schemaIsCurrent = (await schemaVersion(this.database)) === currentSchema;
    await app.start(this.resources);
    this.app = app;
    if (kept) this.use(app);
    setInterval(() => this.forgetOldRequests(), forgetEveryMs).unref();
  }

  /** Serves a configuration; requests that come after the promise is fulfilled see it, none is lost. One change at a time. */
  apply(json: string): Promise<KeptConfig> {
    const config = readConfig(json);
    const done = this.turn.then(() => this.change(config));
    this.turn = done.catch(() => {});
    return done.then(() => config);
  }

  async usage(): Promise<Record<string, unknown>> {
    const { inFlight, lastRequestAt } = this.traffic;
    return {
      connections: await this.traffic.connections(),
      liveQueryConnections: this.liveQuery.connections,
      lastRequestAt: lastRequestAt === null ? null : new Date(lastRequestAt).toISOString(),
      inFlight,
    };
  }

  private currentApp(): ParseApp {
    if (!this.app) throw new Error('the runtime has not booted');
    return this.app;
  }

  private async change(config: KeptConfig): Promise<void> {
    const before = this.currentApp();
    if (before.serves(config)) return this.use(before.with(config));
    let next: ParseApp;
    try {
      next = ParseApp.construct(config, this.resources);
      await next.start(this.resources);
    } catch (error) {
      // Parse Server has taken over names and keys already: give them back
      await ParseApp.construct(before.config, this.resources).start(this.resources);
      throw new ConfigurationRefused(error instanceof Error ? error.message : String(error));
    }
    this.use(next);
    if (before.config.applicationId === config.applicationId) return;
    this.liveQuery.close('renamed');
    setTimeout(
      () => this.currentApp().config.applicationId !== before.config.applicationId && before.forget(),
      oldRequestsMs,
    ).unref();
  }

  private use(app: ParseApp): void {
    this.app = app;
    this.files.maxBytes = app.config.parse.fileUpload.maxUploadBytes;
    this.database.admission = app.config.admission;
    this.traffic.serve(app);
  }

  private forgetOldRequests(): void {
    const { lastRequestAt } = this.traffic;
    if (lastRequestAt === null || lastRequestAt < Date.now() - forgetEveryMs) return;
    forgetOldRequests(this.database).catch((error: unknown) =>
      log('warn', 'parse', 'old request ids were not removed', errorFields(error)),
    );
  }
}
