import { Injectable } from '@nestjs/common';
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
    const environments = (await this.environments.ofApps(scope, [operation.appId])).filter(
      ({ _id }) => operation.environmentId === null || _id === operation.environmentId,
    );
    const runtimes = await this.runtimes.byIds(environments.map(({ runtimeId }) => runtimeId));
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

  private routing(ids: string[]) {
    return Promise.all([this.routes.addresses(ids), this.routes.revisionOf(ids), this.routes.gateways()]);
  }
}
