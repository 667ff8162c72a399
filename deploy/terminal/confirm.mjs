// @ts-check
import { createInterface } from 'node:readline/promises';

/**
 * Asks once. An empty answer is yes.
 * @param {string} question
 * @returns {Promise<boolean>}
 */
export async function confirm(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${question} [Y/n] `);
    return /^(y|yes|)$/i.test(answer.trim());
  } catch {
    return false; // Ctrl-C or Ctrl-D at the question
  } finally {
    terminal.close();
  }
}
