// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { run } from '../images/run.mjs';
import { dockerEngine } from '../lib/docker.mjs';
import { readIfThere } from '../lib/files.mjs';
import { isAlive, signalProcess } from '../lib/process-identity.mjs';
import { waitFor } from '../lib/wait.mjs';
import { readPidFile } from '../supervisor/process-runner.mjs';
import { removeService } from '../systemd/service.mjs';
import { saveInstallation } from './installation.mjs';
import { systemUser, USER, USER_COMMENT } from './system-user.mjs';

/**
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('./installation.mjs').Installation} installation
 * @param {{ data: boolean, machine: boolean }} scope
 */
export function describeRemoval(home, installation, { data, machine }) {
  const lines = [
    'stop Berth and every app',
    `remove the containers, networks and volumes of installation ${installation.id}`,
    ...(machine && installation.unit ? ['remove the systemd unit'] : []),
    ...(machine && installation.swapFile ? [`remove the swap file ${home.swapFile}`] : []),
    ...(machine && installation.images.length > 0 ? [`remove the images ${installation.images.join(', ')}`] : []),
    ...(machine && installation.dockerd ? ['end the Docker Engine that the setup started'] : []),
    ...(machine && installation.packages.length > 0 ? [`remove the packages ${installation.packages.join(', ')}`] : []),
    ...(machine && installation.user ? [`remove the system user “${USER}”`] : []),
    data ? `remove ALL DATA in ${home.home}` : `keep the data in ${home.home}`,
  ];
  return `This is going to\n${lines.map((line) => `  • ${line}`).join('\n')}`;
}

/**
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('./installation.mjs').Installation} installation
 * @param {import('../terminal/steps.mjs').Steps} steps
 */
export async function removeFromMachine(home, installation, steps) {
  const save = (/** @type {Partial<import('./installation.mjs').Installation>} */ change) => {
    Object.assign(installation, change);
    saveInstallation(home, installation);
  };
  if (installation.unit) {
    await steps.run('Removing the systemd unit', () => removeService());
    save({ unit: false });
  }
  if (installation.images.length > 0) {
    await steps.run('Removing images', (step) => removeImages(installation.images, step));
    save({ images: [] });
  }
  if (installation.swapFile) {
    await steps.run('Removing the swap file', () => removeSwap(home.swapFile));
    save({ swapFile: false });
  }
  if (installation.dockerd) {
    await steps.run('Ending the Docker Engine', (step) => endDockerd(home, step));
    save({ dockerd: false });
  }
  if (installation.packages.length > 0) {
    await steps.run('Removing packages', (step) => removePackages(installation.packages, step));
    save({ packages: [] });
  }
  if (installation.user) {
    await steps.run('Removing the system user', () => removeUser());
    save({ user: false });
  }
}

/** What can be made again; the data, the secrets and the installation's name stay. @param {import('../lib/home.mjs').Home} home */
export async function removeBuilt(home) {
  for (const path of [home.releases, home.cache, home.run, home.logs, home.gateway])
    rmSync(path, { recursive: true, force: true });
}

/** @param {import('../lib/home.mjs').Home} home */
export async function removeData(home) {
  const mounts = [...(readIfThere('/proc/self/mounts') ?? '').matchAll(/^\S+ (\S+) /gm)].map(([, path = '']) => path);
  const inside = mounts.filter((path) => path.startsWith(`${home.home}/`)).sort((a, b) => b.length - a.length);
  for (const path of inside) await run('umount', [path]);
  rmSync(home.home, { recursive: true, force: true });
}

/**
 * Those that were built for this installation, and the bases under them; what a container of somebody else uses stays.
 * @param {string[]} images
 * @param {import('../terminal/steps.mjs').StepContext} step
 */
async function removeImages(images, step) {
  const docker = dockerEngine('/var/run/docker.sock');
  const filters = encodeURIComponent(JSON.stringify({ reference: ['berth/base'] }));
  const found = /** @type {{ RepoTags: string[] }[]} */ (
    await docker.call('GET', `/images/json?filters=${filters}`).catch(() => [])
  );
  const all = [...images, ...found.flatMap(({ RepoTags }) => RepoTags)];
  for (const image of all) await docker.call('DELETE', `/images/${image}`, { timeoutMs: 60_000 }).catch(() => {});
  const there = await Promise.all(images.map((image) => docker.imageExists(image).catch(() => false)));
  const kept = images.filter((_, index) => there[index]);
  if (kept.length > 0) step.outcome(`${kept.join(', ')} kept: other containers use it`);
}

/** @param {string} swapFile */
async function removeSwap(swapFile) {
  if ((readIfThere('/proc/swaps') ?? '').includes(`${swapFile} `)) await run('swapoff', [swapFile]);
  rmSync(swapFile, { force: true });
}

/** @param {import('../lib/home.mjs').Home} home @param {import('../terminal/steps.mjs').StepContext} step */
async function endDockerd(home, step) {
  const identity = readPidFile(home.pidFile('dockerd'));
  if (!identity || !signalProcess(identity, 'SIGTERM')) return step.outcome('it had ended already');
  await waitFor(() => !isAlive(identity), { timeoutMs: 60_000 });
  return undefined;
}

/** @param {string[]} packages @param {import('../terminal/steps.mjs').StepContext} step */
async function removePackages(packages, step) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-y', '-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', ['purge', ...options, ...packages], { env, onLine: step.progress });
  await run('apt-get', ['autoremove', '--purge', ...options], { env, onLine: step.progress });
}

async function removeUser() {
  if (systemUser()?.comment === USER_COMMENT && existsSync('/usr/sbin/userdel')) await run('userdel', [USER]);
}
