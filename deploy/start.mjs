// @ts-check
// npm start: from a bare machine to a running platform. `npm start -- --help` tells the options.
import { parseArgs } from 'node:util';
import { withLock } from './images/lock.mjs';
import { dockerEngine } from './lib/docker.mjs';
import { main, requireRoot } from './lib/main.mjs';
import { belongsTo, ourProcesses } from './lib/our-processes.mjs';
import { readSetupSettings } from './lib/settings.mjs';
import { sleep } from './lib/wait.mjs';
import { readInstallation } from './setup/installation.mjs';
import { checkMachine } from './setup/machine.mjs';
import { mongodbName } from './setup/make-platform.mjs';
import { describePlan, planSetup } from './setup/plan.mjs';
import { checkPorts, neededPorts } from './setup/ports.mjs';
import { prepare } from './setup/prepare.mjs';
import { summary } from './summary.mjs';
import { askToStop, supervisorStatus } from './supervisor/control-client.mjs';
import { followUntilStopped } from './supervisor/follow.mjs';
import { launchSupervisor, waitUntilReady } from './supervisor/launch.mjs';
import { readPlatform } from './supervisor/platform.mjs';
import { startService } from './systemd/service.mjs';
import { confirm } from './terminal/confirm.mjs';
import { createSteps } from './terminal/steps.mjs';

const HELP = `npm start [-- OPTIONS]

  --yes       change what must be changed on this machine without asking
  --detach    return once everything is ready, and leave it running
  --no-swap   make no swap file
  --service   run it as a systemd service, which is back after a reboot

Settings are environment variables, or lines of BERTH_HOME/berth.env: see docs/settings.md.
`;

await main(async () => {
  const options = readOptions();
  if (options.help) return void process.stdout.write(HELP);
  requireRoot('npm start');
  checkMachine();
  const settings = readSetupSettings();
  const { home } = settings;
  const steps = createSteps(process.stdout);
  return withLock(`start${home.home}`, async () => {
    if (await supervisorStatus(home.supervisorSocket)) return besideARunningOne(home);

    const plan = await planSetup(settings, { service: Boolean(options.service), swap: !options['no-swap'] });
    if (!(await agreed(describePlan(plan, settings), options.yes))) return 1;
    const wasRunning = ourProcesses(home).size > 0;
    const embedded = await embeddedMongodbRuns(settings);
    checkPorts(
      neededPorts(settings).filter(({ setting }) => !(embedded && setting === 'BERTH_MONGODB_PORT')),
      (pid) => pid !== undefined && belongsTo(pid, ourProcesses(home)),
    );
    const platform = await prepare(settings, plan, steps);

    if (options.service) await steps.run('systemd unit berth.service', (step) => startService(home, platform, step));
    else await launchSupervisor(home, platform);
    const stopWaiting = stopOnInterrupt(home);
    try {
      await waitUntilReady(home, steps);
    } catch (error) {
      if (!wasRunning && !options.service) await askToStop(home.supervisorSocket, () => {}).catch(() => {});
      throw error;
    } finally {
      stopWaiting();
    }
    process.stdout.write(`${await summary(home, platform)}\n`);
    if (!options.detach && !options.service) setImmediate(() => void main(() => followUntilStopped(home)));
    return 0;
  });
});

function readOptions() {
  const flags = {
    yes: { type: 'boolean', short: 'y' },
    detach: { type: 'boolean' },
    'no-swap': { type: 'boolean' },
    service: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  };
  try {
    return parseArgs({ options: /** @type {import('node:util').ParseArgsConfig['options'] & {}} */ (flags) }).values;
  } catch (error) {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

/**
 * Ctrl-C while the parts come up: they go again, for the person has seen nothing ready yet.
 * @param {import('./lib/home.mjs').Home} home
 * @returns {() => void} ends it
 */
function stopOnInterrupt(home) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  const stop = () => {
    process.stdout.write('\nStopping Berth …\n');
    askToStop(home.supervisorSocket, () => {})
      .catch(() => {})
      .finally(() => process.exit(130));
  };
  for (const signal of signals) process.once(signal, stop);
  return () => {
    for (const signal of signals) process.removeListener(signal, stop);
  };
}

/** @param {string[]} changes @param {unknown} yes */
async function agreed(changes, yes) {
  if (changes.length === 0) return true;
  process.stdout.write(
    `Berth is going to change this machine (npm run uninstall takes it back):\n${changes.map((line) => `  • ${line}`).join('\n')}\n`,
  );
  if (yes || !process.stdin.isTTY || !process.stdout.isTTY) return true;
  if (await confirm('Go on?')) return true;
  process.stdout.write('Nothing was changed.\n');
  return false;
}

/** @param {import('./lib/home.mjs').Home} home */
async function besideARunningOne(home) {
  process.stdout.write('Berth runs here already.\n');
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const status = await supervisorStatus(home.supervisorSocket);
    if (status?.phase === 'running' && status.parts.every(({ state }) => state === 'ready')) {
      process.stdout.write(`${await summary(home, readPlatform(home))}\n`);
      return 0;
    }
    await sleep(100);
  }
  process.stderr.write('Not every part of it is ready: npm run doctor says which, and what to do.\n');
  return 1;
}

/** @param {import('./lib/settings.mjs').SetupSettings} settings */
async function embeddedMongodbRuns(settings) {
  const { id } = readInstallation(settings);
  const found = await dockerEngine(settings.values.BERTH_DOCKER_SOCKET)
    .inspect(mongodbName(id))
    .catch(() => undefined);
  return Boolean(found?.State.Running);
}
