// @ts-check
import { copyFile, readdir, rename, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

const LARGEST_BYTES = 20 * 1024 * 1024;
const KEPT_FILES = 3;

/**
 * Keeps each log at a bearable size: copied away and emptied, for the processes hold the file open (they append, so writing goes on
 * at its new end).
 * @param {string} folder
 * @param {{ largestBytes?: number, keptFiles?: number }} [limits]
 */
export async function rotateLogs(folder, { largestBytes = LARGEST_BYTES, keptFiles = KEPT_FILES } = {}) {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!name.endsWith('.log') || (await stat(path)).size <= largestBytes) continue;
    for (let index = keptFiles - 1; index >= 1; index -= 1)
      await rename(`${path}.${index}`, `${path}.${index + 1}`).catch(() => {});
    await copyFile(path, `${path}.1`);
    await truncate(path);
  }
}
