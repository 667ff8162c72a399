import { access } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '@berth/config/settings';
import { buildConfig, type GatewayConfigOptions } from './build-config';
import { fileNames, gatewayDirectory, mapNames } from './gateway-files';
import { luaScript } from './lua-script';
import { ensureDirectory, writeFileAtomically } from './write-files';

/** More threads than this make waiting for each other cost more than they bring. */
const mostThreads = 4;

/** What HAProxy's configuration takes from the settings and the machine. */
export async function configOptions(settings: Settings): Promise<GatewayConfigOptions> {
  return {
    directory: gatewayDirectory(settings.BERTH_HOME),
    port: settings.BERTH_GATEWAY_PORT,
    ipv6: await hasIpv6(),
    publicScheme: settings.BERTH_PUBLIC_SCHEME,
    activatorPort: settings.BERTH_ACTIVATOR_PORT,
    threads: Math.min(mostThreads, availableParallelism()),
  };
}

/**
 * Writes everything that HAProxy reads at its start. Map files that are there stay: they hold the newest routes, which the service keeps up
 * to date, so that HAProxy can start without it and without MongoDB.
 */
export async function renderGateway(options: GatewayConfigOptions): Promise<void> {
  const { directory } = options;
  await ensureDirectory(directory);
  const write = (name: string, text: string) => writeFileAtomically(join(directory, name), text);
  await write(fileNames.lua, luaScript());
  for (const map of mapNames) if (!(await exists(join(directory, fileNames.map(map))))) await write(fileNames.map(map), '');
  await write(fileNames.config, `${buildConfig(options)}\n`);
}

/** Whether a port can be listened on over IPv6; a machine may have it switched off. */
export function hasIpv6(): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '::', port: 0, ipv6Only: true }, () => server.close(() => resolve(true)));
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
