// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { run } from '../images/run.mjs';
import { dockerEngine } from '../lib/docker.mjs';
import { writeWhole } from '../lib/files.mjs';
import { identify } from '../lib/process-identity.mjs';
import { SetupError } from '../lib/setup-error.mjs';
import { waitFor } from '../lib/wait.mjs';
import { lastLogLines } from '../terminal/follow-logs.mjs';
import { hasSystemd } from './machine.mjs';

const START_TIMEOUT_MS = 60_000;

/**
 * A Docker Engine that answers: the running one, else the service's, else one that we start. A running one is never restarted.
 * @param {{ socket: string, home: import('../lib/home.mjs').Home }} where
 * @param {import('../terminal/steps.mjs').StepContext} step
 * @returns {Promise<{ startedByUs: boolean }>}
 */
export async function ensureDockerEngine({ socket, home }, step) {
  const docker = dockerEngine(socket);
  let startedByUs = false;
  if (!(await docker.answers())) {
    if (hasSystemd()) await startService(step);
    else startedByUs = startDaemon(home, step);
    const up = await waitFor(() => docker.answers(), { timeoutMs: START_TIMEOUT_MS, everyMs: 200 });
    if (!up) throw notAnswering(socket, home);
  }
  const { Version } = await docker.call('GET', '/version');
  step.outcome(startedByUs ? `${Version}, started by Berth` : Version);
  return { startedByUs };
}

/** @param {import('../terminal/steps.mjs').StepContext} step */
async function startService(step) {
  step.progress('systemctl enable --now docker');
  await run('systemctl', ['enable', '--now', 'docker']).catch((error) => {
    throw new SetupError('The Docker Engine could not be started.', 'See why: journalctl -u docker. Then start again.', {
      output: error.lastLines,
    });
  });
}

/**
 * Without an init system nobody starts it for us. It goes on when Berth stops: its containers may be somebody else's by then.
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('../terminal/steps.mjs').StepContext} step
 */
function startDaemon(home, step) {
  step.progress('dockerd');
  const log = openSync(home.log('dockerd'), 'a', 0o640);
  const child = spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log] });
  child.once('error', () => {}); // not installed: that it never answers says so
  child.unref();
  closeSync(log);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity) writeWhole(home.pidFile('dockerd'), JSON.stringify(identity), { mode: 0o600 });
  return true;
}

/** @param {string} socket @param {import('../lib/home.mjs').Home} home */
function notAnswering(socket, home) {
  const output = hasSystemd() ? [] : lastLogLines(home.log('dockerd'), 15);
  const action = hasSystemd() ? 'See why: journalctl -u docker.' : `See why: ${home.log('dockerd')}.`;
  return new SetupError(`The Docker Engine does not answer on ${socket}.`, `${action} Then start again.`, { output });
}
