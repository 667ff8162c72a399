// @ts-check
import { existsSync } from 'node:fs';
import { interruptible } from '../images/interrupt.mjs';
import { ensureFolder, readJson, writeWhole } from '../lib/files.mjs';
import { allOrStop } from './all-or-stop.mjs';
import { buildRelease } from './build.mjs';
import { switchOffServices } from './distribution-services.mjs';
import { ensureDockerEngine } from './docker-engine.mjs';
import { ensureHomeFolders } from './home-folders.mjs';
import { ensureMongodbImage, ensureRuntimeImage } from './images.mjs';
import { readInstallation, saveInstallation } from './installation.mjs';
import { checkDisk, checkMachine } from './machine.mjs';
import { makePlatform } from './make-platform.mjs';
import { ensureNpmPackages } from './npm-packages.mjs';
import { installPackages } from './packages.mjs';
import { installRelease } from './release.mjs';
import { ensureSecrets } from './secrets.mjs';
import { ensureSwap } from './swap.mjs';
import { ensureSystemUser } from './system-user.mjs';

/**
 * Makes the machine ready to run Berth, and writes down what is to run.
 * @param {import('../lib/settings.mjs').SetupSettings} settings
 * @param {import('./plan.mjs').SetupPlan} plan
 * @param {import('../terminal/steps.mjs').Steps} steps
 * @param {{ replaceProcesses?: boolean }} [options] `replaceProcesses`: the next supervisor starts Berth's own processes anew
 * @returns {Promise<import('../supervisor/platform.mjs').Platform>}
 */
export function prepare(settings, plan, steps, { replaceProcesses = false } = {}) {
  return interruptible(async () => {
    const { home } = settings;
    checkMachine();
    checkDisk([home.home, ...(existsSync('/var/lib/docker') ? ['/var/lib/docker'] : [])]);
    ensureFolder(home.home, 0o755);
    const installation = readInstallation(settings);
    const save = () => saveInstallation(home, installation);
    save();

    if (plan.packages.length > 0) {
      await steps.run('Installing Debian packages', async (step) => {
        const installed = await installPackages(plan.packages, step);
        installation.packages = [...new Set([...installation.packages, ...installed])];
        save();
        const off = await switchOffServices(installed);
        if (off.length > 0) steps.print(`    Berth runs its own ${off.join(' and ')}; the distribution's services are off.`);
      });
    }
    const user = await ensureSystemUser();
    installation.user ||= user.made;
    await ensureHomeFolders(home, user);
    const secrets = ensureSecrets(home, user, installation);
    save();

    const { startedByUs } = await steps.run('Docker Engine', (step) =>
      ensureDockerEngine({ socket: settings.values.BERTH_DOCKER_SOCKET, home }, step),
    );
    installation.dockerd ||= startedByUs;
    if (plan.swapGigabytes > 0) {
      installation.swapFile ||= await steps.run('Swap file', (step) => ensureSwap(home.swapFile, plan.swapGigabytes, step));
    }
    save();

    const { hash, runtimeImage, mongodbImage } = await buildAll(settings, steps);
    installation.images = [...new Set([...installation.images, runtimeImage, ...(mongodbImage ? [mongodbImage] : [])])];
    if (installation.ownMongodb && settings.mongodbUrl)
      steps.print('    MONGODB_URL is set now: the embedded MongoDB and what it holds stay aside.');
    installation.ownMongodb = !settings.mongodbUrl;
    save();

    const release = await steps.run('Installing this release', () => installRelease(home, hash));
    const before = readJson(home.platform, /** @type {any} */ (undefined));
    const generation = (before?.generation ?? 0) + (replaceProcesses ? 1 : 0);
    const platform = makePlatform({
      settings,
      installation,
      user,
      secrets,
      release,
      runtimeImage,
      mongodbImage,
      generation,
    });
    writeWhole(home.platform, JSON.stringify(platform, null, 2), { mode: 0o600 });
    return platform;
  });
}

/**
 * Two cores: the images are made mostly by other programs, so they run beside what npm and the compilers do.
 * @param {import('../lib/settings.mjs').SetupSettings} settings
 * @param {import('../terminal/steps.mjs').Steps} steps
 */
async function buildAll({ home, mongodbUrl }, steps) {
  const ours = async () => {
    await steps.run('npm packages', ensureNpmPackages);
    return allOrStop([
      steps.run('Building API, worker, node agent, gateway, console', buildRelease),
      steps.run('Image of the runtimes', (step) => ensureRuntimeImage(home, step)),
    ]);
  };
  const mongodb = async () =>
    mongodbUrl ? [] : [await steps.run('Image of the embedded MongoDB', (step) => ensureMongodbImage(home, step))];
  const [[hash, runtimeImage], [mongodbImage]] = await allOrStop([ours(), mongodb()]);
  return { hash, runtimeImage, mongodbImage };
}
