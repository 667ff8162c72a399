// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

export { sleep };

/**
 * Asks until the answer is true.
 * @param {() => Promise<boolean> | boolean} condition
 * @param {{ timeoutMs: number, everyMs?: number, signal?: AbortSignal }} options
 * @returns {Promise<boolean>} false when the time is over or the signal came first
 */
export async function waitFor(condition, { timeoutMs, everyMs = 100, signal }) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (signal?.aborted) return false;
    if (await condition()) return true;
    if (Date.now() >= deadline) return false;
    await sleep(everyMs);
  }
}

/**
 * @param {Promise<unknown>} event that does not fail
 * @param {number} ms
 * @returns {Promise<boolean>} whether it came within the time; the waiting keeps this process alive
 */
export async function comesWithin(event, ms) {
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  const came = await Promise.race([event.then(() => true), late]);
  timer.abort();
  return came;
}
