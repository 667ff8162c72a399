// @ts-check
import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandFailed, run } from '../images/run.mjs';
import { CLONE } from '../lib/clone.mjs';
import { SetupError } from '../lib/setup-error.mjs';
import { sourceHash } from '../lib/source-hash.mjs';
import { bundleProcesses } from './bundle.mjs';
import { compileSources, DIST } from './compile.mjs';

/** What a release is made of. Tests decide nothing. */
const INPUTS = [
  'apps/control-plane/src',
  'apps/node-agent/src',
  'apps/gateway/src',
  'apps/cli/src',
  'apps/console',
  'libs',
  'deploy',
];
const ALSO = ['.swcrc', 'package-lock.json', 'package.json'];
const TESTS = /\.(spec|int|e2e)\.tsx?$/;
const CONSOLE = 'apps/console';

/** The built processes and the console's files, ready to be copied to a release folder. */
export const BUILT = join(DIST, 'release');
const STAMP = join(BUILT, 'release.json');

/** @returns {string} what the release of the present sources is called */
export function releaseHash() {
  return sourceHash(CLONE, [...INPUTS, ...ALSO], { strings: [process.arch], ignore: TESTS });
}

/**
 * Builds everything that runs, unless it is built from the very same sources already.
 * @param {import('../terminal/steps.mjs').StepContext} step
 * @returns {Promise<string>} the release's hash
 */
export async function buildRelease(step) {
  const hash = releaseHash();
  if ((await builtHash()) === hash) {
    step.outcome('nothing changed');
    return hash;
  }
  await Promise.all([buildConsole(step), buildProcesses(step)]);
  if (existsSync(join(CLONE, CONSOLE, 'dist')))
    await cp(join(CLONE, CONSOLE, 'dist'), join(BUILT, 'console'), { recursive: true });
  await cp(join(CLONE, 'deploy'), join(BUILT, 'deploy'), { recursive: true, filter: (path) => !TESTS.test(path) });
  await writeFile(STAMP, JSON.stringify({ hash }));
  step.outcome(hash);
  return hash;
}

async function builtHash() {
  const stamp = await readFile(STAMP, 'utf8').catch(() => '{}');
  return JSON.parse(stamp).hash;
}

/** @param {import('../terminal/steps.mjs').StepContext} step */
async function buildProcesses(step) {
  try {
    await compileSources(step.progress);
    await bundleProcesses(BUILT, step.progress);
  } catch (error) {
    throw new SetupError(
      'Berth’s own code could not be built.',
      'The lines above say where. Is the clone complete and unchanged?',
      {
        output: String(/** @type {Error} */ (error).message).split('\n'),
        cause: error,
      },
    );
  }
}

/** @param {import('../terminal/steps.mjs').StepContext} step */
async function buildConsole(step) {
  if (!existsSync(join(CLONE, CONSOLE, 'index.html'))) return;
  const vite = join(CLONE, 'node_modules', '.bin', 'vite');
  try {
    await run(vite, ['build', '--logLevel', 'warn'], {
      cwd: join(CLONE, CONSOLE),
      onLine: step.progress,
      env: { ...process.env, NODE_ENV: 'production' },
    });
  } catch (error) {
    const output = error instanceof CommandFailed ? error.lastLines : [String(error)];
    throw new SetupError('The console could not be built.', 'The lines above say why. Is the clone complete and unchanged?', {
      output,
    });
  }
}
