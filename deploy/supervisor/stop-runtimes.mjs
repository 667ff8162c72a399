// @ts-check
import { existsSync } from 'node:fs';
import { fetchText } from '../lib/http.mjs';

const AGENT_SILENT_MS = 60_000;
const GRACE_SECONDS = 20;
const AT_ONCE = 8;

/**
 * Stops the runtimes of this installation: through the node agent, which then leaves them so; directly where it does not answer.
 * @param {{ agentSocket: string, docker: import('../lib/docker.mjs').DockerEngine, installationId: string }} installation
 * @param {(message: string) => void} say
 */
export async function stopRuntimes({ agentSocket, docker, installationId }, say) {
  if (existsSync(agentSocket)) {
    try {
      await askAgent(agentSocket, say);
    } catch (error) {
      say(
        `runtimes: the node agent does not answer (${error instanceof Error ? error.message : error}); stopping their containers directly`,
      );
    }
  }
  const running = await runningRuntimes(docker, installationId);
  if (running.length === 0) return;
  say(`runtimes: stopping ${running.length}`);
  const queue = [...running];
  const stopNext = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await docker.stop(next.Id, GRACE_SECONDS);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, stopNext));
  say('runtimes: stopped');
}

/**
 * @param {import('../lib/docker.mjs').DockerEngine} docker
 * @param {string} installationId
 */
export async function runningRuntimes(docker, installationId) {
  const all = await docker.containers([`berth.installation=${installationId}`, 'berth.runtime']);
  return all.filter((container) => container.State === 'running' || container.State === 'paused');
}

/** @param {string} socket @param {(message: string) => void} say */
async function askAgent(socket, say) {
  let refusal = '';
  const answer = await fetchText(`unix:${socket}:/stop-runtimes`, {
    method: 'POST',
    timeoutMs: AGENT_SILENT_MS,
    onLine: (line) => {
      refusal = line;
      const message = messageOf(line);
      if (message) say(`runtimes: ${message}`);
    },
  });
  if (answer.status !== 200) throw new Error(`it answered ${answer.status} ${refusal}`);
}

/** @param {string} line */
function messageOf(line) {
  try {
    const { message, stopped, total } = JSON.parse(line);
    return message ?? (total === undefined ? undefined : `stopped ${stopped} of ${total}`);
  } catch {
    return undefined;
  }
}
