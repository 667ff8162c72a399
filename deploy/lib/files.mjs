// @ts-check
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

/**
 * Writes a file so that a crash leaves the old one or the new one, never half of it.
 * @param {string} path
 * @param {string} content
 * @param {{ mode?: number, uid?: number, gid?: number }} [owner]
 */
export function writeWhole(path, content, { mode = 0o644, uid, gid } = {}) {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  const file = openSync(temporary, 'w', mode);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(temporary, mode);
  if (uid !== undefined && gid !== undefined) chownSync(temporary, uid, gid);
  renameSync(temporary, path);
}

/**
 * @template T
 * @param {string} path
 * @param {T} fallback when there is no such file
 * @returns {T}
 */
export function readJson(path, fallback) {
  const text = readIfThere(path);
  return text === undefined ? fallback : JSON.parse(text);
}

/** @param {string} path @returns {string | undefined} undefined when there is no such file */
export function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ESRCH'].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')) return undefined;
    throw error;
  }
}

/**
 * Makes a folder, or sets the rights of the one that is there.
 * @param {string} path
 * @param {number} mode
 * @param {{ uid: number, gid: number }} [owner] root by default
 */
export function ensureFolder(path, mode, owner = { uid: 0, gid: 0 }) {
  mkdirSync(path, { recursive: true, mode });
  chmodSync(path, mode);
  chownSync(path, owner.uid, owner.gid);
}
