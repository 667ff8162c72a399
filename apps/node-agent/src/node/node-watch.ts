import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import type { NodeDocument, Reason } from '@berth/contracts/documents/runtime';
import { type EngineInfo, type RuntimeDriver } from '@berth/drivers/port/runtime-driver';
import { BerthError } from '@berth/errors/berth-error';
import type { ErrorCode } from '@berth/errors/catalogue';

/** New runtimes are refused below the first and taken again above the second, so that it does not flap. */
const refuseBelowMb = 1024;
const takeAgainAboveMb = 1536;

/** What the machine is able to do right now. */
export interface NodeState {
  engine: NodeDocument['engine'];
  capacity: NodeDocument['capacity'];
  refusing: Reason | null;
}

interface WatchOptions {
  driver: RuntimeDriver;
  /** Folder of the runtimes' data. */
  home: string;
  image: string | undefined;
  /** Called with the code of each cause that is gone. */
  onGone: (code: ErrorCode) => void;
}

/** Looks at engine, disk and image, and says why new runtimes are refused, and when that is over. */
export class NodeWatch {
  state: NodeState = { engine: null, capacity: { memoryMb: 0, cpus: 0, diskFreeMb: 0 }, refusing: null };
  private causes = new Set<ErrorCode>();

  constructor(private readonly options: WatchOptions) {}

  async look(): Promise<NodeState> {
    const { driver, image } = this.options;
    const info = await driver.engine().catch(() => null);
    const diskFreeMb = await this.freeDisk(info);
    const reasons = [
      info ? null : new BerthError('ENGINE_UNAVAILABLE'),
      diskFreeMb < this.watermark() ? new BerthError('DISK_FULL') : null,
      info && image && !(await driver.hasImage(image).catch(() => true)) ? new BerthError('IMAGE_MISSING', { image }) : null,
    ].filter((reason) => reason !== null);
    const first = reasons[0];
    this.state = {
      engine: info && { version: info.version, cgroup: info.cgroup, storageDriver: info.storageDriver },
      capacity: { memoryMb: Math.floor(totalmem() / 1024 ** 2), cpus: availableParallelism(), diskFreeMb },
      refusing: first ? { code: first.code, message: first.message } : null,
    };
    this.tellGone(new Set(reasons.map((reason) => reason.code)));
    return this.state;
  }

  private watermark(): number {
    return this.causes.has('DISK_FULL') ? takeAgainAboveMb : refuseBelowMb;
  }

  private tellGone(causes: Set<ErrorCode>): void {
    const gone = [...this.causes].filter((code) => !causes.has(code));
    this.causes = causes;
    for (const code of gone) this.options.onGone(code);
  }

  /** The smaller of what the data's and the engine's disk have left. */
  private async freeDisk(info: EngineInfo | null): Promise<number> {
    const folders = info ? [this.options.home, info.dataFolder] : [this.options.home];
    const free = await Promise.all(
      folders.map((folder) =>
        statfs(folder).then(
          (found) => Math.floor((found.bavail * found.bsize) / 1024 ** 2),
          // An engine on another machine, or behind a container's own file system: its disk cannot be seen.
          () => Number.POSITIVE_INFINITY,
        ),
      ),
    );
    return Math.min(...free);
  }
}
