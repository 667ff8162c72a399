// @ts-check
import { interruptible } from '../images/interrupt.mjs';
import { ensureFolder } from '../lib/files.mjs';
import { homeLayout } from '../lib/home.mjs';
import { readSetupSettings } from '../lib/settings.mjs';
import { allOrStop } from '../setup/all-or-stop.mjs';
import { switchOffServices } from '../setup/distribution-services.mjs';
import { ensureDockerEngine } from '../setup/docker-engine.mjs';
import { ensureMongodbImage, ensureRuntimeImage } from '../setup/images.mjs';
import { checkDisk, checkMachine } from '../setup/machine.mjs';
import { ensureNpmPackages } from '../setup/npm-packages.mjs';
import { installPackages } from '../setup/packages.mjs';
import { planSetup } from '../setup/plan.mjs';
import { cleanEnvironment } from './platform.mjs';

/** Where the images' downloads are kept between test runs. */
const TEST_CACHE = '/var/cache/berth-tests';

/**
 * Installs and builds what the layers need: for unit tests the npm packages alone.
 * @param {string[]} layers
 * @param {import('../terminal/steps.mjs').Steps} steps
 * @returns {Promise<{ mongodbImage?: string }>}
 */
export function prepareTests(layers, steps) {
  return interruptible(async () => {
    if (layers.every((layer) => layer === 'unit')) {
      await steps.run('npm packages', ensureNpmPackages);
      return {};
    }
    checkMachine();
    const home = homeLayout(TEST_CACHE);
    checkDisk([TEST_CACHE, '/var/tmp']);
    ensureFolder(TEST_CACHE, 0o755);
    ensureFolder(home.logs, 0o755);
    ensureFolder(home.cache, 0o755);
    ensureFolder(home.run, 0o755);
    const settings = readSetupSettings(cleanEnvironment({ BERTH_HOME: TEST_CACHE }));
    const plan = await planSetup(settings, { swap: false, browser: !layers.every((layer) => layer === 'integration') });
    if (plan.packages.length > 0) {
      await steps.run(
        'Installing Debian packages',
        async (step) => void (await switchOffServices(await installPackages(plan.packages, step))),
      );
    }
    await steps.run('Docker Engine', (step) => ensureDockerEngine({ socket: settings.values.BERTH_DOCKER_SOCKET, home }, step));
    const runtime = async () => {
      await steps.run('npm packages', ensureNpmPackages);
      return steps.run('Image of the runtimes', (step) => ensureRuntimeImage(home, step));
    };
    const mongodb = () => steps.run('Image of the embedded MongoDB', (step) => ensureMongodbImage(home, step));
    const [, mongodbImage] = await allOrStop([runtime(), mongodb()]);
    return { mongodbImage };
  });
}
