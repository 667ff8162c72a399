import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@berth/observability/logger';
import { type ChangedKeys, emptyMaps, type RouteMaps, type RouteTable } from '../routes/route-table';
import { AdminSocket, AdminSocketError } from './admin-socket';
import { fileNames, type MapName, mapNames } from './gateway-files';
import { type HaproxyInfo, parseInfo } from './haproxy-info';
import { changeCommands, parseMapDump, replaceCommands } from './map-commands';

const reconnectMs = 250;
const heartbeatMs = 1000;
/** A socket's file comes and goes a few times while HAProxy starts. */
const newcomerMs = 30;
/** More differences than this are mended by replacing the map, which no request sees half-done. */
const mostSingleRepairs = 500;

export interface SynchronizerEvents {
  /** All that the table held when revision `revision` was announced is in HAProxy. Called again for each HAProxy that comes. */
  onApplied: (revision: number) => void;
  /** Seconds from a change of the table to HAProxy's confirmation. */
  onApplyTime: (seconds: number) => void;
  onConnected: (info: HaproxyInfo) => void;
}

/**
 * Keeps HAProxy's maps like the route table, over one lasting connection. Whenever a connection is made, to whichever HAProxy, its maps are read,
 * compared and mended first; then only what changes is sent. Anything unexpected ends the connection and so leads to the next comparison.
 */
export class MapSynchronizer {
  private socket: AdminSocket | undefined;
  /** What HAProxy is known to hold. */
  private mirror: RouteMaps = emptyMaps();
  private dirty: ChangedKeys = {};
  private dirtySince: number | undefined;
  private announced = 0;
  private running: Promise<void> | undefined;
  private reconnectTimer: NodeJS.Timeout | undefined;
  private heartbeatTimer: NodeJS.Timeout | undefined;
  private watcher: FSWatcher | undefined;
  private connecting = false;
  /** Counts the times that HAProxy's socket was made. */
  private newcomers = 0;
  private stopped = false;
  private complaint = '';
  private events: SynchronizerEvents = { onApplied: () => undefined, onApplyTime: () => undefined, onConnected: () => undefined };

  constructor(
    private readonly directory: string,
    private readonly table: RouteTable,
    private readonly logger: Logger,
    /** Until the routes come from the database, HAProxy's own are at least as new as the files: they are taken over, not mended. */
    private readonly adopts: () => boolean,
  ) {
    table.onChange((changed) => this.mark(changed));
  }

  /** Resolves after the first try, whether HAProxy was there or not. */
  async start(events: Partial<SynchronizerEvents>): Promise<void> {
    this.events = { ...this.events, ...events };
    this.heartbeatTimer = setInterval(() => void this.beat(), heartbeatMs);
    // a HAProxy that starts makes its socket anew
    this.watcher = watch(this.directory, (_, name) => {
      if (name === fileNames.socket) this.meetNewcomer();
    });
    this.watcher.on('error', () => undefined);
    await this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.reconnectTimer);
    clearInterval(this.heartbeatTimer);
    this.watcher?.close();
    this.socket?.close();
  }

  /** Whether HAProxy answers and its maps were compared. */
  get connected(): boolean {
    return this.socket !== undefined && !this.socket.closed;
  }

  /** The revision that the table now stands for; `onApplied` follows when HAProxy has it. */
  announce(revision: number): void {
    this.announced = revision;
    this.schedule();
  }

  /** Asks HAProxy something. @throws AdminSocketError when it is away. */
  ask(command: string): Promise<string> {
    return this.socket
      ? this.socket.run(command)
      : Promise.reject(new AdminSocketError(this.complaint || 'HAProxy does not answer'));
  }

  /** Sees whether the maps still have as many lines as they should; if not, they are read and mended. */
  async verifyCounts(): Promise<void> {
    const socket = this.socket;
    if (!socket) return;
    await this.running;
    const expected = new Map(mapNames.map((map) => [fileNames.map(map), this.mirror[map].size]));
    const text = await socket.run('show map').catch(() => undefined);
    if (text === undefined || this.running) return;
    for (const [, file, count] of text.matchAll(/^\d+ \(([^)]*)\).*entry_cnt=(\d+)/gm)) {
      if (!file || expected.get(file) === undefined || expected.get(file) === Number(count)) continue;
      this.logger.warn(
        { map: file, expected: expected.get(file), found: Number(count) },
        'a map of HAProxy was changed by somebody else',
      );
      return socket.close();
    }
  }

  private mark(changed: ChangedKeys): void {
    this.dirtySince ??= performance.now();
    for (const map of mapNames) {
      const keys = changed[map];
      if (!keys) continue;
      const all = this.dirty[map] ?? new Set<string>();
      this.dirty[map] = all;
      for (const key of keys) all.add(key);
    }
    this.schedule();
  }

  /** One flush at a time; what changes meanwhile goes with the next. Changes of one turn of the event loop go together. */
  private schedule(): void {
    if (this.running || !this.socket) return;
    this.running = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.flush())
      .catch((error: Error) => this.drop(error))
      .finally(() => {
        this.running = undefined;
        if (Object.keys(this.dirty).length > 0) this.schedule();
      });
  }

  private async flush(): Promise<void> {
    const socket = this.socket;
    if (!socket) return;
    const revision = this.announced;
    const dirty = this.dirty;
    const since = this.dirtySince;
    this.dirty = {};
    this.dirtySince = undefined;
    const removals: string[] = [];
    const settings: string[] = [];
    for (const map of mapNames) {
      const commands = changeCommands(map, dirty[map] ?? [], this.mirror[map], this.table.maps[map]);
      removals.unshift(...commands.removals);
      settings.push(...commands.settings);
      for (const key of dirty[map] ?? []) copy(this.table.maps[map], this.mirror[map], key);
    }
    const commands = [...removals, ...settings];
    await socket.change(commands);
    if (commands.length > 0) await this.refuseOldWorker(socket);
    if (since !== undefined) this.events.onApplyTime((performance.now() - since) / 1000);
    if (revision > 0) this.events.onApplied(revision);
  }

  private async connect(): Promise<void> {
    if (this.connecting || this.connected || this.stopped) return;
    this.connecting = true;
    const newcomers = this.newcomers;
    let socket: AdminSocket | undefined;
    try {
      socket = await AdminSocket.open(join(this.directory, fileNames.socket));
      const info = parseInfo(await socket.run('show info'));
      if (info.stopping) throw new AdminSocketError('HAProxy is stopping');
      await this.compare(socket);
      if (this.newcomers !== newcomers) throw new AdminSocketError('another HAProxy has come');
      if (this.stopped) throw new AdminSocketError('stopped');
      this.use(socket, info);
    } catch (error) {
      socket?.close();
      this.drop(error as Error);
    } finally {
      this.connecting = false;
    }
  }

  private use(socket: AdminSocket, info: HaproxyInfo): void {
    this.socket = socket;
    this.complaint = '';
    socket.onClose(() => {
      if (this.socket === socket) this.drop(new AdminSocketError('HAProxy ended the connection'));
    });
    this.logger.info({ pid: info.pid, version: info.version }, 'HAProxy has all routes');
    this.events.onConnected(info);
    this.schedule();
  }

  /** Reads what HAProxy holds and makes it what the table says. */
  private async compare(socket: AdminSocket): Promise<void> {
    const held = emptyMaps();
    const doubled = new Set<MapName>();
    for (const map of mapNames) {
      const dump = parseMapDump(await socket.run(`show map ${fileNames.map(map)}`));
      held[map] = dump.entries;
      if (dump.doubled) doubled.add(map);
    }
    if (this.adopts()) this.table.replace(copyMaps(held));
    // what changes while the maps are mended is marked anew, and is sent as a difference from what is mended now
    this.dirty = {};
    this.dirtySince = undefined;
    this.mirror = copyMaps(this.table.maps);
    for (const map of mapNames) await this.mend(socket, map, held[map], this.mirror[map], doubled.has(map));
  }

  private async mend(
    socket: AdminSocket,
    map: MapName,
    held: ReadonlyMap<string, string>,
    wanted: ReadonlyMap<string, string>,
    doubled: boolean,
  ): Promise<void> {
    const keys = new Set([...held.keys(), ...wanted.keys()].filter((key) => held.get(key) !== wanted.get(key)));
    if (keys.size === 0 && !doubled) return;
    this.logger.info({ map, differences: keys.size }, 'mends a map of HAProxy');
    if (keys.size <= mostSingleRepairs && !doubled) {
      const { removals, settings } = changeCommands(map, keys, held, wanted);
      return socket.change([...removals, ...settings]);
    }
    const version = /version created: (\d+)/.exec(await socket.run(`prepare map ${fileNames.map(map)}`))?.[1];
    if (version === undefined) throw new AdminSocketError('HAProxy did not prepare a new version of a map');
    await socket.change(replaceCommands(map, Number(version), wanted));
  }

  private meetNewcomer(): void {
    if (this.stopped) return;
    this.newcomers += 1;
    this.socket?.close();
    clearTimeout(this.reconnectTimer);
    this.reconnectTimer = setTimeout(() => void this.connect(), newcomerMs);
  }

  private async beat(): Promise<void> {
    if (this.socket) await this.refuseOldWorker(this.socket).catch(() => undefined);
  }

  /** After a reload the old worker goes on answering on old connections, but the new one takes the requests: only by asking is it found out. */
  private async refuseOldWorker(socket: AdminSocket): Promise<void> {
    if (!parseInfo(await socket.run('show info')).stopping) return;
    socket.close();
    throw new AdminSocketError('HAProxy was reloaded');
  }

  private drop(error: Error): void {
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
    if (this.stopped) return;
    if (this.complaint !== error.message) this.logger.warn({ reason: error.message }, 'HAProxy cannot be told of routes');
    this.complaint = error.message;
    clearTimeout(this.reconnectTimer);
    this.reconnectTimer = setTimeout(() => void this.connect(), reconnectMs);
  }
}

function copy(from: ReadonlyMap<string, string>, to: Map<string, string>, key: string): void {
  const value = from.get(key);
  if (value === undefined) to.delete(key);
  else to.set(key, value);
}

function copyMaps(maps: RouteMaps): RouteMaps {
  return Object.fromEntries(mapNames.map((map) => [map, new Map(maps[map])])) as RouteMaps;
}
