/**
 * Runs writes side by side and returns when every one of them has ended, whatever became of the others: only then may what they wrote be
 * taken back.
 * @throws the first error there was
 */
export async function settleAll(writes: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(writes);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
