import type { LoggerService } from '@nestjs/common';
import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger };

/** Values under these names never reach a log line. */
const secretPaths = ['password', 'token', 'secret', 'masterKey', 'authorization', 'cookie', 'set-cookie', 'sealed'];

/** The logger of one process: one JSON object a line on stdout, with the process's name. */
export function createLogger(processName: string, level: string): Logger {
  return pino(logOptions(processName, level));
}

export function logOptions(processName: string, level: string): LoggerOptions {
  return {
    level,
    base: { process: processName },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: secretPaths.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `req.headers["${name}"]`]),
      censor: '[hidden]',
    },
  };
}

/** Lets Nest write through pino; its chatter at start goes to debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug({ context: contextOf(rest) }, String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn({ context: contextOf(rest) }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const error = message instanceof Error ? message : undefined;
    const stack = rest.find((each) => typeof each === 'string' && each.includes('\n'));
    this.logger.error({ context: contextOf(rest), err: error, stack }, error ? error.message : String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.trace({ context: contextOf(rest) }, String(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.debug(message, ...rest);
  }
}

function contextOf(rest: unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' && !last.includes('\n') ? last : undefined;
}
