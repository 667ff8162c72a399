import type { HintBus } from '@berth/jobs/hint-bus';
import { Inject, Injectable } from '@nestjs/common';
import { EnvironmentsRepository } from '../../environments/environments.repository';
import { SystemScope } from '../../orgs/system-scope';
import { RuntimesRepository } from '../../placement/runtimes.repository';
import { HINTS } from '../../platform/tokens';
import { RoutesRepository } from '../../routing/routes.repository';
import { SlugsRepository } from '../slugs.repository';

const scope = SystemScope.for('taking back creations');
const attempts = 8;

export interface CreationIds {
  appId: string;
  environmentId: string;
  runtimeId: string;
}

/**
 * Takes back what a creation wrote, all but the app's own record, in the opposite order. Nothing was ever stored in the app, so the volume
 * goes too and the slug is free again. Can be repeated at any time.
 */
@Injectable()
export class UndoCreation {
  constructor(
    private readonly slugs: SlugsRepository,
    private readonly environments: EnvironmentsRepository,
    private readonly runtimes: RuntimesRepository,
    private readonly routes: RoutesRepository,
    @Inject(HINTS) private readonly hints: HintBus,
  ) {}

  async run({ appId, environmentId, runtimeId }: CreationIds): Promise<void> {
    await this.removeRuntime(runtimeId);
    await this.routes.setHosts([environmentId], new Map());
    await this.routes.setPolicy(environmentId, null);
    await this.environments.removeOfApp(scope, appId);
    await this.slugs.release(scope, appId);
  }

  private async removeRuntime(id: string): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const runtime = await this.runtimes.find(id);
      if (!runtime || runtime.purge) return;
      const now = new Date();
      const purge = { approvedAt: now, approvedBy: 'creation-failed' };
      if (!(await this.runtimes.change(runtime, { power: 'deleted', purge }, now))) continue;
      this.hints.send({ kind: 'runtime', id, nodeId: runtime.nodeId });
      return;
    }
    throw new Error(`runtime ${id} was changed ${attempts} times while it was taken back`);
  }
}
