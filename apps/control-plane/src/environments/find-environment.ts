import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import type { AppDocument } from '../apps/app.schema';
import { FindApp } from '../apps/find-app';
import type { Identity } from '../http/identity';
import type { OrgScope } from '../orgs/org-scope';
import type { Role } from '../orgs/roles';
import type { EnvironmentDocument } from './environment.schema';
import { EnvironmentsRepository } from './environments.repository';

@Injectable()
export class FindEnvironment {
  constructor(
    private readonly findApp: FindApp,
    private readonly environments: EnvironmentsRepository,
  ) {}

  /** @throws BerthError `APP_NOT_FOUND`, `ENVIRONMENT_NOT_FOUND`, `ROLE_INSUFFICIENT` */
  async run(
    identity: Identity,
    reference: string,
    name: string,
    role: Role,
  ): Promise<{ scope: OrgScope; app: AppDocument; environment: EnvironmentDocument }> {
    const { scope, app } = await this.findApp.run(identity, reference, role);
    const environment = await this.environments.findByName(scope, app._id, name);
    if (!environment) throw new BerthError('ENVIRONMENT_NOT_FOUND');
    return { scope, app, environment };
  }
}
