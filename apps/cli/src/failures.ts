import { ApiFailure, ApiUnreachable } from '@berth/client/client';
import { CommanderError } from 'commander';

/** What the process ends with; docs/cli.md lists them for scripts. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, notSignedIn: 3, notFound: 4, unreachable: 5 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Something the CLI itself refuses or cannot do. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly code: string,
    message: string,
    /** What to do next. */
    readonly next: string,
    readonly exitCode: ExitCode = exitCodes.failed,
  ) {
    super(message);
  }
}

export interface Failure {
  exitCode: ExitCode;
  body: { code: string; message: string; next: string };
  /** The usage text was all there was to say. */
  silent?: boolean;
}

/** What a person or a script is told about an error. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CliError) return failure(error.exitCode, error.code, error.message, error.next);
  if (error instanceof ApiFailure) return failure(exitCodeOf(error.status), error.code, error.message, nextOf(error));
  if (error instanceof ApiUnreachable) {
    const next = 'Is Berth running (npm start, npm run doctor)? For one elsewhere set BERTH_API_URL.';
    return failure(exitCodes.unreachable, 'API_UNREACHABLE', error.message, next);
  }
  if (error instanceof CommanderError) return describeUsage(error);
  const message = error instanceof Error ? error.message : String(error);
  return failure(exitCodes.failed, 'INTERNAL', message, 'Try again; npm run doctor checks the platform.');
}

function describeUsage(error: CommanderError): Failure {
  const shown = error.code === 'commander.help' || error.code === 'commander.helpDisplayed' || error.code === 'commander.version';
  const message = shown ? 'A command is missing.' : capitalized(error.message.replace(/^error: /, ''));
  const exitCode = shown && error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  return { ...failure(exitCode, 'USAGE', message, 'See berth --help, or berth COMMAND --help.'), silent: shown };
}

function failure(exitCode: ExitCode, code: string, message: string, next: string): Failure {
  return { exitCode, body: { code, message, next } };
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401) return exitCodes.notSignedIn;
  if (status === 404) return exitCodes.notFound;
  return exitCodes.failed;
}

function nextOf(error: ApiFailure): string {
  return error.status === 401 && error.code === 'SIGN_IN_REQUIRED' ? 'Sign in with berth login, or set BERTH_TOKEN.' : error.next;
}

function capitalized(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return sentence.endsWith('.') || sentence.endsWith('?') || sentence.endsWith(')') ? sentence : `${sentence}.`;
}
