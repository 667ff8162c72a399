// @ts-check
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dockerEngine } from '../lib/docker.mjs';
import { readJson } from '../lib/files.mjs';
import { hasSystemd } from '../setup/machine.mjs';
import { ok, warning, wrong } from './finding.mjs';

/** @param {string} socket */
export async function checkDockerEngine(socket) {
  const docker = dockerEngine(socket);
  if (!(await docker.answers())) {
    const start = hasSystemd()
      ? 'systemctl start docker; see why it ended: journalctl -u docker'
      : 'npm start starts it; its log: dockerd.log in BERTH_HOME/logs';
    return [wrong('Docker Engine', `does not answer on ${socket}`, start)];
  }
  const { ServerVersion, CgroupVersion, CgroupDriver, SwapLimit, Warnings } = await docker.call('GET', '/info', {
    timeoutMs: 10_000,
  });
  const cgroup = `cgroup v${CgroupVersion ?? 1} (${CgroupDriver})`;
  return [
    ok('Docker Engine', ServerVersion),
    SwapLimit === false
      ? warning('cgroup', `${cgroup} without swap limits`, 'Boot with swapaccount=1, so that an app cannot fill the swap.')
      : ok('cgroup', cgroup),
    ...(Warnings ?? [])
      .filter((/** @type {string} */ text) => /memory|pids/i.test(text))
      .map((/** @type {string} */ text) => warning('cgroup', text, 'Enable that controller in the kernel’s command line.')),
  ];
}

/** @param {string} socket @param {import('../supervisor/platform.mjs').Platform} platform */
export async function checkImages(socket, platform) {
  const docker = dockerEngine(socket);
  if (!(await docker.answers())) return [];
  const wanted = [platform.runtimeImage, ...(platform.mongodb ? [platform.mongodb.image] : [])];
  const there = await Promise.all(wanted.map((image) => docker.imageExists(image)));
  return wanted.map((image, index) =>
    there[index] ? ok('image', image) : wrong('image', `${image} is not there`, 'npm run restart builds it again.'),
  );
}

/**
 * Containers and volume folders of this installation that no record explains are the node agent's to report; here only what is plain.
 * @param {import('../lib/home.mjs').Home} home
 * @param {string} socket
 */
export async function checkLeftovers(home, socket) {
  const { id } = readJson(home.installation, { id: '' });
  const docker = dockerEngine(socket);
  const containers = (await docker.answers()) ? await docker.containers([`berth.installation=${id}`]) : [];
  const dead = containers.filter(({ State }) => State === 'dead' || State === 'removing');
  const half = readdirSync(home.releases).filter((name) => name.startsWith('.'));
  const findings = [
    ...dead.map(({ Id }) =>
      warning('leftovers', `container ${Id.slice(0, 12)} is half removed`, `docker rm -f ${Id.slice(0, 12)}`),
    ),
    ...half.map((name) =>
      warning(
        'leftovers',
        `${join(home.releases, name)} is a release that was not finished`,
        `rm -r ${join(home.releases, name)}`,
      ),
    ),
  ];
  return findings.length > 0 ? findings : ok('leftovers', 'none');
}
