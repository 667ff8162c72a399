/** Attempts that follow each other quickly before a runtime counts as failed. */
export const quickAttempts = 3;

/** A runtime that ran this long counts as sound again. */
export const soundAfterMs = 5 * 60_000;

const longestMs = 5 * 60_000;
const longestForCauseMs = 15_000;

/** Causes outside of the runtime: cheap to try again, and often gone from one moment to the next. */
const outerCauses = new Set(['ENGINE_UNAVAILABLE', 'IMAGE_MISSING', 'DISK_FULL']);

/** Pause after the `attempts`-th failure in a row, in milliseconds, ±20 % so that many do not come back at one moment. */
export function backOffMs(attempts: number, code: string, random = Math.random()): number {
  const longest = outerCauses.has(code) ? longestForCauseMs : longestMs;
  const pause = Math.min(500 * 2 ** Math.max(0, attempts - 1), longest);
  return Math.round(pause * (0.8 + 0.4 * random));
}

/** Pause before a runtime that ended by itself is started again: none for the first time. */
export function restartPauseMs(attempts: number, random = Math.random()): number {
  return attempts <= 1 ? 0 : backOffMs(attempts, 'RUNTIME_BOOT_FAILED', random);
}
