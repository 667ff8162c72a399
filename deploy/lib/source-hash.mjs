// @ts-check
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const NOT_SOURCES = new Set(['node_modules', 'dist', '.git', 'coverage']);

/**
 * Hashes sources, so that what is made from them is made again only when they changed. Folders count with all they hold, installed
 * packages and build results excepted; what is not there counts as absent.
 * @param {string} root
 * @param {string[]} paths below the root
 * @param {{ strings?: string[], ignore?: RegExp }} [more] `strings` decide too; `ignore`: paths that do not
 * @returns {string} 12 hexadecimal digits
 */
export function sourceHash(root, paths, { strings = [], ignore } = {}) {
  const hash = createHash('sha256');
  for (const text of strings) hash.update(`${text}\0`);
  for (const path of paths) {
    for (const file of filesOf(join(root, path)).sort()) {
      const name = relative(root, file);
      if (!ignore?.test(name)) hash.update(`${name}\0`).update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex').slice(0, 12);
}

/** @param {string} path @returns {string[]} */
export function filesOf(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return [];
  if (!stats.isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true }).filter(({ name }) => !NOT_SOURCES.has(name));
  return entries.flatMap((entry) => (entry.isSymbolicLink() ? [] : filesOf(join(path, entry.name))));
}
