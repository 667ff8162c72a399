import type { Settings } from '@berth/config/settings';
import { errorFields } from '@berth/database/away';
import { JobHandlers } from '@berth/jobs/job-handlers';
import { JobQueue } from '@berth/jobs/job-queue';
import { JobRunner, queueConnection } from '@berth/jobs/job-runner';
import type { Logger } from '@berth/observability/logger';
import { Module, type Type } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { AppsModule } from './apps/apps.module';
import { AppsProcessor } from './apps/apps.processor';
import { KeysModule } from './environments/keys.module';
import { KeysProcessor } from './environments/keys.processor';
import { OperationSweeper } from './operations/operation-sweeper';
import { OperationsModule } from './operations/operations.module';
import { PlacementModule } from './placement/placement.module';
import { PlatformModule } from './platform/platform.module';
import { RoutingModule } from './routing/routing.module';
import { TombstonesProcessor } from './routing/tombstones.processor';

const REDIS = Symbol('redis');

/** The worker's module: the features that work without being asked, and who does which job. */
export function workerModule(settings: Settings, logger: Logger): Type {
  @Module({
    imports: [
      PlatformModule.forProcess(logger, settings),
      AppsModule,
      KeysModule,
      OperationsModule,
      PlacementModule,
      RoutingModule,
    ],
    providers: [
      { provide: REDIS, useFactory: () => queueConnection(settings.REDIS_URL) },
      { provide: JobHandlers, useFactory: () => new JobHandlers() },
      {
        provide: JobQueue,
        inject: [REDIS],
        useFactory: (redis: Redis) => new JobQueue(redis, settings.BERTH_INSTALLATION_ID),
      },
      AppsProcessor,
      KeysProcessor,
      TombstonesProcessor,
      OperationSweeper,
      {
        provide: JobRunner,
        // The processors are asked for, so that every job has its handler before the first one can come.
        inject: [REDIS, JobQueue, JobHandlers, AppsProcessor, KeysProcessor, TombstonesProcessor],
        useFactory: (redis: Redis, queue: JobQueue, handlers: JobHandlers) => newRunner(redis, queue, handlers, settings, logger),
      },
    ],
  })
  class WorkerModule {}
  return WorkerModule;
}

function newRunner(redis: Redis, queue: JobQueue, handlers: JobHandlers, settings: Settings, logger: Logger): JobRunner {
  return new JobRunner(redis, queue, handlers, {
    installationId: settings.BERTH_INSTALLATION_ID,
    onRedis: (isThere, error) => {
      if (isThere) logger.info('Redis answers; jobs run');
      else logger.warn({ reason: error?.message }, 'Redis does not answer; jobs wait for it, operations go on');
    },
    onFailed: (job, error) => logger.warn({ job, ...errorFields(error) }, 'a job failed'),
  });
}
