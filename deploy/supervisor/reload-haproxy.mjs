// @ts-check
import { readIfThere } from '../lib/files.mjs';
import { signalProcess } from '../lib/process-identity.mjs';
import { renderHaproxyConfig } from './parts.mjs';
import { readPidFile } from './process-runner.mjs';

/**
 * Lets HAProxy take over a configuration that a new release writes differently: its master starts a new worker, the old one
 * finishes what it has begun.
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('./platform.mjs').Platform} platform
 * @param {import('../terminal/steps.mjs').StepContext} step
 */
export async function reloadHaproxy(home, platform, step) {
  const before = readIfThere(home.haproxyConfig);
  await renderHaproxyConfig(platform);
  if (readIfThere(home.haproxyConfig) === before) return step.outcome('unchanged');
  const master = readPidFile(home.pidFile('haproxy'));
  if (master && signalProcess(master, 'SIGUSR2')) step.outcome('reloaded');
}
