import { inspect } from 'node:util';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';
export type LogSource = 'parse' | 'code';

/** One JSON object a line on standard output, as docs/runtime-contract.md has it. PID 1 passes such lines on as they are. */
export function log(level: LogLevel, source: LogSource, msg: string, more: Record<string, unknown> = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, source, msg, ...more })}\n`);
}

/** What was thrown, whatever it is, as fields of a log line. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error === 'string' ? error : inspect(error, { depth: 3 }) };
  return { error: error.message, stack: error.stack, ...codeOf(error) };
}

function codeOf(error: Error & { code?: unknown }): Record<string, unknown> {
  return error.code === undefined ? {} : { code: error.code };
}

/** Lets `console` of the app's code, and of libraries, write such lines too. */
export function redirectConsole(): void {
  const levels = { log: 'info', info: 'info', debug: 'debug', warn: 'warn', error: 'error', trace: 'debug' } as const;
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...parts: unknown[]) => log(level, 'code', text(parts));
  }
}

/** The parts as `console.log` would print them, without colours. */
export function text(parts: unknown[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : inspect(part, { depth: 4, breakLength: 200 }))).join(' ');
}
