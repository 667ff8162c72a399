import { type MapName, mapNames } from '../haproxy/gateway-files';
import type { RouteEntry } from './route-entries';

export type RouteMaps = Record<MapName, Map<string, string>>;
/** Keys that changed, by map. */
export type ChangedKeys = Partial<Record<MapName, Set<string>>>;

export function emptyMaps(): RouteMaps {
  return { hosts: new Map(), slugs: new Map(), addresses: new Map(), policies: new Map() };
}

/** The routes as this gateway knows them: what HAProxy's maps should hold. */
export class RouteTable {
  maps: RouteMaps = emptyMaps();
  private readonly listeners: ((changed: ChangedKeys) => void)[] = [];

  /** Called after each change, with the keys whose values are other than before. */
  onChange(listener: (changed: ChangedKeys) => void): void {
    this.listeners.push(listener);
  }

  apply(entries: readonly RouteEntry[]): void {
    const changed: ChangedKeys = {};
    for (const { map, key, value } of entries) {
      const lines = this.maps[map];
      if ((lines.get(key) ?? null) === value) continue;
      if (value === null) lines.delete(key);
      else lines.set(key, value);
      note(changed, map, key);
    }
    this.tell(changed);
  }

  /** Takes over a whole state: what is not in it is gone. */
  replace(maps: RouteMaps): void {
    const changed: ChangedKeys = {};
    for (const map of mapNames) {
      const [before, after] = [this.maps[map], maps[map]];
      for (const [key, value] of after) if (before.get(key) !== value) note(changed, map, key);
      for (const key of before.keys()) if (!after.has(key)) note(changed, map, key);
    }
    this.maps = maps;
    this.tell(changed);
  }

  /** `<address>/<port>`, or undefined while the environment sleeps or starts. */
  targetOf(environmentId: string): string | undefined {
    return this.maps.addresses.get(environmentId);
  }

  /** Bytes; undefined without a policy. */
  maxBodyOf(environmentId: string): number | undefined {
    const text = this.maps.policies.get(environmentId)?.split('/')[2];
    return text === undefined ? undefined : Number(text);
  }

  private tell(changed: ChangedKeys): void {
    if (Object.keys(changed).length === 0) return;
    for (const listener of this.listeners) listener(changed);
  }
}

/** The maps that entries alone make up. */
export function mapsOf(entries: readonly RouteEntry[]): RouteMaps {
  const maps = emptyMaps();
  for (const { map, key, value } of entries) if (value !== null) maps[map].set(key, value);
  return maps;
}

function note(changed: ChangedKeys, map: MapName, key: string): void {
  const keys = changed[map] ?? new Set<string>();
  changed[map] = keys;
  keys.add(key);
}
