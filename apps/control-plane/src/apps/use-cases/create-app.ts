import type { Settings } from '@berth/config/settings';
import { settleAll } from '@berth/database/settle-all';
import { BerthError } from '@berth/errors/berth-error';
import type { HintBus } from '@berth/jobs/hint-bus';
import type { Logger } from '@berth/observability/logger';
import { Inject, Injectable } from '@nestjs/common';
import { composeConfig } from '../../environments/compose-config';
import type { EnvironmentDocument } from '../../environments/environment.schema';
import { EnvironmentKeysSeal } from '../../environments/environment-keys';
import { EnvironmentsRepository } from '../../environments/environments.repository';
import { type EnvironmentKeys, firstKeys, type KeyKind, mintApplicationId } from '../../environments/keys';
import type { Identity } from '../../http/identity';
import { BeginOperation } from '../../operations/begin-operation';
import type { OperationRow } from '../../operations/operation.schema';
import { OperationsRepository } from '../../operations/operations.repository';
import { type OrgScope, OrgScopes } from '../../orgs/org-scope';
import { SystemScope } from '../../orgs/system-scope';
import { type Placement, PlaceRuntime } from '../../placement/place-runtime';
import { RuntimeConfigSeal } from '../../placement/runtime-config-seal';
import { RuntimesRepository } from '../../placement/runtimes.repository';
import { internalPlan } from '../../plans/internal-plan';
import { HINTS, LOGGER, SETTINGS } from '../../platform/tokens';
import { RoutesRepository } from '../../routing/routes.repository';
import { environmentLabel, productionName, wantedPolicy } from '../../routing/wanted-routes';
import type { AppDocument } from '../app.schema';
import { AppsRepository } from '../apps.repository';
import { requireSlug } from '../slug-rules';
import { ReserveSlug } from './reserve-slug';
import { type CreationIds, UndoCreation } from './undo-creation';

export interface NewApp {
  name: string;
  slug?: string;
  orgId?: string;
  identity?: { applicationId: string; keys: Partial<Record<KeyKind, string>> };
  mountPath: string;
}

export type NewAppIds = CreationIds & { operationId: string };

export interface Creation {
  scope: OrgScope;
  app: AppDocument;
  operation: OperationRow;
}

const system = SystemScope.for('taking back creations');

/**
 * Makes an app with its environment `production`. There are no transactions, so the order of writes is what holds it together
 * (`docs/app-life.md`): operation → slug → environment → app → routes → runtime. The runtime's record is the write that decides: nobody acts on
 * anything before it, and all that comes before it is taken back by the sweeper when it never comes.
 */
@Injectable()
export class CreateApp {
  private readonly plan = internalPlan;

  constructor(
    private readonly scopes: OrgScopes,
    private readonly apps: AppsRepository,
    private readonly environments: EnvironmentsRepository,
    private readonly runtimes: RuntimesRepository,
    private readonly routes: RoutesRepository,
    private readonly operations: OperationsRepository,
    private readonly begin: BeginOperation,
    private readonly reserveSlug: ReserveSlug,
    private readonly place: PlaceRuntime,
    private readonly undo: UndoCreation,
    private readonly keysSeal: EnvironmentKeysSeal,
    private readonly configSeal: RuntimeConfigSeal,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(HINTS) private readonly hints: HintBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param ids of all that is made; given again, by a repeated request, they lead to what the first one made
   * @throws BerthError `SLUG_INVALID`, `SLUG_TAKEN`, `APPLICATION_ID_TAKEN`, `APP_CAP_REACHED`, `NODE_UNAVAILABLE`, `ORG_NOT_FOUND`,
   * `ROLE_INSUFFICIENT`, `IDEMPOTENCY_IN_PROGRESS`
   */
  async run(identity: Identity, wanted: NewApp, ids: NewAppIds): Promise<Creation> {
    if (wanted.slug !== undefined) requireSlug(wanted.slug);
    const scope = await this.scopes.scopeFor(identity, 'developer');
    const orgId = this.orgOf(scope, wanted.orgId);
    const owned = scope.forOwning;
    const [placement] = await Promise.all([this.place.choose(this.plan), this.refuseOverCap(owned, 1)]);
    const { operationId, ...made } = ids;
    const operation = await this.begin.run({
      id: operationId,
      kind: 'app.create',
      orgId,
      accountId: identity.accountId,
      ...made,
    });
    if (!operation) return this.earlier(scope, ids);
    try {
      const app = await this.write(scope, owned, identity, orgId, wanted, operation, ids, placement);
      this.hints.send({ kind: 'runtime', id: ids.runtimeId, nodeId: placement.node._id });
      return { scope, app, operation };
    } catch (error) {
      // When this fails too, the operation is left behind, and the sweeper takes back what it finds of it.
      await this.takeBack(operation, ids).catch((cause: unknown) =>
        this.logger.warn({ err: cause }, 'a creation is left to the sweeper'),
      );
      throw error;
    }
  }

  private async write(
    scope: OrgScope,
    owned: OrgScope,
    identity: Identity,
    orgId: string,
    wanted: NewApp,
    operation: OperationRow,
    ids: CreationIds,
    placement: Placement,
  ): Promise<AppDocument> {
    const self = { _id: ids.appId, orgId };
    const slug =
      wanted.slug === undefined
        ? await this.reserveSlug.fromName(scope, self, wanted.name)
        : await this.reserveSlug.exactly(scope, self, wanted.slug);
    const keys = firstKeys(wanted.identity?.keys);
    const environment = this.newEnvironment(wanted, orgId, ids, keys);
    const app = this.newApp(wanted, identity, self, slug, operation);
    await settleAll([this.environments.insert(scope, environment), this.apps.insert(scope, app)]);
    await settleAll([
      this.refuseOverCap(owned, 0),
      this.routes.addEnvironment(environment._id, environmentLabel(slug, environment.name), wantedPolicy(this.plan)),
      this.apps.removeFailed(scope, orgId, slug),
    ]);
    const now = new Date();
    const config = this.configSeal.seal(composeConfig(this.settings, { app, environment, keys }, 1, now));
    await this.runtimes.insert(this.place.record(ids.runtimeId, placement, this.plan, environment._id, config, now));
    await this.refuseAbandoned(operation);
    return app;
  }

  private orgOf(scope: OrgScope, wanted: string | undefined): string {
    const orgId = wanted ?? scope.orgIds.find((id) => scope.roleIn(id) === 'owner') ?? scope.orgIds[0];
    if (orgId === undefined || scope.roleIn(orgId) === undefined) throw new BerthError('ORG_NOT_FOUND');
    if (!scope.covers(orgId)) throw new BerthError('ROLE_INSUFFICIENT', { role: scope.roleIn(orgId) ?? 'none' });
    return orgId;
  }

  /** Counted before anything is written, and again after, since others create at the same time: the cap is never passed. */
  private async refuseOverCap(owned: OrgScope, more: number): Promise<void> {
    const cap = this.settings.BERTH_MAX_APPS_PER_ACCOUNT;
    if ((await this.apps.count(owned)) + more > cap) throw new BerthError('APP_CAP_REACHED', { count: cap });
  }

  /** A process that stood still for so long that the sweeper has given its creation up must not bring it back. */
  private async refuseAbandoned(operation: OperationRow): Promise<void> {
    const now = await this.operations.find(system, operation._id);
    if (!now || now.verdict?.state === 'failed') throw new BerthError('OPERATION_INTERRUPTED');
  }

  private async takeBack(operation: OperationRow, ids: CreationIds): Promise<void> {
    await this.undo.run(ids);
    await this.apps.remove(system, ids.appId, ['creating']);
    await this.operations.withdraw(operation._id);
  }

  /** What a request with these ids made before. */
  private async earlier(scope: OrgScope, { operationId, appId }: NewAppIds): Promise<Creation> {
    const operation = await this.operations.find(scope, operationId);
    const app = await this.apps.find(scope, appId);
    if (operation && app) return { scope, app, operation };
    throw new BerthError(operation?.state === 'failed' ? 'OPERATION_INTERRUPTED' : 'IDEMPOTENCY_IN_PROGRESS');
  }

  private newEnvironment(wanted: NewApp, orgId: string, ids: CreationIds, keys: EnvironmentKeys): EnvironmentDocument {
    return {
      _id: ids.environmentId,
      orgId,
      appId: ids.appId,
      name: productionName,
      applicationId: wanted.identity?.applicationId ?? mintApplicationId(),
      ...this.keysSeal.seal(ids.environmentId, keys),
      keysRevision: 1,
      mountPath: wanted.mountPath,
      runtimeId: ids.runtimeId,
      createdAt: new Date(),
    };
  }

  private newApp(
    wanted: NewApp,
    identity: Identity,
    self: { _id: string; orgId: string },
    slug: string,
    operation: OperationRow,
  ): AppDocument {
    return {
      ...self,
      name: wanted.name,
      slug,
      plan: this.plan.id,
      lifecycle: 'creating',
      reason: null,
      operationId: operation._id,
      createdBy: identity.accountId,
      createdAt: new Date(),
      trashedAt: null,
      purgeAt: null,
      purgeApprovedBy: null,
    };
  }
}
