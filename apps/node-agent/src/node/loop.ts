import { setTimeout as sleep } from 'node:timers/promises';
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
      if (trouble !== null) logger.info({ loop: name }, `${name} works again`);
      trouble = null;
    } catch (error) {
      const message = (error as Error).message;
      if (!signal.aborted && trouble === null) logger.warn({ loop: name, err: error }, `${name} does not work: ${message}`);
      trouble = message;
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
