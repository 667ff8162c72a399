import type { RuntimeDocument } from '@berth/contracts/documents/runtime';
import { Fatal, Temporary } from '@berth/drivers/port/driver-errors';
import { type KeyRing, SealError } from '@berth/keyring/key-ring';
import type { AdminAnswer, AdminClient } from './admin-client';

/** Longer than PID 1 gives Node to apply it. */
const timeoutMs = 35_000;

/**
 * Opens the record's configuration and has the runtime apply it. Gives the generation that the runtime has then.
 * @throws Fatal RUNTIME_CONFIG_REFUSED · Temporary RUNTIME_BOOT_FAILED · AdminUnreachable
 */
export async function pushConfig(
  row: RuntimeDocument,
  admin: AdminClient,
  keyRing: KeyRing,
  signal: AbortSignal,
): Promise<number> {
  const body = open(row, keyRing);
  const answer = await admin.call('PUT', '/config', { body, timeoutMs, signal });
  if (answer.status === 200) return acknowledged(row, answer);
  const reason = String(answer.body?.message ?? `status ${answer.status}`);
  if (answer.status === 409 || answer.status === 422 || answer.status === 400)
    throw new Fatal('RUNTIME_CONFIG_REFUSED', { reason });
  throw new Temporary('RUNTIME_BOOT_FAILED', { reason: `it did not take its configuration: ${reason}` });
}

function open(row: RuntimeDocument, keyRing: KeyRing): string {
  try {
    return keyRing.open(row.config.sealed, `runtime:${row._id}:config`);
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause;
    throw new Fatal(
      'RUNTIME_CONFIG_REFUSED',
      { reason: `it cannot be opened with this machine’s root key (${cause.message})` },
      { cause },
    );
  }
}

function acknowledged(row: RuntimeDocument, { body }: AdminAnswer): number {
  const generation = Number(body?.generation);
  if (generation >= row.config.generation) return generation;
  const reason = `generation ${row.config.generation} was wanted, ${generation} was acknowledged`;
  throw new Fatal('RUNTIME_CONFIG_REFUSED', { reason });
}
