// @ts-check

/** A step that cannot be done. The message says what is wrong, `action` what to do about it. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} action
   * @param {{ output?: string[], cause?: unknown }} [more] `output`: the last lines of the command that failed
   */
  constructor(message, action, more = {}) {
    super(message, { cause: more.cause });
    this.name = 'SetupError';
    this.action = action;
    this.output = more.output ?? [];
  }
}

/**
 * What an error looks like to the person at the terminal: last output, what is wrong, what to do.
 * @param {unknown} error
 * @returns {string}
 */
export function describeError(error) {
  if (!(error instanceof Error)) return String(error);
  const { action, output, lastLines } = /** @type {Error & { action?: string, output?: string[], lastLines?: string[] }} */ (
    error
  );
  const lines = output ?? lastLines ?? [];
  const quoted = lines.slice(-15).map((line) => `  | ${line}`);
  if (action) return [...quoted, `✗ ${error.message}`, `  ${action}`].join('\n');
  if (lastLines) return [...quoted, `✗ ${error.message.split('\n')[0]}`].join('\n');
  return `✗ ${error.stack ?? error.message}`;
}
