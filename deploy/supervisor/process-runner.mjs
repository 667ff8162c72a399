// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { readJson, writeWhole } from '../lib/files.mjs';
import { identify, isAlive, signalProcess } from '../lib/process-identity.mjs';
import { sleep } from '../lib/wait.mjs';

const LOOK_EVERY_MS = 200;

/**
 * A process of the host. It is detached and writes to its log file itself, so that it outlives the supervisor; its pid file lets the
 * next supervisor find it.
 * @param {object} options
 * @param {string} options.command
 * @param {string[]} options.args
 * @param {Record<string, string>} options.env the whole environment
 * @param {string} options.cwd
 * @param {{ uid: number, gid: number }} [options.user]
 * @param {string} options.logFile
 * @param {string} options.pidFile
 * @param {string} options.fingerprint
 * @param {() => Promise<void>} [options.prepare] done before each start
 * @returns {import('./part.mjs').Runner}
 */
export function processRunner({ command, args, env, cwd, user, logFile, pidFile, fingerprint, prepare }) {
  return {
    async find() {
      const known = readPidFile(pidFile);
      if (!known || !isAlive(known)) return undefined;
      return {
        pid: known.pid,
        fingerprint: known.fingerprint,
        ended: endOf(known),
        signal: (signal) => void signalProcess(known, signal),
      };
    },

    async start() {
      await prepare?.();
      const log = openSync(logFile, 'a', 0o640);
      try {
        const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', log, log], ...user });
        const ended = new Promise((resolve) => {
          child.once('exit', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`));
          child.once('error', (error) => resolve(`could not be started: ${error.message}`));
        });
        child.unref();
        const identity = child.pid === undefined ? undefined : identify(child.pid);
        if (identity) writeWhole(pidFile, JSON.stringify({ ...identity, fingerprint }), { mode: 0o600 });
        if (identity) sparePlatform(identity.pid);
        return { pid: child.pid ?? 0, fingerprint, ended, signal: (signal) => void child.kill(signal) };
      } finally {
        closeSync(log);
      }
    },
  };
}

/**
 * @param {string} path
 * @returns {(import('../lib/process-identity.mjs').ProcessIdentity & { fingerprint: string, handedOver?: boolean }) | undefined}
 */
export function readPidFile(path) {
  try {
    return readJson(path, undefined);
  } catch {
    rmSync(path, { force: true }); // torn by a full disk: whoever it named is not known any more
    return undefined;
  }
}

/** @param {import('../lib/process-identity.mjs').ProcessIdentity} identity */
async function endOf(identity) {
  while (isAlive(identity)) await sleep(LOOK_EVERY_MS, undefined, { ref: false });
  return 'ended';
}

/** When memory runs out, the kernel takes a tenant before the platform. @param {number} pid */
function sparePlatform(pid) {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '-500');
  } catch {
    // not allowed in some containers: then it has the same chance as the others
  }
}
