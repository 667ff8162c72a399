// @ts-check
import { fetchText } from '../lib/http.mjs';

/**
 * @typedef {object} PartStatus
 * @property {string} name
 * @property {import('./keeper.mjs').KeeperState} state
 * @property {number} [pid]
 * @property {number} restarts
 * @property {number} shortLives starts in a row that did not last
 * @property {string} [lastEnd]
 */

/**
 * @param {string} socket
 * @returns {Promise<{ phase: string, pid: number, parts: PartStatus[] } | undefined>} undefined when no supervisor runs
 */
export async function supervisorStatus(socket) {
  try {
    return JSON.parse((await fetchText(`unix:${socket}:/status`, { timeoutMs: 3000 })).text);
  } catch {
    return undefined;
  }
}

/** @param {string} socket @param {(message: string) => void} progress resolves when everything has ended */
export async function askToStop(socket, progress) {
  let done = false;
  await fetchText(`unix:${socket}:/stop`, {
    method: 'POST',
    timeoutMs: 180_000,
    onLine: (line) => {
      const event = JSON.parse(line);
      if (event.done) done = true;
      else progress(event.message);
    },
  });
  if (!done) throw new Error('The supervisor ended before it had stopped everything.');
}

/** @param {string} socket */
export async function askToHandOver(socket) {
  await fetchText(`unix:${socket}:/handover`, { method: 'POST' });
}
