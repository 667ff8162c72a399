import { useSyncExternalStore } from 'react';

/** Whether the last request reached the API. One truth for the banner and the retries. */
let away = false;
const listeners = new Set<() => void>();

export function noteReached(): void {
  set(false);
}

export function noteAway(): void {
  set(true);
}

export function useIsAway(): boolean {
  return useSyncExternalStore(subscribe, () => away);
}

function set(next: boolean): void {
  if (away === next) return;
  away = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
