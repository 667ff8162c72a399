// @ts-check
import { fetchText } from './http.mjs';

/**
 * The few calls to the Docker Engine that the setup and the supervisor need, over its socket.
 * @param {string} socket
 */
export function dockerEngine(socket) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {{ body?: unknown, timeoutMs?: number, signal?: AbortSignal }} [options]
   */
  const call = async (method, path, options = {}) => {
    const answer = await fetchText(`unix:${socket}:${path}`, { method, ...options });
    if (answer.status >= 400) throw new DockerError(answer.status, readMessage(answer.text));
    return answer.text === '' || answer.text === 'OK' ? undefined : JSON.parse(answer.text);
  };

  return {
    call,

    async answers() {
      try {
        await call('GET', '/_ping', { timeoutMs: 3000 });
        return true;
      } catch {
        return false;
      }
    },

    /** @param {string[]} labels `name=value` or `name` @returns {Promise<{ Id: string, Names: string[], State: string }[]>} running and stopped ones */
    containers(labels) {
      return call('GET', `/containers/json?all=true&filters=${encodeURIComponent(JSON.stringify({ label: labels }))}`, {
        timeoutMs: 20_000,
      });
    },

    /** @param {string} name @param {number} seconds that it has before it is killed */
    stop(name, seconds) {
      return call('POST', `/containers/${name}/stop?t=${seconds}`, { timeoutMs: (seconds + 20) * 1000 });
    },

    /** @param {string} name */
    remove(name) {
      return call('DELETE', `/containers/${name}?force=true&v=true`, { timeoutMs: 60_000 });
    },

    /** @param {string} reference */
    async imageExists(reference) {
      return found(call('GET', `/images/${reference}/json`));
    },

    /** @param {string} name @returns {Promise<any>} undefined when there is none */
    async inspect(name) {
      try {
        return await call('GET', `/containers/${name}/json`);
      } catch (error) {
        if (error instanceof DockerError && error.status === 404) return undefined;
        throw error;
      }
    },
  };
}

/** @typedef {ReturnType<typeof dockerEngine>} DockerEngine */

/** What the engine answered instead of doing it. */
export class DockerError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.name = 'DockerError';
    this.status = status;
  }
}

/** @param {Promise<unknown>} call */
async function found(call) {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof DockerError && error.status === 404) return false;
    throw error;
  }
}

/** @param {string} text */
function readMessage(text) {
  try {
    return String(JSON.parse(text).message);
  } catch {
    return text;
  }
}
