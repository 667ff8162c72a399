import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@berth/observability/logger';
import { fileNames, type MapName, mapNames } from '../haproxy/gateway-files';
import { formatMapFile, parseMapFile } from '../haproxy/map-commands';
import { writeFileAtomically } from '../haproxy/write-files';
import { emptyMaps, type RouteMaps, type RouteTable } from './route-table';

const debounceMs = 200;
const retryMs = 5000;

/**
 * The map files on disk: HAProxy starts with them, and so does this service while the database is away. Written at most five times a
 * second, whole and atomically.
 */
export class MapFiles {
  private readonly changed = new Set<MapName>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly directory: string,
    private readonly table: RouteTable,
    private readonly logger: Logger,
  ) {}

  /** What the files hold; a missing one counts as empty. */
  async read(): Promise<RouteMaps> {
    const maps = emptyMaps();
    for (const map of mapNames) {
      const text = await readFile(join(this.directory, fileNames.map(map)), 'utf8').catch(() => '');
      maps[map] = parseMapFile(text);
    }
    return maps;
  }

  /** From now on each change of the table reaches the files. */
  follow(): void {
    this.table.onChange((changed) => {
      for (const map of mapNames) if (changed[map]) this.changed.add(map);
      this.schedule(debounceMs);
    });
  }

  /** Writes what is still to be written, at once. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
    await this.writing;
  }

  private schedule(ms: number): void {
    this.timer ??= setTimeout(() => void this.flush(), ms);
  }

  private async write(): Promise<void> {
    for (const map of [...this.changed]) {
      this.changed.delete(map);
      try {
        await writeFileAtomically(join(this.directory, fileNames.map(map)), formatMapFile(this.table.maps[map]));
      } catch (error) {
        this.changed.add(map);
        this.logger.error({ err: error, map }, 'a map file cannot be written: HAProxy would start with older routes');
        return this.schedule(retryMs);
      }
    }
  }
}
