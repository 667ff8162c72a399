import { rm } from 'node:fs/promises';
import type { RuntimeDocument, RuntimeObservation } from '@berth/contracts/documents/runtime';
import { AddressTaken, DriverError, Fatal, Temporary } from '@berth/drivers/port/driver-errors';
import { canFreeze, type RuntimeDriver } from '@berth/drivers/port/runtime-driver';
import type { VolumePort } from '@berth/drivers/port/volume-port';
import type { KeyRing } from '@berth/keyring/key-ring';
import type { AddressPool } from '../network/address-pool';
import { AdminClient } from '../runtimes/admin-client';
import { bootRuntime } from '../runtimes/boot-runtime';
import { pushConfig } from '../runtimes/push-config';
import type { RuntimeRecords } from '../runtimes/runtime-records';
import { runtimeSize } from '../runtimes/runtime-size';
import { type Action, reasonOf } from './decide';
import { closeSteps } from './observation';
import { bootSeconds } from './transitions';

/** What an action needs of the node. */
export interface NodeParts {
  driver: RuntimeDriver;
  volumes: VolumePort;
  /** Throws Temporary as long as the runtimes' network cannot be made. */
  addresses(): Promise<AddressPool>;
  keyRing(): KeyRing;
  records: Pick<RuntimeRecords, 'find'>;
}

/** Actions that do something to container, volume or runtime. */
export type Deed = Extract<Action, { enters: unknown }>;

/** Node drains for up to 10 s, then PostgreSQL writes its checkpoint; after this the engine ends both by force. */
export const stopGraceSeconds = 45;

/**
 * Does one action and gives what it changes in the observation. Every action can be done again after it was cut off at any point.
 * @throws DriverError, or the signal's reason
 */
export async function perform(
  action: Deed,
  row: RuntimeDocument,
  parts: NodeParts,
  signal: AbortSignal,
): Promise<Partial<RuntimeObservation>> {
  switch (action.kind) {
    case 'make-volume':
      await parts.volumes.create(row._id, row.size.diskMb);
      return {};
    case 'make-container':
      return { containerId: await makeContainer(row, parts) };
    case 'start-container':
      await startContainer(action.containerId, row, parts);
      return { containerId: action.containerId };
    case 'thaw-container':
      if (canFreeze(parts.driver)) await parts.driver.thaw(action.containerId);
      return {};
    case 'boot': {
      const limit = bootSeconds(row.observed.attempts);
      const isWanted = () => isCurrent(row, parts);
      const generation = await bootRuntime(row._id, adminOf(row, parts), parts.driver, limit, signal, isWanted);
      const steps = closeSteps(row.observed.steps, new Date());
      return { containerId: action.containerId, configGeneration: generation, steps };
    }
    case 'configure':
      return configure(row, parts, signal);
    case 'stop-container':
      await parts.driver.stop(action.containerId, action.force ? 0 : stopGraceSeconds);
      return {};
    case 'remove-container':
      await removeContainer(action.containerId, row, parts);
      return { containerId: null };
    case 'remove-volume':
      await parts.volumes.detach(row._id);
      await parts.volumes.remove(row._id);
      return {};
  }
}

/** Without MongoDB nobody knows better than the record that was read. */
async function isCurrent(row: RuntimeDocument, { records }: NodeParts): Promise<boolean> {
  const now = await records.find(row._id).catch(() => row);
  return now?.desired.revision === row.desired.revision;
}

export async function removeContainer(containerId: string, row: RuntimeDocument, parts: NodeParts): Promise<void> {
  await parts.driver.remove(containerId);
  (await parts.addresses()).release(row._id);
}

async function makeContainer(row: RuntimeDocument, { driver, volumes, addresses }: NodeParts): Promise<string> {
  const pool = await addresses();
  const folders = await volumes.attach(row._id);
  const address = take(pool, row._id);
  try {
    return await driver.create({
      runtimeId: row._id,
      image: row.image,
      size: runtimeSize(row.size),
      address,
      dataFolder: folders.data,
      adminFolder: folders.admin,
    });
  } catch (error) {
    pool.release(row._id);
    throw error;
  }
}

function take(pool: AddressPool, runtimeId: string): string {
  try {
    pool.release(runtimeId);
    return pool.take(runtimeId);
  } catch (cause) {
    throw new Temporary('RUNTIME_BOOT_FAILED', { reason: (cause as Error).message }, { cause });
  }
}

async function startContainer(containerId: string, row: RuntimeDocument, { driver, volumes }: NodeParts): Promise<void> {
  const folders = await volumes.attach(row._id);
  // The socket of the run before would answer “refused” until the new one takes its place.
  await rm(new AdminClient(folders.admin).socketPath, { force: true });
  try {
    await driver.start(containerId);
  } catch (error) {
    // The engine keeps the address in the container; another one needs another container.
    if (error instanceof AddressTaken) await driver.remove(containerId);
    throw error;
  }
}

/** A refusal leaves the older configuration serving, when there is one; the founder sees the reason. */
async function configure(row: RuntimeDocument, parts: NodeParts, signal: AbortSignal): Promise<Partial<RuntimeObservation>> {
  try {
    const generation = await pushConfig(row, adminOf(row, parts), openKeyRing(parts), signal);
    return { configGeneration: generation, reason: null };
  } catch (error) {
    signal.throwIfAborted();
    const hasOlder = row.observed.configGeneration > 0;
    if (error instanceof Fatal && hasOlder) return { reason: reasonOf(error), revision: row.desired.revision };
    if (error instanceof DriverError) throw error;
    throw new Temporary('RUNTIME_BOOT_FAILED', { reason: `its admin socket: ${(error as Error).message}` }, { cause: error });
  }
}

function openKeyRing(parts: NodeParts): KeyRing {
  try {
    return parts.keyRing();
  } catch (cause) {
    const reason = `this machine’s root key cannot be read: ${(cause as Error).message}`;
    throw new Fatal('RUNTIME_CONFIG_REFUSED', { reason }, { cause });
  }
}

function adminOf(row: RuntimeDocument, { volumes }: NodeParts): AdminClient {
  return new AdminClient(volumes.folders(row._id).admin);
}
