// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readPidFile } from '../supervisor/process-runner.mjs';
import { readIfThere } from './files.mjs';
import { isAlive } from './process-identity.mjs';

/**
 * The processes of an installation that run, by their pid files.
 * @param {import('./home.mjs').Home} home
 * @returns {Map<number, string>} pid → name
 */
export function ourProcesses(home) {
  const names = existsSync(home.run) ? readdirSync(home.run).filter((name) => name.endsWith('.pid')) : [];
  const alive = names.flatMap((file) => {
    const identity = readPidFile(join(home.run, file));
    return identity && isAlive(identity) ? [/** @type {[number, string]} */ ([identity.pid, file.slice(0, -'.pid'.length)])] : [];
  });
  return new Map(alive);
}

/**
 * @param {number} pid
 * @param {ReadonlyMap<number, unknown>} ours
 * @returns {boolean} whether it is one of ours or one's child (HAProxy's worker)
 */
export function belongsTo(pid, ours) {
  for (let at = pid; at > 1; at = parentOf(at)) if (ours.has(at)) return true;
  return false;
}

/** @param {number} pid */
function parentOf(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`) ?? '';
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}
