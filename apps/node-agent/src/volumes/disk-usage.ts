import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes that a folder takes on the disk, sparse files at what they really take. What vanishes meanwhile counts nothing. */
export async function diskUsage(folder: string): Promise<number> {
  let bytes = 0;
  const waiting = [folder];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const whole = join(path, entry.name);
      if (entry.isDirectory()) waiting.push(whole);
      const found = await lstat(whole).catch(() => null);
      if (found) bytes += found.blocks * 512;
    }
  }
  return bytes;
}
