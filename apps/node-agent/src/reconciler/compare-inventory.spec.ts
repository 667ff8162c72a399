import type { RuntimeState } from '@berth/contracts/documents/runtime';
import type { ContainerEntry, ContainerPhase } from '@berth/drivers/port/runtime-driver';
import type { RuntimeSummary } from '../runtimes/runtime-records';
import { compareInventory } from './compare-inventory';

const container = (runtimeId: string, phase: ContainerPhase = 'running'): ContainerEntry => ({
  id: `c-${runtimeId}`,
  name: `berth-x-${runtimeId}`,
  runtimeId,
  phase,
  address: null,
});
const volume = (runtimeId: string) => ({ runtimeId, state: 'ready' as const });
const record = (id: string, state: RuntimeState, purge: RuntimeSummary['purge'] = null): [string, RuntimeSummary] => [
  id,
  { _id: id, purge, desired: { power: 'running' }, observed: { state } },
];

function compare(given: Partial<Parameters<typeof compareInventory>[0]>) {
  return compareInventory({ containers: [], volumes: [], records: new Map(), serving: [], ...given });
}

describe('what is compared', () => {
  it.each<[string, RuntimeState, ContainerPhase, boolean]>([
    ['a running one that runs', 'running', 'running', false],
    ['a running one that has ended', 'running', 'exited', true],
    ['a running one that is paused', 'running', 'paused', true],
    ['a stopped one at rest', 'stopped', 'exited', false],
    ['a stopped one that somebody started', 'stopped', 'running', true],
    ['a trashed one that somebody started', 'trashed', 'running', true],
    ['a deleted one that still has a container', 'deleted', 'exited', true],
    ['one being made', 'creating', 'created', false],
  ])('%s', (_what, state, phase, isLookedAt) => {
    const { lookAt } = compare({ containers: [container('a', phase)], records: new Map([record('a', state)]) });
    expect(lookAt).toEqual(isLookedAt ? ['a'] : []);
  });

  it('one that should serve and has no container', () => {
    expect(
      compare({ serving: ['a', 'b'], containers: [container('b')], records: new Map([record('b', 'running')]) }).lookAt,
    ).toEqual(['a']);
  });
});

describe('orphans', () => {
  it('removes a container without a record and only reports the volume', () => {
    const found = compare({ containers: [container('a')], volumes: [volume('a')] });
    expect(found.remove.map((each) => each.runtimeId)).toEqual(['a']);
    expect(found.quarantine).toEqual([{ kind: 'volume', name: 'a', reason: expect.stringContaining('no record') }]);
    expect(found.halted).toBeNull();
  });

  it('removes nothing when there are suddenly many, and says so', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const found = compare({ containers: ids.map((id) => container(id)) });
    expect(found.remove).toEqual([]);
    expect(found.halted).toContain('4 of 4');
    expect(found.quarantine.map((each) => each.kind)).toEqual(ids.map(() => 'container'));
  });

  it.each([
    [20, 100, false],
    [21, 100, true],
    [3, 3, false],
    [4, 20, false],
    [5, 20, true],
  ])('%i of %i: halts %p', (orphans, all, isHalted) => {
    const containers = Array.from({ length: all }, (_, index) => container(`r${index}`));
    const records = new Map(containers.slice(orphans).map(({ runtimeId }) => record(runtimeId, 'running')));
    expect(compare({ containers, records }).halted !== null).toBe(isHalted);
  });

  it('reports the volume of a deleted runtime until a purge record is there', () => {
    const purge = { approvedAt: new Date(), approvedBy: 'acc_1' };
    const records = new Map([record('kept', 'deleted'), record('going', 'deleted', purge), record('used', 'stopped')]);
    const volumes = ['kept', 'going', 'used'].map(volume);
    expect(compare({ volumes, records }).quarantine.map((each) => each.name)).toEqual(['kept']);
  });

  it('passes over what is half made or half removed', () => {
    expect(compare({ volumes: [{ runtimeId: 'a', state: 'making' }] }).quarantine).toEqual([]);
  });
});
