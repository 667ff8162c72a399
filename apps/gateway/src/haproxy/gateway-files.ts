import { join } from 'node:path';

/** The map files, in the order a change is applied: an environment's address and policy are there before its first host is. */
export const mapNames = ['addresses', 'policies', 'slugs', 'hosts'] as const;
export type MapName = (typeof mapNames)[number];

/**
 * What lies in `BERTH_HOME/gateway`. HAProxy's configuration names all but the socket relative to itself, and the admin socket knows the maps
 * by these names.
 */
export const fileNames = {
  config: 'haproxy.cfg',
  socket: 'admin.sock',
  lua: 'gateway.lua',
  map: (map: MapName) => `${map}.map`,
};

export const gatewayDirectory = (home: string) => join(home, 'gateway');
