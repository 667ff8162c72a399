// @ts-check
// npm run restart: replaces the platform's own processes by what the clone holds now. HAProxy, MongoDB, Redis and the apps go on serving.
// When the new ones do not come up, the release before serves again.
import { writeWhole } from './lib/files.mjs';
import { main, requireRoot } from './lib/main.mjs';
import { isAlive } from './lib/process-identity.mjs';
import { readSetupSettings } from './lib/settings.mjs';
import { SetupError } from './lib/setup-error.mjs';
import { waitFor } from './lib/wait.mjs';
import { planSetup } from './setup/plan.mjs';
import { prepare } from './setup/prepare.mjs';
import { summary } from './summary.mjs';
import { askToHandOver, supervisorStatus } from './supervisor/control-client.mjs';
import { launchSupervisor, waitUntilReady } from './supervisor/launch.mjs';
import { readPlatform } from './supervisor/platform.mjs';
import { readPidFile } from './supervisor/process-runner.mjs';
import { reloadHaproxy } from './supervisor/reload-haproxy.mjs';
import { serviceIsActive, updateService } from './systemd/service.mjs';
import { createSteps } from './terminal/steps.mjs';

await main(async () => {
  requireRoot('npm run restart');
  const settings = readSetupSettings();
  const { home } = settings;
  const steps = createSteps(process.stdout);
  if (!(await supervisorStatus(home.supervisorSocket)))
    throw new SetupError('Berth does not run, so there is nothing to replace.', 'Start it: npm start');

  const before = readPlatform(home);
  const platform = await prepare(settings, await planSetup(settings, { swap: false }), steps, { replaceProcesses: true });
  try {
    await handOver(home, platform, steps);
    await waitUntilReady(home, steps);
  } catch (error) {
    const again = { ...before, generation: platform.generation + 1 };
    writeWhole(home.platform, JSON.stringify(again, null, 2), { mode: 0o600 });
    steps.print('    The new processes did not come up; going back to the release before.');
    await handOver(home, again, steps);
    await waitUntilReady(home, steps);
    throw error;
  }
  await steps.run('HAProxy’s configuration', (step) => reloadHaproxy(home, platform, step));
  process.stdout.write(`${await summary(home, platform)}\n`);
});

/**
 * @param {import('./lib/home.mjs').Home} home
 * @param {import('./supervisor/platform.mjs').Platform} platform
 * @param {import('./terminal/steps.mjs').Steps} steps
 */
async function handOver(home, platform, steps) {
  const byService = await serviceIsActive(home);
  if (byService) await updateService(home, platform);
  await steps.run('Handing over to a new supervisor', async () => {
    const old = readPidFile(home.pidFile('supervisor'));
    await askToHandOver(home.supervisorSocket);
    if (old) await waitFor(() => !isAlive(old), { timeoutMs: 10_000, everyMs: 20 });
    // under systemd its exit code asks for the new one
    if (!byService) await launchSupervisor(home, platform);
    await waitFor(async () => (await supervisorStatus(home.supervisorSocket)) !== undefined, { timeoutMs: 10_000 });
  });
}
