// @ts-check

/**
 * Does the tasks side by side. When one fails the commands of the others are stopped too (see `images/interrupt.mjs`), and nothing is
 * left running behind the error.
 * @template T
 * @param {Promise<T>[]} tasks
 * @returns {Promise<T[]>}
 */
export async function allOrStop(tasks) {
  try {
    return await Promise.all(tasks);
  } catch (error) {
    process.on('SIGTERM', () => {}); // so that the interruption stops the commands, and not this process before it has told why
    process.emit('SIGTERM', 'SIGTERM');
    await Promise.allSettled(tasks);
    throw error;
  }
}
