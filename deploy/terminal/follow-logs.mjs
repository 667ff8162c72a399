// @ts-check
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { formatLogLine } from './format-log-line.mjs';

const LOOK_EVERY_MS = 300;
const CHUNK_BYTES = 256 * 1024;

/**
 * Shows what the logs of a folder get from now on, merged as it comes. Files that appear later are shown from their beginning.
 * @param {string} folder
 * @param {{ write: (text: string) => void, colour?: boolean }} options
 * @returns {() => void} ends it, after one last look
 */
export function followLogs(folder, { write, colour }) {
  /** @type {Map<string, { position: number, rest: string }>} */
  const files = new Map(logFiles(folder).map((path) => [path, { position: sizeOf(path), rest: '' }]));
  const buffer = Buffer.alloc(CHUNK_BYTES);

  const look = () => {
    for (const path of logFiles(folder)) {
      const file = files.get(path) ?? { position: 0, rest: '' };
      files.set(path, file);
      if (sizeOf(path) < file.position) file.position = 0; // rotated
      const lines = (file.rest + readOn(path, file, buffer)).split('\n');
      file.rest = lines.pop() ?? '';
      const name = basename(path, '.log');
      for (const line of lines) if (line !== '') write(`${formatLogLine(name, line, { colour })}\n`);
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    look();
  };
}

/**
 * The last lines of a log.
 * @param {string} path
 * @param {number} count
 * @returns {string[]} empty when there is no such file
 */
export function lastLogLines(path, count) {
  const size = sizeOf(path);
  const from = { position: Math.max(0, size - CHUNK_BYTES) };
  const lines = readOn(path, from, Buffer.alloc(Math.min(size, CHUNK_BYTES))).split('\n');
  return lines.filter((line) => line.trim() !== '').slice(-count);
}

/** @param {string} folder */
function logFiles(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => join(folder, name));
}

/** @param {string} path */
function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** @param {string} path @param {{ position: number }} file @param {Buffer} buffer */
function readOn(path, file, buffer) {
  if (sizeOf(path) <= file.position) return '';
  const handle = openSync(path, 'r');
  try {
    const count = readSync(handle, buffer, 0, buffer.length, file.position);
    file.position += count;
    return buffer.toString('utf8', 0, count);
  } finally {
    closeSync(handle);
  }
}
