import { Injectable } from '@nestjs/common';
import { EnvironmentsRepository } from '../environments/environments.repository';
import { SystemScope } from '../orgs/system-scope';
import { RuntimesRepository } from '../placement/runtimes.repository';
import { RoutesRepository } from '../routing/routes.repository';
import type { OperationRow } from './operation.schema';
import type { OperationFacts } from './operation-facts';

const scope = SystemScope.for('reading the progress of operations');

/** Collects what an operation's progress is read from. */
@Injectable()
export class GatherFacts {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly runtimes: RuntimesRepository,
    private readonly routes: RoutesRepository,
  ) {}

  async of(operation: OperationRow): Promise<OperationFacts> {
    const environments = (await this.environments.ofApps(scope, [operation.appId])).filter(
      ({ _id }) => operation.environmentId === null || _id === operation.environmentId,
    );
    const ids = environments.map(({ _id }) => _id);
    const [runtimes, addresses, routesRevision, gateways] = await Promise.all([
      this.runtimes.byIds(environments.map(({ runtimeId }) => runtimeId)),
      this.routes.addresses(ids),
      this.routes.revisionOf(ids),
      this.routes.gateways(),
    ]);
    const nodes = await this.runtimes.nodesByIds([...new Set(runtimes.map(({ nodeId }) => nodeId))]);
    return {
      environmentsAt: environments[0]?.createdAt ?? null,
      runtimes,
      addressed: new Set(addresses.map(({ _id }) => _id)),
      routesRevision,
      gateways,
      nodes,
    };
  }
}
