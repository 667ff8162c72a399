// @ts-check
import { describeError } from './setup-error.mjs';

/**
 * Runs a command's story and turns an error into words and exit code 1.
 * @param {() => Promise<number | void>} story answers the exit code; 0 when it answers nothing
 */
export async function main(story) {
  // whoever reads along may stop reading (… | head); what was begun goes on
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    process.exitCode = (await story()) ?? 0;
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = 1;
  }
}

/**
 * @param {string} command as people type it
 * @returns {void}
 */
export function requireRoot(command) {
  if (process.getuid?.() === 0) return;
  process.stderr.write(`✗ Berth sets up this machine and starts containers, so this must run as root: sudo ${command}\n`);
  process.exit(1);
}
