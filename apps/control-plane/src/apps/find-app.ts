import { isId } from '@berth/contracts/ids';
import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../http/identity';
import { findInScope, type OrgScope, OrgScopes } from '../orgs/org-scope';
import type { Role } from '../orgs/roles';
import type { AppDocument } from './app.schema';
import { AppsRepository } from './apps.repository';
import { SlugsRepository } from './slugs.repository';

@Injectable()
export class FindApp {
  constructor(
    private readonly scopes: OrgScopes,
    private readonly apps: AppsRepository,
    private readonly slugs: SlugsRepository,
  ) {}

  /**
   * The app that an id or a slug, present or former, names.
   * @throws BerthError `APP_NOT_FOUND`, `ROLE_INSUFFICIENT`
   */
  async run(identity: Identity, reference: string, role: Role): Promise<{ scope: OrgScope; app: AppDocument }> {
    const scope = await this.scopes.scopeFor(identity, role);
    const app = await findInScope(
      scope,
      (within) => this.find(within, reference),
      () => new BerthError('APP_NOT_FOUND'),
    );
    return { scope, app };
  }

  private async find(scope: OrgScope, reference: string): Promise<AppDocument | null> {
    if (isId('app', reference)) return this.apps.find(scope, reference);
    const appId = await this.slugs.appOf(scope, reference);
    return appId ? this.apps.find(scope, appId) : this.apps.findFailed(scope, reference);
  }
}

/** Why an app cannot be changed as it was asked for, by where it is in its life. */
export function refusal(app: AppDocument): BerthError {
  switch (app.lifecycle) {
    case 'creating':
      return new BerthError('APP_BUSY');
    case 'trashed':
      return new BerthError(app.operationId ? 'APP_BUSY' : 'APP_IN_TRASH');
    case 'deleting':
      return new BerthError('APP_DELETING');
    case 'failed':
      return new BerthError('APP_NOT_MADE');
    case 'active':
      return new BerthError(app.operationId ? 'APP_BUSY' : 'APP_NOT_IN_TRASH');
  }
}
