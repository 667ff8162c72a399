import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../../http/identity';
import { FindApp } from '../find-app';
import { type ChangedApp, ChangeLifecycle } from './change-lifecycle';

/** Takes an app out of the trash, as it was: data, keys, addresses. */
@Injectable()
export class RestoreApp {
  constructor(
    private readonly findApp: FindApp,
    private readonly changeLifecycle: ChangeLifecycle,
  ) {}

  /** @throws BerthError `APP_NOT_FOUND`, `ROLE_INSUFFICIENT`, `APP_NOT_IN_TRASH`, `APP_BUSY`, `APP_DELETING` */
  async run(identity: Identity, reference: string): Promise<ChangedApp> {
    const { scope, app } = await this.findApp.run(identity, reference, 'admin');
    if (app.lifecycle === 'trashed' && app.operationId) throw new BerthError('APP_BUSY');
    return this.changeLifecycle.run(scope, app, {
      kind: 'app.restore',
      from: ['trashed'],
      change: { lifecycle: 'active', trashedAt: null, purgeAt: null },
      accountId: identity.accountId,
    });
  }
}
