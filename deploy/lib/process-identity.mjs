// @ts-check
import { readIfThere } from './files.mjs';

/**
 * A process that cannot be mistaken for another one that got the same number later.
 * @typedef {{ pid: number, startedAt: string }} ProcessIdentity `startedAt`: clock ticks since boot, from /proc
 */

/** @param {number} pid @returns {ProcessIdentity | undefined} undefined when it does not run (a zombie does not) */
export function identify(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (!stat) return undefined;
  // the command's name stands in parentheses and may hold anything, so count from the last one
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : { pid, startedAt: `${bootId()}:${fields[19]}` };
}

/** @param {ProcessIdentity} identity */
export function isAlive(identity) {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/**
 * @param {ProcessIdentity} identity
 * @param {NodeJS.Signals} signal
 * @returns {boolean} false when it had ended already
 */
export function signalProcess(identity, signal) {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

/** @type {string | undefined} */
let boot;
function bootId() {
  boot ??= (readIfThere('/proc/sys/kernel/random/boot_id') ?? '').trim().slice(0, 8);
  return boot;
}
