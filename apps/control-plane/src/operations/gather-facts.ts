import type { RuntimeDocument } from '@berth/contracts/documents/runtime';
import { Injectable } from '@nestjs/common';
import type { EnvironmentDocument } from '../environments/environment.schema';
import { EnvironmentsRepository } from '../environments/environments.repository';
import { SystemScope } from '../orgs/system-scope';
import { RuntimesRepository } from '../placement/runtimes.repository';
import { RoutesRepository } from '../routing/routes.repository';
import { serves } from './milestones';
import type { OperationRow } from './operation.schema';
import type { OperationFacts } from './operation-facts';

const scope = SystemScope.for('reading the progress of operations');

/**
 * Collects what an operation's progress is read from. Many operations are looked at once a second, so what cannot matter yet is not read:
 * routes before there is something to lead to, nodes before the deadline.
 */
@Injectable()
export class GatherFacts {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly runtimes: RuntimesRepository,
    private readonly routes: RoutesRepository,
  ) {}

  async of(operation: OperationRow, now: Date): Promise<OperationFacts> {
    const [environments, runtimes] = await this.subjects(operation);
    const brings = operation.kind === 'app.create' || operation.kind === 'app.restore';
    const ids = brings && !runtimes.every(serves) ? [] : environments.map(({ _id }) => _id);
    const [addresses, routesRevision, gateways] = ids.length > 0 ? await this.routing(ids) : [[], 0, []];
    const nodes =
      now < operation.deadline ? [] : await this.runtimes.nodesByIds([...new Set(runtimes.map(({ nodeId }) => nodeId))]);
    return {
      environmentsAt: environments[0]?.createdAt ?? null,
      runtimes,
      addressed: new Set(addresses.map(({ _id }) => _id)),
      routesRevision,
      gateways,
      nodes,
    };
  }

  /** What the operation is about. One that names its runtime is read in one go. */
  private async subjects({ appId, environmentId, runtimeId }: OperationRow): Promise<[EnvironmentDocument[], RuntimeDocument[]]> {
    const read = this.environments.ofApps(scope, [appId]);
    if (runtimeId === null) {
      const environments = await read;
      return [environments, await this.runtimes.byIds(environments.map((environment) => environment.runtimeId))];
    }
    const [environments, runtimes] = await Promise.all([read, this.runtimes.byIds([runtimeId])]);
    return [environments.filter(({ _id }) => _id === environmentId), runtimes];
  }

  private routing(ids: string[]) {
    return Promise.all([this.routes.addresses(ids), this.routes.revisionOf(ids), this.routes.gateways()]);
  }
}
