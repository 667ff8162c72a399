import Parse from 'parse/node';

/** Classes of PostgreSQL's error codes that mean: this value or comparison makes no sense for this column. */
const wrongValue = /^(22|42804|42883|42846|0A000)/;
const cancelled = '57014';
const outOfSpace = new Set(['53100', '53200']);

/** Gives a database error the Parse code that a client can act on; Parse Server itself answers 500 to all of them. */
export function toParseError(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code !== 'string') return error;
  if (wrongValue.test(code)) return new Parse.Error(Parse.Error.INVALID_QUERY, message ?? 'The query is not valid.');
  if (code === cancelled) return new Parse.Error(Parse.Error.TIMEOUT, 'The query took longer than it may.');
  if (outOfSpace.has(code)) return new Parse.Error(Parse.Error.EXCEEDED_QUOTA, 'The database has no space left.');
  return error;
}

export async function withParseErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toParseError(error);
  }
}
