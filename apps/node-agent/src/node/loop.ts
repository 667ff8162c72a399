import { setTimeout as sleep } from 'node:timers/promises';
import { errorFields } from '@berth/database/away';
import { DriverError } from '@berth/drivers/port/driver-errors';
import type { Logger } from '@berth/observability/logger';

/**
 * Does `task` again and again, `everyMs` after it ended, until `signal` aborts. A task that fails is done again; it is logged when the
 * trouble begins and when it is over, not each time.
 */
export async function loop(
  name: string,
  everyMs: number,
  task: () => Promise<unknown>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  let trouble: string | null = null;
  while (!signal.aborted) {
    try {
      await task();
      if (trouble !== null) logger.info({ loop: name }, `no more trouble with ${name}`);
      trouble = null;
    } catch (error) {
      const message = (error as Error).message;
      // What is known to be away needs no stack.
      const fields = error instanceof DriverError ? { reason: message } : errorFields(error);
      if (!signal.aborted && trouble === null) logger.warn({ loop: name, ...fields }, `trouble with ${name}`);
      trouble = message;
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
