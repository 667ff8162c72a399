// @ts-check
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BUILT } from './build.mjs';

const KEPT = 3;

/**
 * Copies what was built to BERTH_HOME, where the system user can read it: a clone often lies in somebody's home.
 * @param {import('../lib/home.mjs').Home} home
 * @param {string} hash
 * @returns {Promise<string>} the release's folder
 */
export async function installRelease(home, hash) {
  const folder = join(home.releases, hash);
  if (existsSync(folder)) return folder;
  const half = join(home.releases, `.${hash}.${process.pid}`);
  await cp(BUILT, half, { recursive: true, dereference: true });
  giveToRoot(half);
  renameSync(half, folder);
  removeOld(home, folder);
  return folder;
}

/**
 * The Node binary that the system user runs. One that lies in somebody's home is copied.
 * @param {import('../lib/home.mjs').Home} home
 * @returns {string}
 */
export function nodeForEveryone(home) {
  const node = realpathSync(process.execPath);
  if (openToEveryone(node)) return node;
  const copy = join(home.cache, 'node', process.version, 'node');
  if (!existsSync(copy)) {
    mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
    copyFileSync(node, `${copy}.tmp`);
    chmodSync(`${copy}.tmp`, 0o755);
    renameSync(`${copy}.tmp`, copy);
  }
  return copy;
}

/** @param {string} path */
function openToEveryone(path) {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === '/') return true;
  }
}

/** @param {string} folder */
function giveToRoot(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) giveToRoot(path);
    else chmodSync(path, isExecutable(path) ? 0o755 : 0o644);
  }
  chmodSync(folder, 0o755);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {import('../lib/home.mjs').Home} home @param {string} current */
function removeOld(home, current) {
  const all = readdirSync(home.releases).map((name) => join(home.releases, name));
  const byAge = all.filter((path) => path !== current).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const path of byAge.slice(KEPT - 1)) rmSync(path, { recursive: true, force: true });
}
