import type { GetEventsOptions } from 'dockerode';
import type { EngineEvent } from '../port/runtime-driver';
import type { EngineCalls } from './engine-calls';
import { mapDockerError } from './map-error';
import { installationLabel, runtimeLabel } from './names';

interface RawEvent {
  Type?: string;
  Action?: string;
  Actor?: { Attributes?: Record<string, string> };
}

/** Labels are compared here: the engine's label filter would hide images. */
const filters = { type: ['container' as const, 'image' as const], event: ['die', 'tag', 'import', 'load', 'pull'] };

/** Follows the engine's event stream until `signal` aborts (resolves) or the stream ends (throws). */
export async function watchEngine(
  calls: EngineCalls,
  installationId: string,
  handle: (event: EngineEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const options: GetEventsOptions & { abortSignal: AbortSignal } = { filters, abortSignal: signal };
    const stream = await calls.docker.getEvents(options);
    let rest = '';
    for await (const chunk of stream) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = readEvent(installationId, line);
        if (event) handle(event);
      }
    }
  } catch (error) {
    if (signal.aborted) return;
    throw mapDockerError(error, { seconds: 0 });
  }
  if (!signal.aborted) throw mapDockerError({ code: 'ECONNRESET' }, { seconds: 0 });
}

export function readEvent(installationId: string, line: string): EngineEvent | null {
  if (line.trim() === '') return null;
  const raw = JSON.parse(line) as RawEvent;
  if (raw.Type === 'image') return { kind: 'image-added' };
  const labels = raw.Actor?.Attributes ?? {};
  const runtimeId = labels[runtimeLabel];
  if (raw.Type !== 'container' || labels[installationLabel] !== installationId || !runtimeId) return null;
  return { kind: 'container-ended', runtimeId };
}
