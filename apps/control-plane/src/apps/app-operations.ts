import { Injectable } from '@nestjs/common';
import { EnvironmentsRepository } from '../environments/environments.repository';
import type { OperationRow, OperationVerdict } from '../operations/operation.schema';
import { type OperationHandler, OperationHandlers } from '../operations/operation-handlers';
import { OperationsRepository } from '../operations/operations.repository';
import { SystemScope } from '../orgs/system-scope';
import { RuntimesRepository } from '../placement/runtimes.repository';
import { AppsRepository } from './apps.repository';
import { SlugsRepository } from './slugs.repository';
import { SettleApp } from './use-cases/settle-app';
import { UndoCreation } from './use-cases/undo-creation';

const scope = SystemScope.for('ending operations on apps');
const dayMs = 24 * 3600_000;

/** How operations on apps are gone on with after a kill, and what follows when they end. */
@Injectable()
export class AppOperations {
  constructor(
    handlers: OperationHandlers,
    private readonly apps: AppsRepository,
    private readonly slugs: SlugsRepository,
    private readonly environments: EnvironmentsRepository,
    private readonly runtimes: RuntimesRepository,
    private readonly operations: OperationsRepository,
    private readonly settle: SettleApp,
    private readonly undo: UndoCreation,
  ) {
    handlers.register('app.create', this.creation);
    handlers.register('app.delete', this.lifecycle);
    handlers.register('app.restore', this.lifecycle);
    handlers.register('app.purge', this.purge);
    handlers.register('environment.configure', this.configuration);
  }

  private readonly creation: OperationHandler = {
    complete: async (operation) => {
      if (!operation.runtimeId || !(await this.runtimes.find(operation.runtimeId))) return false;
      await this.settle.run(operation.appId);
      return true;
    },
    conclude: async (operation, verdict) => {
      const { _id, appId } = operation;
      if (verdict.state === 'succeeded') return this.apps.end(scope, appId, _id, { lifecycle: 'active' });
      await this.takeBack(operation);
      if (wasInterrupted(verdict)) return this.apps.remove(scope, appId, ['creating']);
      // Its record stays for a day, so that the founder sees why; it holds neither slug nor a place under the cap.
      const { code = 'INTERNAL', message = '' } = verdict.error ?? {};
      const purgeAt = new Date(Date.now() + dayMs);
      return this.apps.end(scope, appId, _id, { lifecycle: 'failed', reason: { code, message }, purgeAt });
    },
  };

  private readonly lifecycle: OperationHandler = {
    complete: async ({ _id, appId }) => {
      const app = await this.apps.find(scope, appId);
      if (app?.operationId !== _id) return false;
      await this.settle.run(appId);
      return true;
    },
    conclude: async ({ _id, appId }) => this.apps.end(scope, appId, _id),
  };

  private readonly purge: OperationHandler = {
    complete: this.lifecycle.complete,
    conclude: async ({ _id, appId }, verdict) => {
      if (verdict.state === 'succeeded') return this.forget(appId);
      return this.apps.end(scope, appId, _id);
    },
  };

  private readonly configuration: OperationHandler = {
    complete: async ({ _id, appId, environmentId }) => {
      const generation = (await this.settle.run(appId)).get(environmentId ?? '');
      if (generation !== undefined) await this.operations.setGeneration(_id, generation);
      return generation !== undefined;
    },
    conclude: async ({ _id, appId }) => {
      const app = await this.apps.find(scope, appId);
      // A rename that was killed: the app has its new slug, or the slug was reserved for nothing.
      if (app) await this.slugs.confirmIfPresent(_id, app.slug);
      await this.slugs.releaseReserved(_id);
    },
  };

  /** Takes back what is left of a failed creation; nothing when all is gone already. */
  async takeBack({
    appId,
    environmentId,
    runtimeId,
  }: Pick<OperationRow, 'appId' | 'environmentId' | 'runtimeId'>): Promise<void> {
    if (environmentId && runtimeId) await this.undo.run({ appId, environmentId, runtimeId });
  }

  /** Removes the last records of an app whose runtimes and data are gone. The slugs first, so that nobody ever gets them. */
  async forget(appId: string): Promise<void> {
    await this.slugs.retire(scope, appId, new Date());
    await this.environments.removeOfApp(scope, appId);
    await this.apps.remove(scope, appId, ['deleting']);
  }
}

function wasInterrupted(verdict: OperationVerdict): boolean {
  return verdict.error?.code === 'OPERATION_INTERRUPTED';
}
