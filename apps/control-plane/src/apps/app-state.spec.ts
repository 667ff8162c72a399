import { firstObservation, type RuntimeState, runtimeStates } from '@berth/contracts/documents/runtime';
import type { AppLifecycle } from './app.schema';
import { type AppState, appState } from './app-state';

const now = new Date();
const reason = { code: 'DISK_FULL', message: 'full' };
const runtime = (state: RuntimeState) => ({
  desired: { power: 'running' as const, revision: 1, at: now },
  observed: { ...firstObservation(now), state, reason },
});

describe('state of an app', () => {
  const serving: Record<RuntimeState, AppState> = {
    requested: 'creating',
    creating: 'creating',
    running: 'running',
    frozen: 'sleeping',
    stopped: 'stopped',
    failed: 'failed',
    trashed: 'creating',
    deleting: 'creating',
    deleted: 'creating',
  };

  it.each(runtimeStates)('is what its runtime does while it is active: %s', (state) => {
    expect(appState({ lifecycle: 'active', reason: null }, runtime(state)).state).toBe(serving[state]);
  });

  it.each<AppLifecycle>(['creating', 'trashed', 'deleting', 'failed'])('is %s whatever its runtime does', (lifecycle) => {
    expect(appState({ lifecycle, reason: null }, runtime('running'))).toEqual({ state: lifecycle, reason: null });
  });

  it('tells why it failed', () => {
    expect(appState({ lifecycle: 'active', reason: null }, runtime('failed')).reason).toEqual(reason);
    expect(appState({ lifecycle: 'failed', reason }, null).reason).toEqual(reason);
  });
});
