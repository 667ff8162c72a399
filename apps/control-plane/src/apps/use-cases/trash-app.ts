import type { Settings } from '@berth/config/settings';
import { Inject, Injectable } from '@nestjs/common';
import type { Identity } from '../../http/identity';
import { SETTINGS } from '../../platform/tokens';
import { FindApp } from '../find-app';
import { type ChangedApp, ChangeLifecycle } from './change-lifecycle';

const dayMs = 24 * 3600_000;

/** Puts an app into the trash: it serves nobody, its data stays. What is left of a failed creation goes at once. */
@Injectable()
export class TrashApp {
  constructor(
    private readonly findApp: FindApp,
    private readonly changeLifecycle: ChangeLifecycle,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws BerthError `APP_NOT_FOUND`, `ROLE_INSUFFICIENT`, `APP_IN_TRASH`, `APP_BUSY`, `APP_DELETING` */
  async run(identity: Identity, reference: string): Promise<ChangedApp> {
    const { scope, app } = await this.findApp.run(identity, reference, 'admin');
    const { accountId } = identity;
    if (app.lifecycle === 'failed')
      return this.changeLifecycle.run(scope, app, {
        kind: 'app.purge',
        from: ['failed'],
        change: { lifecycle: 'deleting', purgeApprovedBy: accountId },
        accountId,
      });
    const trashedAt = new Date();
    const purgeAt = new Date(trashedAt.getTime() + this.settings.BERTH_TRASH_DAYS * dayMs);
    const change = { lifecycle: 'trashed' as const, trashedAt, purgeAt };
    return this.changeLifecycle.run(scope, app, { kind: 'app.delete', from: ['active'], change, accountId });
  }
}
