import { BerthError } from '@berth/errors/berth-error';
import { JobHandlers } from '@berth/jobs/job-handlers';
import { JobQueue } from '@berth/jobs/job-queue';
import { Injectable } from '@nestjs/common';
import { SystemScope } from '../orgs/system-scope';
import { AppsRepository } from './apps.repository';
import { PurgeApp } from './use-cases/purge-app';
import { RepairApps } from './use-cases/repair-apps';

const scope = SystemScope.for('finding apps whose days in the trash are over');
const batch = 500;

@Injectable()
export class AppsProcessor {
  constructor(
    handlers: JobHandlers,
    private readonly apps: AppsRepository,
    private readonly purgeApp: PurgeApp,
    repairApps: RepairApps,
    private readonly jobs: JobQueue,
  ) {
    handlers.register('apps.repair', () => repairApps.run());
    handlers.register('trash.find-due', () => this.findDue());
    handlers.register('app.purge', ({ appId }) => this.purge(appId));
  }

  private async findDue(): Promise<void> {
    for (const app of await this.apps.due(scope, 'trashed', new Date(), batch))
      await this.jobs.add('app.purge', { appId: app._id });
  }

  /** Looks again, since the app may have been restored while the job waited. */
  private async purge(appId: string): Promise<void> {
    const app = await this.apps.find(scope, appId);
    if (app?.lifecycle !== 'trashed' || !app.purgeAt || app.purgeAt > new Date()) return;
    try {
      await this.purgeApp.whenDue(app);
    } catch (error) {
      if (!(error instanceof BerthError)) throw error;
    }
  }
}
