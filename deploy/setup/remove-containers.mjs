// @ts-check
import { dockerEngine } from '../lib/docker.mjs';

/**
 * Removes every container, network and volume that carries this installation's label. Those of others are never touched.
 * @param {string} socket the Docker Engine's
 * @param {string} installationId
 * @param {import('../terminal/steps.mjs').StepContext} step
 */
export async function removeContainers(socket, installationId, step) {
  const docker = dockerEngine(socket);
  if (!(await docker.answers())) return step.outcome('the Docker Engine does not answer: nothing was removed there');
  const label = `berth.installation=${installationId}`;
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const containers = await docker.containers([label]);
  for (const { Id } of containers) await docker.remove(Id);
  const networks = /** @type {{ Id: string }[]} */ (await docker.call('GET', `/networks?filters=${filters}`));
  for (const { Id } of networks) await docker.call('DELETE', `/networks/${Id}`);
  const { Volumes: volumes } = await docker.call('GET', `/volumes?filters=${filters}`);
  for (const { Name } of volumes ?? []) await docker.call('DELETE', `/volumes/${Name}`);
  step.outcome(`${containers.length} containers, ${networks.length} networks, ${volumes?.length ?? 0} volumes`);
}
