import { errorFields, type LogLevel, log, text } from './log';

const levels: Record<string, LogLevel> = {
  error: 'error',
  warn: 'warn',
  info: 'info',
  verbose: 'debug',
  debug: 'debug',
  silly: 'debug',
};

/** A line for each LiveQuery connection. */
const chatter = /^(Create new client|Client disconnect):/;

/**
 * Parse Server's logger adapter. It also stands in for winston in the bundle (image/bundle.mjs), which would cost memory and boot
 * time for what three lines do.
 */
export class ParseLogger {
  log(level: string, ...parts: unknown[]): void {
    const [first, second] = parts;
    // an answer that a client asked for (object not found, wrong password) is no error of the app
    if (first === 'Parse error: ') {
      const { message, code } = second as { message?: string; code?: number };
      log('info', 'parse', message ?? 'request refused', { code });
      return;
    }
    if (typeof first === 'string' && chatter.test(first)) return;
    const error = parts.find((part) => part instanceof Error);
    const rest = parts.filter((part) => part !== error && part !== (error as Error | undefined)?.stack && !isMeta(part));
    log(levels[level] ?? 'info', 'parse', text(rest), error ? errorFields(error) : {});
  }
}

/** Parse Server hands over a last argument of bookkeeping for winston. */
function isMeta(part: unknown): boolean {
  return typeof part === 'object' && part !== null && Object.keys(part).length === 0;
}

export const WinstonLoggerAdapter = ParseLogger;
export default ParseLogger;
