import { setTimeout as sleep } from 'node:timers/promises';
import { Temporary } from '@berth/drivers/port/driver-errors';
import type { ContainerDetails, RuntimeDriver } from '@berth/drivers/port/runtime-driver';
import { type AdminAnswer, type AdminClient, AdminUnreachable } from './admin-client';

const pollMs = 10;
const lookEveryMs = 250;
/** Short, so that an end of the container and a changed wish are seen soon. */
const longestHoldMs = 1000;

/** The record asks for something else by now: there is no use in waiting on. */
export class Superseded extends Error {
  override name = 'Superseded';
}

/**
 * Waits until the runtime says that it is ready, and gives the generation of the configuration that it has.
 * @param isWanted asked now and then, whether the boot still leads to what is desired
 * @throws Temporary RUNTIME_BOOT_FAILED when it ends or the time is up; Superseded; the signal's reason when that aborts
 */
export async function bootRuntime(
  runtimeId: string,
  admin: AdminClient,
  driver: RuntimeDriver,
  limitSeconds: number,
  signal: AbortSignal,
  isWanted: () => Promise<boolean> = async () => true,
): Promise<number> {
  const end = Date.now() + limitSeconds * 1000;
  let lastLook = Date.now();
  let lastState = 'its first process does not answer';
  while (Date.now() < end) {
    const answer = await ask(admin, Math.min(longestHoldMs, end - Date.now()), signal);
    signal.throwIfAborted();
    if (answer?.status === 200) return Number(answer.body?.generation ?? 0);
    if (answer) lastState = describe(answer);
    if (Date.now() - lastLook > lookEveryMs) {
      lastLook = Date.now();
      await assertRunning(await driver.inspect(runtimeId), driver);
      if (!(await isWanted())) throw new Superseded('the record asks for something else');
    }
    await sleep(pollMs, undefined, { signal });
  }
  throw new Temporary('RUNTIME_BOOT_FAILED', { reason: `not ready within ${limitSeconds} seconds: ${lastState}` });
}

/** Null while there is no socket yet, or nobody behind it. */
async function ask(admin: AdminClient, holdMs: number, signal: AbortSignal): Promise<AdminAnswer | null> {
  const timeoutMs = Math.max(1, Math.round(holdMs));
  try {
    return await admin.call('GET', `/ready?timeoutMs=${timeoutMs}`, { timeoutMs: timeoutMs + 2000, signal });
  } catch (error) {
    if (error instanceof AdminUnreachable) return null;
    throw error;
  }
}

async function assertRunning(container: ContainerDetails | null, driver: RuntimeDriver): Promise<void> {
  if (container?.phase === 'running') return;
  if (!container) throw new Temporary('RUNTIME_BOOT_FAILED', { reason: 'its container was removed' });
  const how = container.outOfMemory ? 'it ran out of memory' : `it ended with exit code ${container.exitCode ?? 'unknown'}`;
  const said = await lastWords(container.id, driver);
  throw new Temporary('RUNTIME_BOOT_FAILED', { reason: said ? `${how}: ${said}` : how });
}

async function lastWords(containerId: string, driver: RuntimeDriver): Promise<string> {
  const lines = await driver.logs(containerId, 20).catch(() => []);
  const line = lines.findLast((each) => /"level":"(error|fatal)"/.test(each)) ?? lines.at(-1) ?? '';
  return messageOf(line).slice(0, 300);
}

function messageOf(line: string): string {
  try {
    return String((JSON.parse(line) as { msg?: unknown }).msg ?? line);
  } catch {
    return line;
  }
}

function describe({ body }: AdminAnswer): string {
  const state = (body?.state ?? body) as { postgres?: string; node?: { state?: string } | string; message?: string } | null;
  const node = typeof state?.node === 'object' ? state.node.state : state?.node;
  if (state?.postgres || node) return `PostgreSQL ${state?.postgres ?? 'unknown'}, Node ${node ?? 'unknown'}`;
  return String(body?.message ?? 'no reason given');
}
