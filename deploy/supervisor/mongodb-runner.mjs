// @ts-check
import { dockerEngine } from '../lib/docker.mjs';
import { sleep } from '../lib/wait.mjs';
import { inspectMongodb, startMongodb, stopMongodb } from '../mongodb/container.mjs';

import { copyContainerLog } from './container-log.mjs';

/**
 * The embedded MongoDB: a container, which Docker keeps when the supervisor goes.
 * @param {object} options
 * @param {string} options.socket the Docker Engine's
 * @param {Omit<import('../mongodb/container.mjs').MongodbSpec, 'user'>} options.spec
 * @param {string} options.logFile gets what the container writes
 * @returns {import('./part.mjs').Runner}
 */
export function mongodbRunner({ socket, spec, logFile }) {
  const docker = dockerEngine(socket);
  /** @returns {import('./part.mjs').Running} */
  const running = () => ({
    pid: 0,
    fingerprint: '',
    ended: endOf(docker, spec.name),
    signal: (signal) => {
      const call = signal === 'SIGKILL' ? docker.call('POST', `/containers/${spec.name}/kill`) : stopMongodb(spec);
      call.catch(() => {}); // it has ended already, and `ended` tells; or the engine does not answer, and the caller's time runs out
    },
  });

  return {
    startAdopts: true,

    async find() {
      const found = await inspectMongodb(spec);
      return found?.state === 'running' || found?.state === 'restarting' ? running() : undefined;
    },

    async start() {
      await startMongodb(spec);
      copyContainerLog({ socket, container: spec.name, logFile });
      return running();
    },
  };
}

/**
 * @param {import('../lib/docker.mjs').DockerEngine} docker
 * @param {string} name
 * @returns {Promise<string>}
 */
async function endOf(docker, name) {
  for (;;) {
    try {
      const { StatusCode } = await docker.call('POST', `/containers/${name}/wait`, { timeoutMs: 0 });
      return `exit code ${StatusCode}`;
    } catch {
      // the engine was restarted, or the container is gone: look
    }
    const found = await docker.inspect(name).catch(() => ({ State: { Running: true } }));
    if (!found) return 'removed';
    if (!found.State.Running) return `exit code ${found.State.ExitCode}`;
    await sleep(500);
  }
}
