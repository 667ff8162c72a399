import { BerthError } from '@berth/errors/berth-error';
import type { HintBus } from '@berth/jobs/hint-bus';
import { Inject, Injectable } from '@nestjs/common';
import { EnvironmentsRepository } from '../../environments/environments.repository';
import type { Identity } from '../../http/identity';
import { BeginOperation } from '../../operations/begin-operation';
import { OperationsRepository } from '../../operations/operations.repository';
import type { OrgScope } from '../../orgs/org-scope';
import { HINTS } from '../../platform/tokens';
import { productionName } from '../../routing/wanted-routes';
import type { AppDocument } from '../app.schema';
import { AppsRepository } from '../apps.repository';
import { FindApp, refusal } from '../find-app';
import { requireSlug } from '../slug-rules';
import { SlugsRepository } from '../slugs.repository';
import { ReserveSlug } from './reserve-slug';
import { SettleApp } from './settle-app';

export interface Rename {
  name?: string;
  slug?: string;
}

/**
 * Gives an app another name or address. The old address keeps leading to it. Order of writes: operation → new slug → app (the write that
 * decides) → routes and configuration follow.
 */
@Injectable()
export class RenameApp {
  constructor(
    private readonly findApp: FindApp,
    private readonly apps: AppsRepository,
    private readonly slugs: SlugsRepository,
    private readonly environments: EnvironmentsRepository,
    private readonly operations: OperationsRepository,
    private readonly begin: BeginOperation,
    private readonly reserveSlug: ReserveSlug,
    private readonly settle: SettleApp,
    @Inject(HINTS) private readonly hints: HintBus,
  ) {}

  /** @throws BerthError `APP_NOT_FOUND`, `ROLE_INSUFFICIENT`, `SLUG_INVALID`, `SLUG_TAKEN`, `APP_BUSY`, `APP_IN_TRASH`, `APP_DELETING` */
  async run(identity: Identity, reference: string, wanted: Rename): Promise<AppDocument> {
    if (wanted.slug !== undefined) requireSlug(wanted.slug);
    const { scope, app } = await this.findApp.run(identity, reference, 'developer');
    if (app.lifecycle !== 'active') throw refusal(app);
    const change = changeOf(app, wanted);
    if (Object.keys(change).length === 0) return app;
    const environment = await this.environments.findByName(scope, app._id, productionName);
    if (!environment) throw new BerthError('APP_NOT_FOUND');
    const operation = await this.begin.run({
      kind: 'environment.configure',
      orgId: app.orgId,
      accountId: identity.accountId,
      appId: app._id,
      environmentId: environment._id,
      runtimeId: environment.runtimeId,
      steps: change.slug === undefined ? ['configure'] : ['configure', 'route'],
    });
    if (!operation) throw new BerthError('APP_BUSY');
    try {
      const renamed = await this.rename(scope, app, change, operation._id);
      const generation = (await this.settle.run(app._id)).get(environment._id);
      if (generation !== undefined) await this.operations.setGeneration(operation._id, generation);
      this.hints.send({ kind: 'operation', id: operation._id });
      return renamed;
    } catch (error) {
      if (error instanceof BerthError) await this.operations.withdraw(operation._id);
      throw error;
    }
  }

  private async rename(scope: OrgScope, app: AppDocument, change: Rename, operationId: string): Promise<AppDocument> {
    if (change.slug !== undefined) await this.reserveSlug.exactly(scope, app, change.slug, operationId);
    const renamed = await this.apps.rename(scope, app._id, change);
    if (!renamed) {
      await this.slugs.releaseReserved(operationId);
      throw refusal((await this.apps.find(scope, app._id)) ?? { ...app, lifecycle: 'deleting' });
    }
    await this.slugs.confirm(operationId);
    return renamed;
  }
}

function changeOf(app: AppDocument, { name, slug }: Rename): Rename {
  return {
    ...(name !== undefined && name !== app.name ? { name } : {}),
    ...(slug !== undefined && slug !== app.slug ? { slug } : {}),
  };
}
