import type { RoutePolicy } from '@berth/contracts/documents/routes';
import type { Plan } from '../plans/plan';

/** The first environment of an app has the bare slug as its label. */
export const productionName = 'production';

/** Name of an environment in host names: `<slug>` for production, `<slug>--<environment>` for the others. */
export function environmentLabel(slug: string, environmentName: string): string {
  return environmentName === productionName ? slug : `${slug}--${environmentName}`;
}

interface RoutedEnvironment {
  _id: string;
  name: string;
}

/** Host labels → environment id of an app that serves: its present slug and every former one, for each environment. */
export function wantedHosts(slugs: Iterable<string>, environments: readonly RoutedEnvironment[]): Map<string, string> {
  const hosts = new Map<string, string>();
  for (const slug of slugs)
    for (const environment of environments) hosts.set(environmentLabel(slug, environment.name), environment._id);
  return hosts;
}

export type PolicyContent = Pick<RoutePolicy, 'admission' | 'requestsPerSecond' | 'maxBodyBytes'>;

export function wantedPolicy(plan: Plan, admission: RoutePolicy['admission'] = 'open'): PolicyContent {
  const { requestsPerSecond, maxBodyBytes } = plan.environment;
  return { admission, requestsPerSecond, maxBodyBytes };
}
