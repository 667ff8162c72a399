import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isId } from '@berth/contracts/ids';
import { Temporary } from '@berth/drivers/port/driver-errors';
import type { VolumeEntry, VolumeFolders, VolumePort } from '@berth/drivers/port/volume-port';
import { diskUsage } from './disk-usage';

const making = 'making-';
const removing = 'removing-';

interface Folder {
  path: string;
  mode: number;
  uid: number;
  gid: number;
}

/** What docs/runtime-contract.md asks for, in the order of creation. */
const layout: Folder[] = [
  { path: 'data', mode: 0o755, uid: 0, gid: 0 },
  { path: 'data/pg', mode: 0o700, uid: 5432, gid: 5432 },
  { path: 'data/app', mode: 0o700, uid: 1337, gid: 1337 },
  { path: 'data/config', mode: 0o2750, uid: 0, gid: 1337 },
  { path: 'admin', mode: 0o700, uid: 0, gid: 0 },
];

/** Each volume is a plain folder `<root>/<runtime id>`. It has no limit of its own: a runtime can fill the node's disk. */
export class FolderVolumes implements VolumePort {
  readonly limitsSize = false;

  constructor(private readonly root: string) {}

  async prepare(): Promise<void> {
    await mkdir(this.root, { recursive: true, mode: 0o700 });
  }

  async create(runtimeId: string): Promise<void> {
    if (await this.exists(runtimeId)) return;
    const temporary = join(this.root, `${making}${runtimeId}-${randomBytes(4).toString('hex')}`);
    await guarded(async () => {
      await mkdir(temporary, { recursive: true, mode: 0o700 });
      for (const folder of layout) await makeFolder(temporary, folder);
      await rename(temporary, this.pathOf(runtimeId));
      await syncFolder(this.root);
    }).catch(async (error) => {
      await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
      throw error;
    });
  }

  async exists(runtimeId: string): Promise<boolean> {
    return stat(this.pathOf(runtimeId)).then(
      (found) => found.isDirectory(),
      () => false,
    );
  }

  async attach(runtimeId: string): Promise<VolumeFolders> {
    return this.folders(runtimeId);
  }

  async detach(): Promise<void> {}

  folders(runtimeId: string): VolumeFolders {
    const path = this.pathOf(runtimeId);
    return { data: join(path, 'data'), admin: join(path, 'admin') };
  }

  async usage(runtimeId: string): Promise<{ bytes: number }> {
    return { bytes: await diskUsage(this.folders(runtimeId).data) };
  }

  async remove(runtimeId: string): Promise<void> {
    const doomed = join(this.root, `${removing}${runtimeId}-${randomBytes(4).toString('hex')}`);
    await guarded(async () => {
      await rename(this.pathOf(runtimeId), doomed).catch(ignoreMissing);
      await rm(doomed, { recursive: true, force: true });
    });
  }

  async list(): Promise<VolumeEntry[]> {
    const names = await readdir(this.root);
    return names.flatMap((name): VolumeEntry[] => {
      if (isId('runtime', name)) return [{ runtimeId: name, state: 'ready' }];
      const runtimeId = name.replace(/^(making|removing)-/, '').replace(/-[0-9a-f]{8}$/, '');
      if (!isId('runtime', runtimeId)) return [];
      return [{ runtimeId, state: name.startsWith(making) ? 'making' : 'removing' }];
    });
  }

  async removeLeftovers(): Promise<void> {
    for (const name of await readdir(this.root)) {
      if (name.startsWith(making) || name.startsWith(removing)) await rm(join(this.root, name), { recursive: true, force: true });
    }
  }

  private pathOf(runtimeId: string): string {
    // The id comes from the database and becomes a path of root's.
    if (!isId('runtime', runtimeId)) throw new Error(`not the id of a runtime: ${runtimeId}`);
    return join(this.root, runtimeId);
  }
}

async function makeFolder(base: string, { path, mode, uid, gid }: Folder): Promise<void> {
  const whole = join(base, path);
  await mkdir(whole);
  await chown(whole, uid, gid);
  // After chown, which takes the group bit away, and apart from mkdir, whose mode the umask thins.
  await chmod(whole, mode);
}

/** So that the volume is still there after a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

async function guarded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new Temporary('DISK_FULL', {}, { cause });
    throw new Temporary('RUNTIME_BOOT_FAILED', { reason: `its data folder: ${message}` }, { cause });
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
