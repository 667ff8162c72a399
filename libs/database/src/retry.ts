/** MongoDB's duplicate key, and the code in which DocumentDB reports a PostgreSQL deadlock. */
const duplicateKey = 11000;
const deadlock = 16908292;

/** Code 1, in which DocumentDB passes on PostgreSQL's own words when `findOneAndUpdate` would insert a key that is taken. */
const internalError = 1;
const constraint = /violates (unique|exclusion) constraint/;

export function isDuplicateKey(error: unknown): boolean {
  const code = codeOf(error);
  return code === duplicateKey || (code === internalError && error instanceof Error && constraint.test(error.message));
}

/**
 * Runs an idempotent write again when concurrent upserts of one key made it fail (duplicate key or deadlock), with a short random pause.
 * A duplicate key that stays is thrown: then the key is really taken.
 */
export async function retryConflicts<T>(write: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt >= attempts || !(isDuplicateKey(error) || codeOf(error) === deadlock)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
    }
  }
}

function codeOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined;
}
