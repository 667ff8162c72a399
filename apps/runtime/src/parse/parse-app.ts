import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RuntimeConfig } from '@berth/contracts/runtime-config';
import { AppCache } from 'parse-server/lib/cache';
import ParseServer, { type ExpressApp } from 'parse-server/lib/ParseServer';
import { admissionMiddleware } from '../admission/admission';
import { keepSchemaVersion } from '../database/connect';
import type { StorageAdapter } from '../database/storage-adapter';
import type { VolumeFilesAdapter } from '../files/volume-files-adapter';
import { MountPaths } from '../http/mount-paths';
import type { Serving } from '../http/serving';
import { errorFields, log } from '../log/log';
import { ParseLogger } from '../log/parse-logger';
import { KeyRotation } from './key-rotation';
import { parseOptions } from './parse-options';

export interface Resources {
  database: StorageAdapter;
  files: VolumeFilesAdapter;
  /** False until the database has been given this Parse Server's schema. */
  schemaIsCurrent: boolean;
  schemaVersion: string;
  /** Whether anybody is subscribed to a class: nothing is published for nobody. */
  isWatched(className: string): boolean;
}

/** Parse Server as one configuration wants it, on the database pool that all of them share. */
export class ParseApp implements Serving {
  readonly keys: KeyRotation;
  readonly mountPaths: MountPaths;

  private constructor(
    readonly config: RuntimeConfig,
    readonly server: ParseServer,
    private readonly api: ExpressApp,
  ) {
    this.keys = new KeyRotation(config.keys);
    this.mountPaths = new MountPaths(config.mountPaths);
  }

  /** @throws what Parse Server says of options that it does not take */
  static construct(config: RuntimeConfig, resources: Resources): ParseApp {
    const server = new ParseServer(
      parseOptions(config, {
        databaseAdapter: resources.database,
        filesAdapter: resources.files,
        loggerAdapter: new ParseLogger(),
        requestContextMiddleware: admissionMiddleware,
      }),
    );
    guardLiveQuery(server, resources);
    const api = server.app;
    api.disable('x-powered-by');
    api.disable('etag');
    api.set('trust proxy', 1);
    return new ParseApp(config, server, api);
  }

  /** Needs the database. */
  async start(resources: Resources): Promise<void> {
    const { databaseController } = this.server.config;
    if (resources.schemaIsCurrent) {
      // the baked data directory holds all of it, and asking costs a dozen round trips
      databaseController.performInitialization = async () => {};
      await this.server.start();
      return;
    }
    await this.server.start();
    await keepSchemaVersion(resources.database, resources.schemaVersion);
    resources.schemaIsCurrent = true;
  }

  /** The same Parse Server with another admission, other former keys or mount paths. */
  with(config: RuntimeConfig): ParseApp {
    return new ParseApp(config, this.server, this.api);
  }

  /** True when `config` differs only in what the runtime itself looks at, so that Parse Server can stay as it is. */
  serves(config: RuntimeConfig): boolean {
    return sameForParse(this.config) === sameForParse(config);
  }

  handle(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void {
    this.api(request, response, next);
  }

  /** Parse Server keeps configurations in a table by application id, for ever. */
  forget(): void {
    AppCache.del(this.config.applicationId);
  }
}

function sameForParse(config: RuntimeConfig): string {
  const keys = Object.values(config.keys).map((key) => key.current);
  const { parse, applicationId, appName, publicOrigin, mountPaths } = config;
  const { liveQuery: _limits, ...rest } = parse;
  return JSON.stringify([applicationId, appName, publicOrigin, mountPaths[0], keys, rest, parse.liveQuery.enabled]);
}

/** A value that cannot be published (a file without a URL, for one) must not fail the write, nor end the process. */
function guardLiveQuery(server: ParseServer, { isWatched }: Resources): void {
  const controller = server.config.liveQueryController;
  const enabled = controller.hasLiveQuery.bind(controller);
  controller.hasLiveQuery = (className) => isWatched(className) && enabled(className);
  for (const event of ['onAfterSave', 'onAfterDelete'] as const) {
    const publish = controller[event].bind(controller);
    controller[event] = (...args) => {
      try {
        publish(...args);
      } catch (error) {
        log('warn', 'parse', `an event of class ${String(args[0])} could not be published`, errorFields(error));
      }
    };
  }
}
