import { firstObservation, type RuntimeDocument, type RuntimeObservation } from '@berth/contracts/documents/runtime';
import { afterEnd, closeSteps, entering, failing, settled } from './observation';

const start = new Date('2026-01-01T12:00:00Z');
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const reason = { code: 'RUNTIME_BOOT_FAILED', message: 'it did not boot' };

function row(observed: Partial<RuntimeObservation> = {}): RuntimeDocument {
  return {
    _id: 'rt_1',
    nodeId: 'node_1',
    environmentId: 'env_1',
    image: 'berth/runtime:1',
    size: { memoryMb: 256, cpus: 0.5, pids: 100, diskMb: 1000 },
    desired: { power: 'running', revision: 3, at: start },
    config: { generation: 2, sealed: 's1' },
    purge: null,
    observed: { ...firstObservation(start), ...observed },
    reconcileAt: start,
    createdAt: start,
  };
}

describe('entering', () => {
  it('opens a step, sets the deadline once and keeps both while it goes on', () => {
    const first = entering(row(), { kind: 'make-volume', enters: 'creating' }, at(0));
    expect(first).toMatchObject({ state: 'creating', since: at(0), deadline: at(90) });
    const second = entering(row(first), { kind: 'make-container', enters: 'creating' }, at(1));
    const third = entering(row(second), { kind: 'start-container', enters: 'creating', containerId: 'c1' }, at(2));
    expect(third).toMatchObject({ since: at(0), deadline: at(90) });
    expect(third.steps).toEqual([
      { name: 'volume', startedAt: at(0), finishedAt: at(1) },
      { name: 'container', startedAt: at(1), finishedAt: null },
    ]);
  });

  it('begins the steps anew for another start', () => {
    const old = { state: 'stopped' as const, steps: [{ name: 'volume', startedAt: at(0), finishedAt: at(1) }] };
    const observed = entering(row(old), { kind: 'start-container', enters: 'creating', containerId: 'c1' }, at(9));
    expect(observed.steps).toEqual([{ name: 'container', startedAt: at(9), finishedAt: null }]);
  });

  it('gives later attempts more time', () => {
    const observed = entering(row({ attempts: 2 }), { kind: 'make-volume', enters: 'creating' }, at(0));
    expect(observed.deadline).toEqual(at(360));
  });

  it('sets a deadline for stopping, without leaving the state', () => {
    const changes = { state: 'running' as const, address: '10.0.0.1' };
    const stopping = { ...row(changes), desired: { power: 'stopped' as const, revision: 4, at: start } };
    const observed = entering(stopping, { kind: 'stop-container', enters: 'running', containerId: 'c1', force: false }, at(0));
    expect(observed).toMatchObject({ state: 'running', deadline: at(90) });
  });

  it('refuses a way that the table does not have', () => {
    const action = { kind: 'start-container', enters: 'requested', containerId: 'c1' } as const;
    expect(() => entering(row({ state: 'running' }), action, at(0))).toThrow('cannot go from running to requested');
  });
});

describe('settled', () => {
  it('answers to the desired revision, without reason, deadline or open step', () => {
    const open = [{ name: 'configure', startedAt: at(0), finishedAt: null }];
    const before = row({ state: 'creating', steps: open, deadline: at(90), reason, attempts: 2, configGeneration: 2 });
    expect(settled(before, 'running', '10.0.0.1', at(5))).toMatchObject({
      state: 'running',
      revision: 3,
      address: '10.0.0.1',
      deadline: null,
      reason: null,
      attempts: 2,
      image: 'berth/runtime:1',
      steps: [{ name: 'configure', finishedAt: at(5) }],
    });
  });

  it('keeps a refusal told as long as the refused configuration is wanted', () => {
    const refusal = { code: 'RUNTIME_CONFIG_REFUSED', message: 'no' };
    const refused = row({ state: 'running', configGeneration: 1, reason: refusal });
    expect(settled(refused, 'running', '10.0.0.1', at(5)).reason).toEqual(refusal);
    const applied = row({ state: 'running', configGeneration: 2, reason: refusal });
    expect(settled(applied, 'running', '10.0.0.1', at(5)).reason).toBeNull();
  });
});

describe('failing', () => {
  it('stays where it is for some quick attempts, then counts as failed', () => {
    let current = row({ state: 'creating', deadline: at(90) });
    const states: string[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      current = { ...current, observed: failing(current, reason, false, at(attempt)) };
      states.push(current.observed.state);
    }
    expect(states).toEqual(['creating', 'creating', 'creating', 'failed']);
    expect(current.observed).toMatchObject({ attempts: 4, reason, deadline: null, revision: 3 });
  });

  it('fails at once for what will fail the same way again', () => {
    expect(failing(row({ state: 'creating' }), reason, true, at(1)).state).toBe('failed');
  });

  it('never takes down what serves', () => {
    expect(failing(row({ state: 'running', attempts: 9 }), reason, true, at(1)).state).toBe('running');
  });
});

describe('afterEnd', () => {
  it('counts ends that follow each other, until it counts as failed', () => {
    let current = row({ state: 'running', since: at(0) });
    const states: string[] = [];
    for (let end = 1; end <= 4; end++) {
      const observed = afterEnd(current, reason, at(end));
      states.push(observed.state);
      current = row({ ...observed, state: 'running', since: at(end) });
    }
    expect(states).toEqual(['creating', 'creating', 'creating', 'failed']);
  });

  it('begins to count anew after it ran soundly', () => {
    const observed = afterEnd(row({ state: 'running', since: at(0), attempts: 3, address: '10.0.0.1' }), reason, at(1000));
    expect(observed).toMatchObject({ state: 'creating', attempts: 1, address: null, reason });
  });
});

it('closes the step that is open', () => {
  const steps = [
    { name: 'volume', startedAt: at(0), finishedAt: at(1) },
    { name: 'boot', startedAt: at(1), finishedAt: null },
  ];
  expect(closeSteps(steps, at(2)).map((step) => step.finishedAt)).toEqual([at(1), at(2)]);
});
