import type { OperationKind } from '@berth/contracts/documents/operation';
import { BerthError } from '@berth/errors/berth-error';
import type { HintBus } from '@berth/jobs/hint-bus';
import { Inject, Injectable } from '@nestjs/common';
import { BeginOperation } from '../../operations/begin-operation';
import type { OperationRow } from '../../operations/operation.schema';
import { OperationsRepository } from '../../operations/operations.repository';
import type { TenantScope } from '../../orgs/org-scope';
import { HINTS } from '../../platform/tokens';
import type { AppDocument, AppLifecycle } from '../app.schema';
import { AppsRepository } from '../apps.repository';
import { refusal } from '../find-app';
import { SettleApp } from './settle-app';

export interface LifecycleChange {
  kind: OperationKind;
  from: readonly AppLifecycle[];
  change: Partial<AppDocument>;
  /** null when the platform does it by itself. */
  accountId: string | null;
}

export interface ChangedApp {
  scope: TenantScope;
  app: AppDocument;
  operation: OperationRow;
}

/**
 * The order of writes that trash, restore and purge share: the operation, then the app in one write that decides, then routes and runtimes
 * follow. A process that is killed before the app's write leaves an operation that changed nothing; one that is killed after it leaves an app
 * whose routes and runtimes the sweeper brings after it.
 */
@Injectable()
export class ChangeLifecycle {
  constructor(
    private readonly apps: AppsRepository,
    private readonly operations: OperationsRepository,
    private readonly begin: BeginOperation,
    private readonly settle: SettleApp,
    @Inject(HINTS) private readonly hints: HintBus,
  ) {}

  /** @throws BerthError `APP_BUSY`, `APP_IN_TRASH`, `APP_NOT_IN_TRASH`, `APP_DELETING`, `APP_NOT_MADE`, `APP_NOT_FOUND` */
  async run(scope: TenantScope, app: AppDocument, { kind, from, change, accountId }: LifecycleChange): Promise<ChangedApp> {
    if (!from.includes(app.lifecycle) || app.operationId) throw refusal(app);
    const operation = await this.begin.run({ kind, orgId: app.orgId, accountId, appId: app._id });
    if (!operation) throw new BerthError('APP_BUSY');
    const changed = await this.apps.begin(scope, app._id, from, operation._id, change);
    if (!changed) {
      await this.operations.withdraw(operation._id);
      const now = await this.apps.find(scope, app._id);
      throw now ? refusal(now) : new BerthError('APP_NOT_FOUND');
    }
    await this.settle.run(app._id);
    this.hints.send({ kind: 'operation', id: operation._id });
    return { scope, app: changed, operation };
  }
}
