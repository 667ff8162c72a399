import type { Settings } from '@berth/config/settings';
import type { DesiredPower, RuntimeDocument } from '@berth/contracts/documents/runtime';
import type { HintBus } from '@berth/jobs/hint-bus';
import { Inject, Injectable } from '@nestjs/common';
import { composeConfig, sameConfig } from '../../environments/compose-config';
import type { EnvironmentDocument } from '../../environments/environment.schema';
import { EnvironmentKeysSeal } from '../../environments/environment-keys';
import { EnvironmentsRepository } from '../../environments/environments.repository';
import { SystemScope } from '../../orgs/system-scope';
import { RuntimeConfigSeal } from '../../placement/runtime-config-seal';
import { type RuntimeChange, RuntimesRepository } from '../../placement/runtimes.repository';
import { findPlan } from '../../plans/find-plan';
import { HINTS, SETTINGS } from '../../platform/tokens';
import { RoutesRepository } from '../../routing/routes.repository';
import { wantedHosts, wantedPolicy } from '../../routing/wanted-routes';
import type { AppDocument, AppLifecycle } from '../app.schema';
import { AppsRepository } from '../apps.repository';
import { SlugsRepository } from '../slugs.repository';

const scope = SystemScope.for('making routes and runtimes follow what is written of an app');
const attempts = 8;

/**
 * Makes an app's routes and runtimes follow its records: its lifecycle, slugs, name and keys. Writes only what differs, so it can be repeated
 * at any time: a use case calls it after its one deciding write, the sweeper after a kill.
 */
@Injectable()
export class SettleApp {
  constructor(
    private readonly apps: AppsRepository,
    private readonly slugs: SlugsRepository,
    private readonly environments: EnvironmentsRepository,
    private readonly runtimes: RuntimesRepository,
    private readonly routes: RoutesRepository,
    private readonly keys: EnvironmentKeysSeal,
    private readonly seal: RuntimeConfigSeal,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(HINTS) private readonly hints: HintBus,
  ) {}

  /** @returns the generation of the configuration that each environment's runtime now has to get. */
  async run(appId: string): Promise<Map<string, number>> {
    for (let attempt = 1; ; attempt++) {
      const app = await this.apps.find(scope, appId);
      if (!app || app.lifecycle === 'failed') return new Map();
      const environments = await this.environments.ofApps(scope, [appId]);
      await this.settleRoutes(app, environments);
      const generations = await this.settleRuntimes(appId, environments);
      const after = await this.apps.find(scope, appId);
      if (after?.lifecycle === app.lifecycle && after.slug === app.slug && generations) return generations;
      if (attempt >= attempts) throw new Error(`app ${appId} was changed ${attempts} times while it was settled`);
    }
  }

  private async settleRoutes(app: AppDocument, environments: EnvironmentDocument[]): Promise<void> {
    const served = app.lifecycle === 'creating' || app.lifecycle === 'active';
    const slugs = served ? new Set([app.slug, ...(await this.slugs.ofApp(scope, app._id))]) : [];
    const ids = environments.map((environment) => environment._id);
    const policy = wantedPolicy(findPlan(app.plan));
    await this.routes.setHosts(ids, wantedHosts(slugs, environments));
    await Promise.all(ids.map((id) => this.routes.setPolicy(id, app.lifecycle === 'deleting' ? null : policy)));
  }

  /** @returns null when another changed one of the runtimes at the same time. */
  private async settleRuntimes(appId: string, environments: EnvironmentDocument[]): Promise<Map<string, number> | null> {
    const generations = new Map<string, number>();
    for (const { _id, runtimeId } of environments) {
      // First the runtime, then what it has to follow: whoever changes that later finds a newer revision of the runtime.
      const runtime = await this.runtimes.find(runtimeId);
      const app = await this.apps.find(scope, appId);
      const environment = await this.environments.find(scope, _id);
      if (!runtime || !app || !environment) continue;
      const change = this.changeOf(runtime, app, environment);
      if (change) {
        if (!(await this.runtimes.change(runtime, change, new Date()))) return null;
        this.hints.send({ kind: 'runtime', id: runtime._id, nodeId: runtime.nodeId });
      }
      generations.set(_id, (change?.config ?? runtime.config).generation);
    }
    return generations;
  }

  private changeOf(runtime: RuntimeDocument, app: AppDocument, environment: EnvironmentDocument): RuntimeChange | null {
    const now = new Date();
    const change: RuntimeChange = {};
    // What was approved to go, e.g. by the roll-back of a creation, never comes back.
    const power = runtime.purge ? 'deleted' : wantedPower(app.lifecycle, runtime.desired.power);
    if (power !== runtime.desired.power) change.power = power;
    // The data goes because a person said so, or because the days in the trash are over: the app's record tells who.
    if (power === 'deleted' && !runtime.purge) change.purge = { approvedAt: now, approvedBy: app.purgeApprovedBy ?? 'trash' };
    const keys = this.keys.open(environment);
    const source = { app, environment, keys };
    const wanted = composeConfig(this.settings, source, runtime.config.generation + 1, now);
    if (power !== 'deleted' && !sameConfig(wanted, this.seal.open(runtime))) change.config = this.seal.seal(wanted);
    return Object.keys(change).length > 0 ? change : null;
  }
}

/** An app that serves leaves the choice between running and sleeping to whoever made it. */
function wantedPower(lifecycle: AppLifecycle, power: DesiredPower): DesiredPower {
  if (lifecycle === 'trashed') return 'trashed';
  if (lifecycle === 'deleting') return 'deleted';
  return power === 'trashed' || power === 'deleted' ? 'running' : power;
}
