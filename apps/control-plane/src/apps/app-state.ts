import type { Reason, RuntimeDocument } from '@berth/contracts/documents/runtime';
import type { AppDocument } from './app.schema';

export const appStates = ['creating', 'running', 'sleeping', 'stopped', 'failed', 'trashed', 'deleting'] as const;
export type AppState = (typeof appStates)[number];

/** What an app does as a person would say it: where it is in its life, and while it serves what production's runtime does. */
export function appState(
  app: Pick<AppDocument, 'lifecycle' | 'reason'>,
  production: Pick<RuntimeDocument, 'observed' | 'desired'> | null,
): { state: AppState; reason: Reason | null } {
  if (app.lifecycle !== 'active') return { state: app.lifecycle, reason: app.lifecycle === 'failed' ? app.reason : null };
  if (!production) return { state: 'creating', reason: null };
  const { state, reason } = production.observed;
  switch (state) {
    case 'requested':
    case 'creating':
      return { state: 'creating', reason };
    case 'running':
      return { state: 'running', reason };
    case 'frozen':
      return { state: 'sleeping', reason };
    case 'stopped':
      return { state: 'stopped', reason };
    case 'failed':
      return { state: 'failed', reason };
    // It was restored a moment ago and its node has not looked yet.
    case 'trashed':
    case 'deleting':
    case 'deleted':
      return { state: 'creating', reason: null };
  }
}
