import { environmentOrigin } from '@berth/config/addresses';
import type { Settings } from '@berth/config/settings';
import { environmentLabel } from '../routing/wanted-routes';

export interface EnvironmentAddresses {
  /** Origin of the app, no slash at the end. */
  address: string;
  serverUrl: string;
  liveQueryUrl: string;
  graphqlUrl: string;
  /** `serverUrl` for machines that cannot resolve the host name. */
  pathUrl: string;
}

export function environmentAddresses(
  settings: Settings,
  slug: string,
  environment: { name: string; mountPath: string },
): EnvironmentAddresses {
  const label = environmentLabel(slug, environment.name);
  const address = environmentOrigin(settings, label);
  const mountPath = environment.mountPath === '/' ? '' : environment.mountPath;
  return {
    address,
    serverUrl: `${address}${mountPath}`,
    liveQueryUrl: `${address.replace(/^http/, 'ws')}${mountPath}`,
    graphqlUrl: `${address}/graphql`,
    pathUrl: `${gatewayOrigin(settings)}/@${label}${mountPath}`,
  };
}

/** The gateway by the host of the console, which whoever reads this has just reached. */
function gatewayOrigin(settings: Settings): string {
  const host = settings.BERTH_CONSOLE_ORIGIN ? new URL(settings.BERTH_CONSOLE_ORIGIN).hostname : settings.BERTH_BASE_DOMAIN;
  const port = settings.BERTH_PUBLIC_PORT ?? settings.BERTH_GATEWAY_PORT;
  const standard = settings.BERTH_PUBLIC_SCHEME === 'https' ? 443 : 80;
  return `${settings.BERTH_PUBLIC_SCHEME}://${host}${port === standard ? '' : `:${port}`}`;
}
