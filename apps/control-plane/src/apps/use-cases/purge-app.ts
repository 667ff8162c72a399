import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../../http/identity';
import { SystemScope } from '../../orgs/system-scope';
import type { AppDocument } from '../app.schema';
import { FindApp } from '../find-app';
import { type ChangedApp, ChangeLifecycle } from './change-lifecycle';

const everywhere = SystemScope.for('purging apps whose days in the trash are over');

/** Removes an app for good, data and all. Only what is in the trash can go, and only with its slug typed once more. */
@Injectable()
export class PurgeApp {
  constructor(
    private readonly findApp: FindApp,
    private readonly changeLifecycle: ChangeLifecycle,
  ) {}

  /** @throws BerthError `APP_NOT_FOUND`, `ROLE_INSUFFICIENT`, `APP_NOT_IN_TRASH`, `APP_BUSY`, `INPUT_INVALID` */
  async run(identity: Identity, reference: string, confirm: string): Promise<ChangedApp> {
    const { scope, app } = await this.findApp.run(identity, reference, 'admin');
    if (confirm !== app.slug) throw new BerthError('INPUT_INVALID', { problems: [`confirm: must be ${app.slug}`] });
    const { accountId } = identity;
    const change = { lifecycle: 'deleting' as const, purgeApprovedBy: accountId };
    return this.changeLifecycle.run(scope, app, { kind: 'app.purge', from: ['trashed'], change, accountId });
  }

  /** What the worker does when the days in the trash are over. */
  async whenDue(app: AppDocument): Promise<void> {
    const change = { lifecycle: 'deleting' as const, purgeApprovedBy: 'trash' };
    await this.changeLifecycle.run(everywhere, app, { kind: 'app.purge', from: ['trashed'], change, accountId: null });
  }
}
