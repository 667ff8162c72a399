import type { Settings } from './settings';

type Network = Pick<
  Settings,
  | 'BERTH_BASE_DOMAIN'
  | 'BERTH_GATEWAY_PORT'
  | 'BERTH_PUBLIC_SCHEME'
  | 'BERTH_PUBLIC_PORT'
  | 'BERTH_API_PORT'
  | 'BERTH_CONSOLE_ORIGIN'
>;

/** Origin of an environment as people type it. `label` is `<slug>` or `<slug>--<environment>`. */
export function environmentOrigin(settings: Network, label: string): string {
  const port = settings.BERTH_PUBLIC_PORT ?? settings.BERTH_GATEWAY_PORT;
  const standard = settings.BERTH_PUBLIC_SCHEME === 'https' ? 443 : 80;
  return `${settings.BERTH_PUBLIC_SCHEME}://${label}.${settings.BERTH_BASE_DOMAIN}${port === standard ? '' : `:${port}`}`;
}

/** Origin that people type to reach the console. */
export function consoleOrigin(settings: Network): string {
  return settings.BERTH_CONSOLE_ORIGIN ?? `http://localhost:${settings.BERTH_API_PORT}`;
}
