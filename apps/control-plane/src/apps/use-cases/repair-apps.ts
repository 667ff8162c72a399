import { Injectable } from '@nestjs/common';
import { EnvironmentsRepository } from '../../environments/environments.repository';
import { OperationsRepository } from '../../operations/operations.repository';
import { SystemScope } from '../../orgs/system-scope';
import { RuntimesRepository } from '../../placement/runtimes.repository';
import { AppOperations } from '../app-operations';
import { AppsRepository } from '../apps.repository';
import { SettleApp } from './settle-app';

const scope = SystemScope.for('repairing what killed processes left');
const hourMs = 3600_000;
const batch = 100;

/**
 * Finds what no running operation leads to any more. Running operations carry nearly everything over a kill; this is for a process that stood
 * still for so long that it wrote after it had been given up, and for removals that took longer than their operation.
 */
@Injectable()
export class RepairApps {
  constructor(
    private readonly apps: AppsRepository,
    private readonly environments: EnvironmentsRepository,
    private readonly runtimes: RuntimesRepository,
    private readonly operations: OperationsRepository,
    private readonly appOperations: AppOperations,
    private readonly settle: SettleApp,
  ) {}

  async run(): Promise<void> {
    await this.freeFromEndedOperations();
    await this.finishRemovals();
    await this.takeBackFailedCreations();
    await this.forgetFailedApps();
  }

  /** An app that an operation took after its end: what it changed stays, and routes and runtimes follow. */
  private async freeFromEndedOperations(): Promise<void> {
    const held = await this.apps.underWay(scope);
    const operations = await this.operations.byIds(
      scope,
      held.flatMap(({ operationId }) => operationId ?? []),
    );
    const running = new Set(operations.filter(({ state }) => state === 'running').map(({ _id }) => _id));
    for (const app of held) {
      if (!app.operationId || running.has(app.operationId)) continue;
      if (app.lifecycle === 'creating') await this.removeOrphan(app._id, app.operationId);
      else {
        await this.settle.run(app._id);
        await this.apps.end(scope, app._id, app.operationId);
      }
    }
  }

  /** A creation whose operation is gone or has ended without it never served. */
  private async removeOrphan(appId: string, operationId: string): Promise<void> {
    const [environment] = await this.environments.ofApps(scope, [appId]);
    if (environment)
      await this.appOperations.takeBack({ appId, environmentId: environment._id, runtimeId: environment.runtimeId });
    const operation = await this.operations.find(scope, operationId);
    if (operation?.state !== 'succeeded') await this.apps.remove(scope, appId, ['creating']);
  }

  private async finishRemovals(): Promise<void> {
    for (const app of await this.apps.leftDeleting(scope)) {
      await this.settle.run(app._id);
      const environments = await this.environments.ofApps(scope, [app._id]);
      const runtimes = await this.runtimes.byIds(environments.map(({ runtimeId }) => runtimeId));
      if (runtimes.every(({ observed }) => observed.state === 'deleted')) await this.appOperations.forget(app._id);
    }
  }

  private async takeBackFailedCreations(): Promise<void> {
    const since = new Date(Date.now() - hourMs);
    for (const operation of await this.operations.failedCreations(scope, since)) await this.appOperations.takeBack(operation);
  }

  private async forgetFailedApps(): Promise<void> {
    for (const app of await this.apps.due(scope, 'failed', new Date(), batch)) await this.apps.remove(scope, app._id, ['failed']);
  }
}
