// @ts-check
import { appendFileSync } from 'node:fs';

/**
 * The supervisor's own log: one JSON object a line, like the other processes'.
 * @param {string} file
 * @param {{ also?: (line: string) => void }} [options] `also` gets each line too (a journal)
 * @returns {(level: 'info' | 'warn' | 'error', message: string, more?: object) => void}
 */
export function supervisorLog(file, { also } = {}) {
  return (level, message, more = {}) => {
    const line = JSON.stringify({ level, time: new Date().toISOString(), process: 'supervisor', ...more, msg: message });
    try {
      appendFileSync(file, `${line}\n`, { mode: 0o640 });
    } catch {
      // a full disk must not end the supervisor
    }
    also?.(line);
  };
}
