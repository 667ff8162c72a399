// @ts-check
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLONE } from '../lib/clone.mjs';
import { cleanEnvironment } from './platform.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const LAYER_TIMEOUT_MS = 40 * 60_000;
const STOP_GRACE_MS = 20_000;

/**
 * Runs one layer with Jest, its output on this terminal.
 * @param {string} layer
 * @param {{ files: string[], report: string, environment: Record<string, string>, signal: AbortSignal }} options
 * @returns {Promise<Counts>}
 */
export async function runLayer(layer, { files, report, environment, signal }) {
  process.stdout.write(`\n── ${layer} ──\n`);
  const workers = layer === 'unit' ? ['--maxWorkers=2'] : ['--runInBand'];
  const jest = join(CLONE, 'node_modules/jest/bin/jest.js');
  // tests import the setup's own ES modules
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
  const args = [
    ...node,
    '--selectProjects',
    layer,
    ...workers,
    '--passWithNoTests',
    '--json',
    `--outputFile=${report}`,
    ...files,
  ];
  const env = { ...cleanEnvironment(environment), NODE_ENV: 'test' };
  const child = spawn(process.execPath, args, { cwd: CLONE, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const stop = () => {
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS).unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(stop, LAYER_TIMEOUT_MS);
  const exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);
  const counts = existsSync(report)
    ? countReport(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  // Jest itself may fail without a failed test: a broken file, a crash
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * A file that could not run counts as one failed test.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, numRuntimeErrorTestSuites: number }} report Jest's
 * @returns {Counts}
 */
export function countReport({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites }) {
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, skipped: numPendingTests + numTodoTests };
}

/** @param {Counts[]} all @returns {Counts} */
export function countResults(all) {
  const sum = (/** @type {keyof Counts} */ key) => all.reduce((total, counts) => total + counts[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** @param {Counts} counts */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
