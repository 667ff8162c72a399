// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { run } from '../images/run.mjs';
import { readIfThere } from '../lib/files.mjs';
import { freeBytes, inContainer } from './machine.mjs';

const GIGABYTE = 1024 ** 3;
const LARGEST_GIGABYTES = 8;

/**
 * Sleeping apps are moved to swap. 0 when the machine has some already, is a container, or has no room to spare.
 * @param {string} swapFile
 * @returns {number} gigabytes of the swap file to make
 */
export function swapToMake(swapFile) {
  if (inContainer() || hasSwap()) return 0;
  return swapSize({ memory: totalmem(), free: freeBytes(swapFile) });
}

/** @param {{ memory: number, free: number }} bytes @returns {number} gigabytes: as much as memory, a quarter of the free disk at most */
export function swapSize({ memory, free }) {
  const wanted = Math.min(Math.ceil(memory / GIGABYTE), LARGEST_GIGABYTES);
  return Math.max(0, Math.min(wanted, Math.floor(free / 4 / GIGABYTE)));
}

export function hasSwap() {
  return (readIfThere('/proc/swaps') ?? '').trim().split('\n').length > 1;
}

/**
 * @param {string} swapFile
 * @param {number} gigabytes
 * @param {import('../terminal/steps.mjs').StepContext} step
 * @returns {Promise<boolean>} false when this machine does not allow it: Berth works without, its sleeping apps then keep their memory
 */
export async function ensureSwap(swapFile, gigabytes, step) {
  try {
    if (!existsSync(swapFile)) {
      await run('fallocate', ['-l', `${gigabytes}G`, swapFile]);
      await run('chmod', ['600', swapFile]);
      await run('mkswap', [swapFile]);
    }
    await run('swapon', [swapFile]);
    step.outcome(`${gigabytes} GB, ${swapFile}`);
    return true;
  } catch (error) {
    rmSync(swapFile, { force: true });
    const reason = /** @type {Error} */ (error).message.split('\n').at(-1);
    step.outcome(`not possible here (${reason}): sleeping apps will keep their memory`);
    return false;
  }
}
