// @ts-check

/**
 * Does the tasks side by side. When one fails the commands of the others are stopped too (see `images/interrupt.mjs`), and nothing is
 * left running behind the error.
 * @template {readonly unknown[]} Results
 * @param {{ [Index in keyof Results]: Promise<Results[Index]> }} tasks
 * @returns {Promise<Results>}
 */
export async function allOrStop(tasks) {
  try {
    return /** @type {Results} */ (/** @type {unknown} */ (await Promise.all(tasks)));
  } catch (error) {
    process.on('SIGTERM', () => {}); // so that the interruption stops the commands, and not this process before it has told why
    process.emit('SIGTERM', 'SIGTERM');
    await Promise.allSettled(tasks);
    throw error;
  }
}
