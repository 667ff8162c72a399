import { AddressTaken, type DriverError, Fatal, Temporary } from '../port/driver-errors';

/** What a call was about, for the sentences. */
export interface CallContext {
  seconds: number;
  image?: string;
}

interface EngineError {
  code?: string;
  statusCode?: number;
  name?: string;
  message?: string;
  json?: { message?: string };
}

interface Rule {
  when: (error: EngineError, message: string) => boolean;
  gives: (context: CallContext, message: string, cause: unknown) => DriverError;
}

const away = new Set(['ECONNREFUSED', 'ENOENT', 'EACCES', 'ECONNRESET', 'EPIPE', 'ENOTSOCK', 'EAGAIN']);

/** The first rule that fits counts. */
const rules: Rule[] = [
  {
    when: (error) => error.name === 'AbortError' || error.name === 'TimeoutError' || error.code === 'ABORT_ERR',
    gives: ({ seconds }, _message, cause) => new Temporary('OPERATION_TIMED_OUT', { seconds }, { cause }),
  },
  {
    when: (error) => error.statusCode === undefined && error.code !== undefined && away.has(error.code),
    gives: (_context, _message, cause) => new Temporary('ENGINE_UNAVAILABLE', {}, { cause }),
  },
  {
    when: (error, message) => error.statusCode === 404 && /no such image|image .*not found|manifest unknown/i.test(message),
    gives: ({ image }, _message, cause) => new Fatal('IMAGE_MISSING', { image: image ?? 'of the runtimes' }, { cause }),
  },
  {
    when: (_error, message) => /no space left on device|disk quota exceeded|ENOSPC/i.test(message),
    gives: (_context, _message, cause) => new Temporary('DISK_FULL', {}, { cause }),
  },
  {
    when: (_error, message) => /address already in use/i.test(message),
    gives: (_context, _message, cause) => new AddressTaken({ cause }),
  },
  {
    when: (error) => error.statusCode === 400,
    gives: (_context, message, cause) => new Fatal('RUNTIME_BOOT_FAILED', { reason: message }, { cause }),
  },
];

/** The port's error for what dockerode threw. Whatever has no rule may pass by itself. */
export function mapDockerError(thrown: unknown, context: CallContext): DriverError {
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }) as EngineError;
  const message = (error.json?.message ?? error.message ?? 'an error without a message').split('\n')[0] ?? '';
  const rule = rules.find((each) => each.when(error, message));
  return rule?.gives(context, message, thrown) ?? new Temporary('RUNTIME_BOOT_FAILED', { reason: message }, { cause: thrown });
}

export function statusOf(thrown: unknown): number | undefined {
  return (thrown as EngineError | undefined)?.statusCode;
}
