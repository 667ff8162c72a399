// @ts-check
import { createHash } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildFailed, DownloadFailed, IntegrityMismatch } from './errors.mjs';
import { interruptible } from './interrupt.mjs';
import { withLock } from './lock.mjs';
import { CommandFailed, run } from './run.mjs';

/**
 * The Node releases that images may carry, from npm's `node-linux-<arch>` packages, with npm's own integrity strings:
 * what is downloaded is what was reviewed, whatever the registry serves.
 * @type {Record<string, { version: string, integrity: Record<string, string> }>}
 */
const RELEASES = {
  24: {
    version: '24.21.0',
    integrity: {
      x64: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
      arm64: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    },
  },
};

/**
 * Gives the path of a Node binary for this machine's architecture, downloaded once.
 * @param {string} major for example `'24'`
 * @param {{ cacheDir: string, progress?: (line: string) => void }} options `cacheDir` keeps the binary
 * @returns {Promise<string>}
 */
export async function nodeBinary(major, { cacheDir, progress }) {
  const { version, integrity } = nodeRelease(major);
  const binary = join(cacheDir, 'node', `node-${version}-${process.arch}`);
  if (await exists(binary)) return binary;
  return interruptible(() => withLock(`node-${version}`, download));

  async function download() {
    if (await exists(binary)) return binary;
    await mkdir(join(cacheDir, 'node'), { recursive: true });
    const folder = await mkdtemp(join(cacheDir, 'node', '.download-'));
    const name = `node-linux-${process.arch}@${version}`;
    progress?.(`downloading ${name}`);
    try {
      const tarball = join(folder, await pack(name, folder));
      const actual = `sha512-${createHash('sha512')
        .update(await readFile(tarball))
        .digest('base64')}`;
      if (actual !== integrity) throw new IntegrityMismatch(name, integrity, actual);
      await run('tar', ['--extract', '--gzip', '--file', tarball, '--directory', folder, 'package/bin/node']);
      const unpacked = join(folder, 'package/bin/node');
      await chmod(unpacked, 0o755);
      await rename(unpacked, binary);
      return binary;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/**
 * The pinned release of a major version, for image tags.
 * @param {string} major
 * @returns {{ version: string, integrity: string }}
 */
export function nodeRelease(major) {
  const release = RELEASES[major];
  const integrity = release?.integrity[process.arch];
  if (!integrity) throw new BuildFailed(`Finding Node ${major} for ${process.arch} among the pinned releases`, []);
  return { version: release.version, integrity };
}

/** @param {string} name @param {string} folder @returns {Promise<string>} file name */
async function pack(name, folder) {
  try {
    // outside any project: its .npmrc and its own `node` requirements have no say here
    const output = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, name], {
      cwd: folder,
      timeoutMs: 300_000,
    });
    return JSON.parse(output)[0].filename;
  } catch (error) {
    throw error instanceof CommandFailed ? new DownloadFailed(name, error.lastLines) : error;
  }
}

/** @param {string} path */
async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
