const awayNames =
  /^Mongo(ose)?.*(ServerSelection|Network|PoolCleared|PoolClosed|NotConnected|TopologyClosed|WaitQueueTimeout|OperationTimeout)/;

/** True when MongoDB could not be reached: nothing is wrong with what was asked for, and the same may work in a moment. */
export function isDatabaseAway(error: unknown): error is Error {
  return error instanceof Error && awayNames.test(error.name);
}

/** What a log line tells of an error: of a database that is away only that, of everything else all. */
export function errorFields(error: unknown): { reason: string } | { err: unknown } {
  return isDatabaseAway(error) ? { reason: error.message } : { err: error };
}
