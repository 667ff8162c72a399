import { join } from 'node:path';
import type { Settings } from '@berth/config/settings';
import { HintBus } from '@berth/jobs/hint-bus';
import { KeyRing } from '@berth/keyring/key-ring';
import type { Logger } from '@berth/observability/logger';
import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { getConnectionToken, InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { connectMongodb } from './mongodb';
import { HINTS, LOGGER, SETTINGS } from './tokens';

/** What every feature may use without importing it: settings, logger, key ring, hints, the MongoDB connection. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    @Inject(HINTS) private readonly hints: HintBus,
    @InjectConnection() private readonly connection: Connection,
  ) {}

  /** Nothing is opened before Nest makes the providers, so the module graph can be looked at without MongoDB, Redis or secrets. */
  static forProcess(logger: Logger, settings: Settings): DynamicModule {
    return {
      module: PlatformModule,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOGGER, useValue: logger },
        { provide: KeyRing, useFactory: () => KeyRing.fromFile(join(settings.BERTH_HOME, 'secrets', 'root.key')) },
        {
          provide: HINTS,
          useFactory: () =>
            new HintBus(settings.REDIS_URL, settings.BERTH_INSTALLATION_ID, (error) => logger.debug({ err: error }, 'redis')),
        },
        { provide: getConnectionToken(), useFactory: () => connectMongodb(settings.MONGODB_URL, logger) },
      ],
      exports: [SETTINGS, LOGGER, KeyRing, HINTS, getConnectionToken()],
    };
  }

  /** After the HTTP server has drained. */
  async onApplicationShutdown(): Promise<void> {
    this.hints.close();
    await this.connection.close();
  }
}
