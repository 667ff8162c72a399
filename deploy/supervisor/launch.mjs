// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../lib/setup-error.mjs';
import { sleep, waitFor } from '../lib/wait.mjs';
import { lastLogLines } from '../terminal/follow-logs.mjs';
import { formatLogLine } from '../terminal/format-log-line.mjs';
import { StepLeft } from '../terminal/steps.mjs';
import { supervisorStatus } from './control-client.mjs';

const SUPERVISOR_TIMEOUT_MS = 15_000;
const PART_TIMEOUT_MS = 120_000;
/** A part that has ended this often in a row will not come up by itself. */
const TOO_MANY_SHORT_LIVES = 4;

/**
 * Starts the supervisor as a process of its own: it must go on when the terminal closes.
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('./platform.mjs').Platform} platform
 */
export async function launchSupervisor(home, platform) {
  const log = openSync(home.log('supervisor'), 'a', 0o640);
  const args = ['--max-semi-space-size=1', '--max-old-space-size=96', join(platform.release, 'deploy/supervisor/main.mjs')];
  const env = { ...platform.environment, BERTH_HOME: home.home };
  const child = spawn(process.execPath, args, { cwd: '/', env, detached: true, stdio: ['ignore', log, log] });
  child.unref();
  closeSync(log);
  const up = await waitFor(async () => (await supervisorStatus(home.supervisorSocket)) !== undefined, {
    timeoutMs: SUPERVISOR_TIMEOUT_MS,
    everyMs: 50,
  });
  if (!up) throw notStarted('The supervisor', home.log('supervisor'));
}

/**
 * Shows each part as a step until it is ready.
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('../terminal/steps.mjs').Steps} steps
 */
export async function waitUntilReady(home, steps) {
  const first = await supervisorStatus(home.supervisorSocket);
  if (!first) throw notStarted('The supervisor', home.log('supervisor'));
  const failed = new AbortController();
  const waits = first.parts.map(({ name }) =>
    steps
      .run(`Starting ${TITLES[name] ?? name}`, () => partReady(home, name, failed.signal))
      .catch((error) => {
        failed.abort();
        throw error;
      }),
  );
  const results = await Promise.allSettled(waits);
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (errors.length > 0) throw errors.find((error) => !(error instanceof StepLeft)) ?? errors[0];
  await waitFor(async () => (await supervisorStatus(home.supervisorSocket))?.phase === 'running', { timeoutMs: 5000 });
}

const TITLES = /** @type {Record<string, string>} */ ({
  mongodb: 'MongoDB',
  redis: 'Redis',
  api: 'API',
  'node-agent': 'node agent',
  worker: 'worker',
  gateway: 'gateway service',
  haproxy: 'HAProxy',
});

/** @param {import('../lib/home.mjs').Home} home @param {string} name @param {AbortSignal} failed another part will not start */
async function partReady(home, name, failed) {
  let waitedMs = 0;
  for (;;) {
    if (failed.aborted) throw new StepLeft();
    const status = await supervisorStatus(home.supervisorSocket);
    const part = status?.parts.find((each) => each.name === name);
    if (part?.state === 'ready') return;
    if (!status || status.phase === 'stopping')
      throw notStarted(`The supervisor ended, so ${TITLES[name] ?? name}`, home.log('supervisor'));
    if (part?.state === 'starting') waitedMs += 200;
    if (waitedMs > PART_TIMEOUT_MS || (part?.shortLives ?? 0) >= TOO_MANY_SHORT_LIVES)
      throw notStarted(TITLES[name] ?? name, home.log(name), part?.lastEnd);
    await sleep(200);
  }
}

/** @param {string} what @param {string} log @param {string} [lastEnd] */
function notStarted(what, log, lastEnd) {
  const output = lastLogLines(log, 12).flatMap((line) => formatLogLine('', line).split('\n'));
  return new SetupError(
    `${what} did not start${lastEnd ? ` (${lastEnd})` : ''}.`,
    `The whole log: ${log}. "npm run doctor" checks every part.`,
    { output },
  );
}
