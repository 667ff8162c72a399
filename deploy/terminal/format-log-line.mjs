// @ts-check
import { styleText } from 'node:util';

const LEVELS = /** @type {Record<string, { text: string, style: Parameters<typeof styleText>[0] }>} */ ({
  trace: { text: 'trace', style: 'gray' },
  debug: { text: 'debug', style: 'gray' },
  info: { text: 'info ', style: 'green' },
  warn: { text: 'warn ', style: 'yellow' },
  error: { text: 'error', style: 'red' },
  fatal: { text: 'fatal', style: 'red' },
});
/** Said elsewhere on the line, or of no use to a person. */
const HIDDEN = new Set(['level', 'time', 'msg', 'process', 'pid', 'hostname', 'err', 'stack', 'v']);
const NAME_WIDTH = 10;
const LONGEST_VALUE = 120;

/**
 * A line of a process's log for people: time, level, who, message, then what else it carries.
 * @param {string} source name of the log
 * @param {string} line a JSON object, or plain text from a program that is not ours
 * @param {{ colour?: boolean }} [options]
 * @returns {string}
 */
export function formatLogLine(source, line, { colour = false } = {}) {
  const paint = (/** @type {Parameters<typeof styleText>[0]} */ style, /** @type {string} */ text) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const record = parse(line);
  const name = paint('cyan', source.padEnd(NAME_WIDTH));
  if (!record) return `${paint('gray', '             ')} ${name} ${line.trimEnd()}`;
  const { text, style } = LEVELS[String(record.level)] ?? { text: String(record.level ?? '').padEnd(5), style: 'white' };
  const rest = Object.entries(record).filter(([key, value]) => !HIDDEN.has(key) && value !== undefined && value !== null);
  const details = rest.map(([key, value]) => paint('gray', `${key}=${shorten(value)}`)).join(' ');
  const stack = record.err?.stack ?? record.stack;
  const head = `${paint('gray', clock(record.time))} ${paint(style, text)} ${name} ${record.msg ?? ''}`;
  return [details === '' ? head : `${head} ${details}`, ...(stack ? [indent(String(stack))] : [])].join('\n');
}

/** @param {string} line @returns {any} undefined when it is no JSON object */
function parse(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** @param {unknown} time ISO text or milliseconds @returns {string} `hh:mm:ss` in this machine's zone */
function clock(time) {
  const date = new Date(/** @type {string | number} */ (time));
  return Number.isNaN(date.getTime()) ? '        ' : date.toTimeString().slice(0, 8);
}

/** @param {unknown} value */
function shorten(value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** @param {string} stack */
function indent(stack) {
  return stack
    .split('\n')
    .map((line) => `    ${line.trim()}`)
    .join('\n');
}
