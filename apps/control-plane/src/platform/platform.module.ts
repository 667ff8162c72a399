import { join } from 'node:path';
import { readSettings } from '@berth/config/read-settings';
import type { Settings } from '@berth/config/settings';
import { HintBus } from '@berth/jobs/hint-bus';
import { KeyRing } from '@berth/keyring/key-ring';
import type { Logger } from '@berth/observability/logger';
import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { HINTS, LOGGER, SETTINGS } from './tokens';

/** What every feature may use without importing it: settings, logger, key ring, hints, the MongoDB connection. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(@Inject(HINTS) private readonly hints: HintBus) {}

  static forProcess(logger: Logger, settings: Settings = readSettings()): DynamicModule {
    const hints = new HintBus(settings.REDIS_URL, settings.BERTH_INSTALLATION_ID, (error) =>
      logger.debug({ err: error }, 'redis'),
    );
    const keyRing = KeyRing.fromFile(join(settings.BERTH_HOME, 'secrets', 'root.key'));
    return {
      module: PlatformModule,
      imports: [
        MongooseModule.forRoot(settings.MONGODB_URL, {
          autoIndex: false,
          autoCreate: false,
          serverSelectionTimeoutMS: 5000,
          maxPoolSize: 10,
          lazyConnection: true,
        }),
      ],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOGGER, useValue: logger },
        { provide: KeyRing, useValue: keyRing },
        { provide: HINTS, useValue: hints },
      ],
      exports: [SETTINGS, LOGGER, KeyRing, HINTS],
    };
  }

  onApplicationShutdown(): void {
    this.hints.close();
  }
}
