// @ts-check
import { mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { interruptSignal } from './interrupt.mjs';
import { run, start } from './run.mjs';

/**
 * Runs `task` while no other process of this user holds the lock of that name. The lock is the kernel's (flock), held by a child that
 * ends with us, so that it is free again however we end.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} task
 * @param {{ onWait?: () => void }} [options] `onWait` is called when another one holds it
 * @returns {Promise<T>}
 */
export async function withLock(name, task, { onWait } = {}) {
  const folder = join(tmpdir(), `berth-locks-${userInfo().uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name.replace(/[^\w.-]+/g, '_'));
  if (onWait) await run('flock', ['--nonblock', file, 'true']).catch(onWait);
  /** @type {() => void} */
  let locked = () => {};
  const acquired = /** @type {Promise<void>} */ (new Promise((resolve) => (locked = resolve)));
  // kept through an interruption: the cleaning up is done under the lock too
  const holder = start('flock', [file, 'sh', '-c', 'echo locked; exec cat'], {
    pipeInput: true,
    onLine: locked,
    uninterrupted: true,
  });
  const interrupt = interruptSignal();
  const stopWaiting = () => holder.child.kill();
  interrupt?.addEventListener('abort', stopWaiting);
  await Promise.race([acquired, holder.done]).catch((error) => {
    throw interrupt?.aborted ? interrupt.reason : error;
  });
  interrupt?.removeEventListener('abort', stopWaiting);
  try {
    return await task();
  } finally {
    holder.child.stdin?.end();
    await holder.done.catch(() => {});
  }
}
