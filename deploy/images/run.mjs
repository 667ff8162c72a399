// @ts-check
import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { interruptSignal } from './interrupt.mjs';

const STOP_GRACE_MS = 15_000;
const KEEP_OUTPUT_CHARS = 1 << 20;

/** A command that is not installed. */
export class CommandMissing extends Error {
  /** @param {string} command */
  constructor(command) {
    super(`The command "${command}" was not found.`);
    this.command = command;
  }
}

/** A command that ended badly, or ran past its time-out. `lastLines` are its last output lines, oldest first. */
export class CommandFailed extends Error {
  /** @param {{ command: string, exitCode: number | null, signal: string | null, timedOut: boolean, lastLines: string[] }} outcome */
  constructor(outcome) {
    const how = outcome.timedOut ? 'took too long' : `ended with ${outcome.signal ?? `exit code ${outcome.exitCode}`}`;
    super([`${outcome.command} ${how}`, ...outcome.lastLines].join('\n'));
    this.command = outcome.command;
    this.exitCode = outcome.exitCode;
    this.timedOut = outcome.timedOut;
    this.lastLines = outcome.lastLines;
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment; default: this process's
 * @property {string} [input] written to its standard input, which is then closed
 * @property {number} [timeoutMs]
 * @property {(line: string) => void} [onLine] gets every line of both outputs
 * @property {NodeJS.WritableStream} [stdoutTo] standard output goes there, as bytes, instead of to `onLine` and the result; it is not ended
 * @property {boolean} [pipeInput] leaves standard input open for the caller
 * @property {number} [keepLines] how many lines an error carries; default 30
 * @property {boolean} [uninterrupted] not stopped by Ctrl-C: for cleaning up
 */

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} its standard output (the last MiB), trimmed
 * @throws {CommandMissing | CommandFailed} or the reason of the interruption
 */
export function run(command, args, options) {
  return start(command, args, options).done;
}

/**
 * Starts a command; `done` settles as `run` does. It runs in a process group of its own, so that a Ctrl-C on the
 * terminal reaches it through us, once, and its children are stopped with it.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function start(command, args, options = {}) {
  const interrupt = options.uninterrupted ? undefined : interruptSignal();
  const takesInput = options.input !== undefined || options.pipeInput;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: [takesInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => {}); // it may end before it has read all: its exit code tells
  if (options.input !== undefined) child.stdin?.end(options.input);

  const lastLines = /** @type {string[]} */ ([]);
  /** @param {string} line */
  const onLine = (line) => {
    lastLines.push(line);
    if (lastLines.length > (options.keepLines ?? 30)) lastLines.shift();
    options.onLine?.(line);
  };
  let stdout = '';
  if (options.stdoutTo) child.stdout?.pipe(options.stdoutTo, { end: false });
  else child.stdout?.on('data', (chunk) => (stdout = (stdout + chunk).slice(-KEEP_OUTPUT_CHARS)));
  const flushes = (options.stdoutTo ? [child.stderr] : [child.stdout, child.stderr]).map((stream) => eachLine(stream, onLine));

  /** @type {Promise<string>} */
  const done = new Promise((resolve, reject) => {
    let timedOut = false;
    const stop = () => stopGroup(child);
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          stop();
        }, options.timeoutMs)
      : undefined;
    const settle = () => {
      clearTimeout(timer);
      interrupt?.removeEventListener('abort', stop);
    };
    if (interrupt?.aborted) stop();
    interrupt?.addEventListener('abort', stop);
    child.on('error', (error) => {
      settle();
      reject(/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT' ? new CommandMissing(command) : error);
    });
    child.on('close', (exitCode, signal) => {
      settle();
      for (const flush of flushes) flush();
      if (interrupt?.aborted) reject(interrupt.reason);
      else if (exitCode === 0 && !timedOut) resolve(stdout.trim());
      else reject(new CommandFailed({ command: [command, args[0]].join(' '), exitCode, signal, timedOut, lastLines }));
    });
  });
  done.catch(() => {}); // the caller may await it later than it fails
  return { child, done };
}

/**
 * @param {import('node:stream').Readable | null} stream
 * @param {(line: string) => void} onLine
 * @returns {() => void} hands over the last line when no newline ended it
 */
function eachLine(stream, onLine) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  /** @param {string} raw */
  const emit = (raw) => {
    const line = stripVTControlCharacters(raw).trimEnd();
    if (line) onLine(line);
  };
  stream?.on('data', (chunk) => {
    const lines = (rest + decoder.write(chunk)).split(/[\r\n]+/);
    rest = lines.pop() ?? '';
    lines.forEach(emit);
  });
  return () => {
    emit(rest);
    rest = '';
  };
}

/** @param {import('node:child_process').ChildProcess} child */
function stopGroup(child) {
  signalGroup(child, 'SIGTERM');
  const kill = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_GRACE_MS);
  child.once('close', () => clearTimeout(kill));
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // it has ended already
  }
}
