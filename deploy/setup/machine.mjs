// @ts-check
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { readIfThere } from '../lib/files.mjs';
import { SetupError } from '../lib/setup-error.mjs';

const SMALLEST_FREE_BYTES = 3 * 1024 ** 3;

/** @throws {SetupError} on a system that the setup does not know */
export function checkMachine() {
  const release = parseOsRelease(readIfThere('/etc/os-release') ?? '');
  const problem = unsupported(release, process.platform, process.arch);
  if (problem) throw new SetupError(problem, 'Run it on a machine or virtual machine with one of these systems.');
}

/** @param {string} text of /etc/os-release @returns {Record<string, string>} */
export function parseOsRelease(text) {
  const pairs = [...text.matchAll(/^([A-Z_]+)="?(.*?)"?$/gm)].map((match) => [match[1], match[2]]);
  return Object.fromEntries(pairs);
}

/**
 * @param {Record<string, string>} release
 * @param {string} system
 * @param {string} architecture
 * @returns {string | undefined} the sentence that says so, when it is not supported
 */
export function unsupported(release, system, architecture) {
  const found = system === 'linux' ? (release.PRETTY_NAME ?? 'an unknown Linux') : system;
  const supported = 'Berth’s setup runs on Debian 12, Debian 13 and Ubuntu 22.04 or later, on x64 and arm64';
  if (system !== 'linux' || !['x64', 'arm64'].includes(architecture)) return `${supported}; this is ${found} on ${architecture}.`;
  const version = Number.parseFloat(release.VERSION_ID ?? '');
  const known = (release.ID === 'debian' && (version === 12 || version === 13)) || (release.ID === 'ubuntu' && version >= 22);
  return known ? undefined : `${supported}; this is ${found}.`;
}

/** Whether systemd is the init system here. */
export function hasSystemd() {
  return existsSync('/run/systemd/system');
}

/** Whether this is itself a container, where swap belongs to somebody else. Some virtual machines carry `/.dockerenv` too, but on a disk. */
export function inContainer() {
  if (existsSync('/run/.containerenv') || existsSync('/run/systemd/container')) return true;
  return existsSync('/.dockerenv') && / \/ \/ [^-]* - overlay /.test(readIfThere('/proc/self/mountinfo') ?? '');
}

/** @param {string} path of a file or folder, there or not @returns {number} free bytes where it lies or will lie */
export function freeBytes(path) {
  if (!existsSync(path)) return freeBytes(dirname(path));
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** @param {string[]} paths @throws {SetupError} when the disk of one has too little room */
export function checkDisk(paths) {
  for (const path of paths) {
    const free = freeBytes(path);
    if (free >= SMALLEST_FREE_BYTES) continue;
    const gigabytes = (free / 1024 ** 3).toFixed(1);
    throw new SetupError(
      `The disk of ${path} has ${gigabytes} GB free; Berth needs at least ${SMALLEST_FREE_BYTES / 1024 ** 3} GB.`,
      'Free some room, or set BERTH_HOME to a folder on a larger disk.',
    );
  }
}
