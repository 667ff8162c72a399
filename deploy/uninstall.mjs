// @ts-check
// npm run uninstall: takes back what the setup did to this machine. The data stays unless --data is said.
import { existsSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readJson } from './lib/files.mjs';
import { main, requireRoot } from './lib/main.mjs';
import { readSetupSettings } from './lib/settings.mjs';
import { describeRemoval, removeBuilt, removeData, removeFromMachine } from './setup/removal.mjs';
import { removeContainers } from './setup/remove-containers.mjs';
import { stopPlatform } from './supervisor/stop-platform.mjs';
import { confirm } from './terminal/confirm.mjs';
import { createSteps } from './terminal/steps.mjs';

const HELP = `npm run uninstall [-- OPTIONS]

  --yes           do not ask
  --data          remove the data too: every app, the control plane's database, the secrets. Nothing brings them back
  --keep-machine  leave packages, images, system user, swap file and Docker Engine as they are
`;

await main(async () => {
  const { values: options } = parseArgs({
    options: {
      yes: { type: 'boolean', short: 'y' },
      data: { type: 'boolean' },
      'keep-machine': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (options.help) return void process.stdout.write(HELP);
  requireRoot('npm run uninstall');
  const settings = readSetupSettings();
  const { home } = settings;
  const installation = readJson(
    home.installation,
    /** @type {import('./setup/installation.mjs').Installation | undefined} */ (undefined),
  );
  if (!installation) {
    if (options.data && existsSync(home.home)) await removeData(home);
    return void process.stdout.write(`There is no installation in ${home.home}.\n`);
  }
  const scope = { data: Boolean(options.data), machine: !options['keep-machine'] };
  process.stdout.write(`${describeRemoval(home, installation, scope)}\n`);
  if (!options.yes && process.stdin.isTTY && !(await confirm('Go on?'))) return 1;

  const steps = createSteps(process.stdout);
  const platform = readJson(home.platform, undefined);
  if (platform) await steps.run('Stopping Berth', (step) => stopPlatform(home, platform, step.progress));
  await steps.run('Removing containers, networks, volumes', (step) =>
    removeContainers(settings.values.BERTH_DOCKER_SOCKET, installation.id, step),
  );
  if (scope.machine) await removeFromMachine(home, installation, steps);
  if (scope.data) await steps.run(`Removing ${home.home}`, () => removeData(home));
  else await steps.run('Removing what was built', () => removeBuilt(home));
  if (!scope.data) process.stdout.write(`Your data and secrets stay in ${home.home}; npm start finds them again.\n`);
  if (existsSync(home.run)) rmSync(home.run, { recursive: true, force: true });
});
