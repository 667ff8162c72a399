// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailed, CommandMissing, run } from '../images/run.mjs';
import { asCloneOwner, CLONE } from '../lib/clone.mjs';
import { readJson } from '../lib/files.mjs';
import { SetupError } from '../lib/setup-error.mjs';

/**
 * @typedef {{ packages?: Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }> }} Lockfile
 */

/**
 * Installs the npm packages of the lockfile, unless they are there.
 * @param {import('../terminal/steps.mjs').StepContext} step
 */
export async function ensureNpmPackages(step) {
  const wanted = readJson(join(CLONE, 'package-lock.json'), /** @type {Lockfile} */ ({}));
  const installed = readJson(join(CLONE, 'node_modules', '.package-lock.json'), /** @type {Lockfile} */ ({}));
  if (missingFrom(installed, wanted, (path) => existsSync(join(CLONE, path))).length === 0) return step.outcome('there already');
  const { command, args, env } = asCloneOwner('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=http']);
  try {
    await run(command, args, { cwd: CLONE, env, keepLines: 200, onLine: (line) => step.progress(readable(line)) });
  } catch (error) {
    if (error instanceof CommandMissing)
      throw new SetupError('The npm command was not found.', 'Install Node.js 20.19 or later together with npm.');
    if (!(error instanceof CommandFailed)) throw error;
    const output = error.lastLines.filter((line) => line.startsWith('npm error')).slice(0, 12);
    throw new SetupError(
      'The npm packages could not be installed.',
      'Check the network and npm’s settings ("npm ping" must work), then start again.',
      { output },
    );
  }
}

/**
 * The packages that the lockfile names and that are not installed in that version. Those for other systems may be missing.
 * @param {Lockfile} installed
 * @param {Lockfile} wanted
 * @param {(path: string) => boolean} [isThere] npm's own list outlives folders that were removed
 * @returns {string[]}
 */
export function missingFrom(installed, wanted, isThere = () => true) {
  return Object.entries(wanted.packages ?? {})
    .filter(
      ([path, entry]) => path.includes('node_modules/') && !entry.optional && !entry.devOptional && !entry.peer && !entry.link,
    )
    .filter(([path, entry]) => installed.packages?.[path]?.version !== entry.version || !isThere(path))
    .map(([path]) => path);
}

/** @param {string} line */
function readable(line) {
  return line.replace(/^npm http fetch \w+ \d+ \S+\/([^/\s]+)(\s.*)?$/, 'fetched $1').replace(/^npm (http|warn|info) /, '');
}
