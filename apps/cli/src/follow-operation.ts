import { setTimeout as sleep } from 'node:timers/promises';
import { ApiUnreachable, answerOf, type BerthClient } from '@berth/client/client';
import type { components } from '@berth/client/schema';
import { CliError, exitCodes } from './failures';
import type { Progress } from './progress';

export type Operation = components['schemas']['Operation'];

const POLL_MS = 100;
/** A restart of the platform takes a few seconds and does not end an operation. */
const AWAY_MS = 30_000;
const LIMIT_MS = 10 * 60_000;

/**
 * Waits until an operation has ended, telling of its steps.
 * @throws CliError with the operation's own error when it failed
 */
export async function followOperation(client: BerthClient, begun: Operation, progress: Progress): Promise<Operation> {
  const startedAt = Date.now();
  let answeredAt = startedAt;
  let operation = begun;
  try {
    while (operation.state === 'running') {
      progress.update(operation);
      if (Date.now() - startedAt > LIMIT_MS) throw stillRunning(operation);
      await sleep(POLL_MS);
      try {
        operation = await answerOf(client.GET('/v1/operations/{id}', { params: { path: { id: begun.id } } }));
        answeredAt = Date.now();
      } catch (error) {
        if (!(error instanceof ApiUnreachable) || Date.now() - answeredAt > AWAY_MS) throw error;
      }
    }
    progress.update(operation);
    if (operation.state === 'failed') throw failed(operation);
  } catch (error) {
    progress.fail();
    throw error;
  }
  progress.done();
  return operation;
}

function failed({ error }: Operation): CliError {
  const { code, message, next } = error ?? { code: 'INTERNAL', message: 'The operation failed.', next: 'Try again.' };
  return new CliError(code, message, next);
}

function stillRunning({ id }: Operation): CliError {
  const next = 'It goes on without this command; berth apps info shows how it ended.';
  return new CliError('OPERATION_SLOW', `Operation ${id} has not ended in ten minutes.`, next, exitCodes.failed);
}
