// @ts-check
import { rmSync } from 'node:fs';
import { dockerEngine } from '../lib/docker.mjs';
import { isAlive } from '../lib/process-identity.mjs';
import { waitFor } from '../lib/wait.mjs';
import { askToStop, supervisorStatus } from './control-client.mjs';
import { platformParts } from './parts.mjs';
import { readPidFile } from './process-runner.mjs';
import { stopRuntimes } from './stop-runtimes.mjs';
import { Supervisor } from './supervisor.mjs';
import { supervisorLog } from './supervisor-log.mjs';

/**
 * Ends everything that runs of an installation, in order: through its supervisor, or here when that one is gone.
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('./platform.mjs').Platform} platform
 * @param {(message: string) => void} progress
 */
export async function stopPlatform(home, platform, progress) {
  const known = readPidFile(home.pidFile('supervisor'));
  if (await supervisorStatus(home.supervisorSocket)) {
    await askToStop(home.supervisorSocket, progress);
    if (known) await waitFor(() => !isAlive(known), { timeoutMs: 10_000 });
    return;
  }
  const docker = dockerEngine(platform.dockerSocket);
  const { installationId } = platform;
  const supervisor = new Supervisor({
    groups: platformParts(platform),
    stopRuntimes: (tell) => stopRuntimes({ agentSocket: home.agentSocket, docker, installationId }, tell),
    say: supervisorLog(home.log('supervisor')),
  });
  await supervisor.stop(progress);
  for (const left of [home.supervisorSocket, home.pidFile('supervisor')]) rmSync(left, { force: true });
}
