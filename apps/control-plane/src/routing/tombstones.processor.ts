import { JobHandlers } from '@berth/jobs/job-handlers';
import type { Logger } from '@berth/observability/logger';
import { Inject, Injectable } from '@nestjs/common';
import { RuntimesRepository } from '../placement/runtimes.repository';
import { LOGGER } from '../platform/tokens';
import { RoutesRepository } from './routes.repository';

@Injectable()
export class TombstonesProcessor {
  constructor(
    handlers: JobHandlers,
    private readonly routes: RoutesRepository,
    private readonly runtimes: RuntimesRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    handlers.register('tombstones.clear', () => this.clear());
  }

  private async clear(): Promise<void> {
    const now = new Date();
    const routes = await this.routes.forgetTombstones(now);
    const runtimes = await this.runtimes.forgetDeleted(now);
    if (routes + runtimes > 0) this.logger.info({ routes, runtimes }, 'tombstones cleared');
  }
}
