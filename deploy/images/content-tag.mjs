// @ts-check
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';

/**
 * Hashes what an image is made from. Two calls give the same tag exactly when the inputs are the same, in whatever order
 * they are named and wherever the checkout lies.
 * @param {{ files?: string[], strings?: string[] }} inputs `files`: paths of files and folders (folders with all they hold);
 *   a file counts with its name (below the folder that was named), its content and whether it may be executed.
 *   `strings`: anything else that decides the result, such as other images' tags.
 * @returns {Promise<string>} 12 hexadecimal digits
 */
export async function contentTag({ files = [], strings = [] }) {
  const entries = strings.map((text) => entry('string', '', text));
  for (const file of files) entries.push(...(await fileEntries(file, file)));
  const hash = createHash('sha256');
  for (const digest of entries.sort()) hash.update(digest);
  return hash.digest('hex').slice(0, 12);
}

/**
 * @param {string} root the path that was named
 * @param {string} path
 * @returns {Promise<string[]>}
 */
async function fileEntries(root, path) {
  const name = path === root ? basename(root) : relative(root, path);
  const stats = await lstat(path);
  if (stats.isDirectory()) {
    const nested = await Promise.all((await readdir(path)).map((child) => fileEntries(root, join(path, child))));
    return nested.flat();
  }
  if (stats.isSymbolicLink()) return [entry('link', name, await readlink(path))];
  // Git keeps only the executable bit: the umask of whoever cloned must not change the tag
  return [entry(stats.mode & 0o111 ? 'executable' : 'file', name, await readFile(path))];
}

/** @param {string} kind @param {string} name @param {string | Buffer} content */
function entry(kind, name, content) {
  return createHash('sha256').update(`${kind}\0${name}\0`).update(content).digest('hex');
}
