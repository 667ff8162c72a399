// @ts-check
import { AsyncLocalStorage } from 'node:async_hooks';
import { Interrupted } from './errors.mjs';

/**
 * Ctrl-C during a build: the running commands are stopped, every `finally` on the way out cleans up, and only then does
 * the process end (unless its own code listens to the signal too, then that decides).
 */
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @type {AsyncLocalStorage<AbortSignal>} */
const current = new AsyncLocalStorage();

/** The signal of the interruptible task that runs now, if any. */
export function interruptSignal() {
  return current.getStore();
}

/**
 * Runs `task` so that SIGINT, SIGTERM and SIGHUP abort it cleanly. A task within a task shares the outer one's signal.
 * @template T
 * @param {() => Promise<T>} task
 * @returns {Promise<T>} rejects with `Interrupted` after an interruption
 */
export async function interruptible(task) {
  if (current.getStore()) return task();
  const controller = new AbortController();
  /** @type {NodeJS.Signals | undefined} */
  let received;
  /** @param {NodeJS.Signals} signal */
  const onSignal = (signal) => {
    received = signal;
    controller.abort(new Interrupted());
  };
  for (const signal of SIGNALS) process.once(signal, onSignal);
  try {
    return await current.run(controller.signal, task);
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
    if (received && process.listenerCount(received) === 0) process.kill(process.pid, received);
  }
}
