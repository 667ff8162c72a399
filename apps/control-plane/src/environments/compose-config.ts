import { environmentOrigin } from '@berth/config/addresses';
import type { Settings } from '@berth/config/settings';
import { type RuntimeConfig, runtimeConfig } from '@berth/contracts/runtime-config';
import { environmentLabel } from '../routing/wanted-routes';
import { type EnvironmentKeys, withoutExpired } from './keys';

export interface ConfigSource {
  app: { name: string; slug: string };
  environment: { _id: string; name: string; applicationId: string; mountPath: string; runtimeId: string };
  keys: EnvironmentKeys;
}

/** What a runtime has to be told to serve an environment. Pure, so that comparing it with what was told shows whether anything changed. */
export function composeConfig(
  settings: Settings,
  { app, environment, keys }: ConfigSource,
  generation: number,
  now: Date,
): RuntimeConfig {
  return runtimeConfig.parse({
    generation,
    runtimeId: environment.runtimeId,
    environmentId: environment._id,
    appName: app.name,
    applicationId: environment.applicationId,
    keys: withoutExpired(keys, now),
    mountPaths: [environment.mountPath],
    publicOrigin: environmentOrigin(settings, environmentLabel(app.slug, environment.name)),
    admission: { mode: 'open' },
    parse: {},
  });
}

/** True when both say the same, whatever their generation. */
export function sameConfig(a: RuntimeConfig, b: RuntimeConfig): boolean {
  return JSON.stringify({ ...a, generation: 0 }) === JSON.stringify({ ...b, generation: 0 });
}
