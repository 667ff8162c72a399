import type { Settings } from '@berth/config/settings';
import { Inject, Injectable } from '@nestjs/common';
import { toEnvironment } from '../environments/environment.dto';
import { EnvironmentsRepository } from '../environments/environments.repository';
import type { TenantScope } from '../orgs/org-scope';
import { RuntimesRepository } from '../placement/runtimes.repository';
import { SETTINGS } from '../platform/tokens';
import { productionName } from '../routing/wanted-routes';
import type { AppView } from './app.dto';
import type { AppDocument } from './app.schema';
import { appState } from './app-state';

/** Apps as the API shows them: three queries, however many they are. */
@Injectable()
export class DescribeApps {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly runtimes: RuntimesRepository,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async one(scope: TenantScope, app: AppDocument): Promise<AppView> {
    const [view] = await this.all(scope, [app]);
    if (!view) throw new Error('one app has one description');
    return view;
  }

  async all(scope: TenantScope, apps: readonly AppDocument[]): Promise<AppView[]> {
    const environments = await this.environments.ofApps(
      scope,
      apps.map((app) => app._id),
    );
    const runtimes = await this.runtimes.byIds(environments.map((environment) => environment.runtimeId));
    const runtimeById = new Map(runtimes.map((runtime) => [runtime._id, runtime]));
    return apps.map((app) => {
      const own = environments.filter((environment) => environment.appId === app._id);
      const production = own.find((environment) => environment.name === productionName);
      return {
        id: app._id,
        orgId: app.orgId,
        name: app.name,
        slug: app.slug,
        ...appState(app, runtimeById.get(production?.runtimeId ?? '') ?? null),
        createdAt: app.createdAt.toISOString(),
        trashedAt: app.trashedAt?.toISOString() ?? null,
        purgeAt: app.purgeAt?.toISOString() ?? null,
        environments: own.map((environment) =>
          toEnvironment(this.settings, app.slug, environment, runtimeById.get(environment.runtimeId) ?? null),
        ),
      };
    });
  }
}
