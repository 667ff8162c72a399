import { availableParallelism } from 'node:os';
import { firstObservation, type RuntimeDocument, type RuntimeObservation } from '@berth/contracts/documents/runtime';
import type { ContainerDetails } from '@berth/drivers/port/runtime-driver';
import { decide } from './decide';

const now = new Date('2026-01-01T12:00:00Z');
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);

const size = { memoryMb: 256, cpus: 0.5, pids: 100, diskMb: 1000 };
const reason = { code: 'RUNTIME_BOOT_FAILED', message: 'it did not boot' };
const refusal = { code: 'RUNTIME_CONFIG_REFUSED', message: 'refused' };

type Changes = Omit<Partial<RuntimeDocument>, 'observed'> & { observed?: Partial<RuntimeObservation>; power?: string };

function row({ observed, power = 'running', ...rest }: Changes = {}): RuntimeDocument {
  return {
    _id: 'rt_1',
    nodeId: 'node_1',
    environmentId: 'env_1',
    image: 'berth/runtime:1',
    size,
    desired: { power, revision: 3, at: before(1) } as RuntimeDocument['desired'],
    config: { generation: 2, sealed: 's1' },
    purge: null,
    reconcileAt: before(1),
    createdAt: before(100),
    ...rest,
    observed: { ...firstObservation(before(100)), ...observed },
  };
}

function container(changes: Partial<ContainerDetails> = {}): ContainerDetails {
  return {
    id: 'c1',
    name: 'berth-x-rt_1',
    runtimeId: 'rt_1',
    phase: 'running',
    address: '10.213.0.5',
    image: 'berth/runtime:1',
    size: { memoryMb: 256, cpus: 0.5, pids: 100 },
    startedAt: before(60),
    exitCode: null,
    outOfMemory: false,
    ...changes,
  };
}

const running: Partial<RuntimeObservation> = {
  state: 'running',
  since: before(50),
  revision: 3,
  containerId: 'c1',
  address: '10.213.0.5',
  configGeneration: 2,
};
const booted: Partial<RuntimeObservation> = {
  state: 'creating',
  containerId: 'c1',
  steps: [{ name: 'boot', startedAt: before(59), finishedAt: before(58) }],
};
const purge = { approvedAt: before(5), approvedBy: 'acc_1' };
const exited = container({ phase: 'exited', exitCode: 1 });

interface Case {
  when: string;
  row: Changes;
  container?: ContainerDetails | null;
  volume?: boolean;
  does: Record<string, unknown>;
}

const cases: Case[] = [
  // towards running
  { when: 'nothing is there', row: {}, container: null, volume: false, does: { kind: 'make-volume', enters: 'creating' } },
  { when: 'only the volume is there', row: {}, container: null, does: { kind: 'make-container', enters: 'creating' } },
  {
    when: 'it was made',
    row: {},
    container: container({ phase: 'created' }),
    does: { kind: 'start-container', containerId: 'c1' },
  },
  { when: 'it was started', row: {}, does: { kind: 'boot', enters: 'creating' } },
  { when: 'it has booted', row: { observed: booted }, does: { kind: 'configure', enters: 'creating' } },
  {
    when: 'it has booted with the wanted configuration',
    row: { observed: { ...booted, configGeneration: 2 } },
    does: { kind: 'settle', state: 'running' },
  },
  {
    when: 'the boot that was seen was of an earlier run',
    row: { observed: { ...booted, steps: [{ name: 'boot', startedAt: before(99), finishedAt: before(90) }] } },
    does: { kind: 'boot' },
  },
  { when: 'all is as wanted', row: { observed: running }, does: { kind: 'settle', state: 'running' } },
  {
    when: 'freezing is wanted, which comes later',
    row: { power: 'frozen', observed: running },
    does: { kind: 'settle', state: 'running' },
  },
  {
    when: 'the configuration rose',
    row: { observed: running, config: { generation: 3, sealed: '' } },
    does: { kind: 'configure', enters: 'running' },
  },
  {
    when: 'the configuration was refused and an older one serves',
    row: { observed: { ...running, configGeneration: 1, reason: refusal } },
    does: { kind: 'settle', state: 'running' },
  },
  {
    when: 'it was refused, and the record has changed since',
    row: { observed: { ...running, configGeneration: 1, reason: refusal, revision: 2 } },
    does: { kind: 'configure' },
  },
  {
    when: 'the runtime has a later configuration than the record, after a restored backup',
    row: { observed: { ...running, configGeneration: 9 } },
    does: { kind: 'settle', state: 'running' },
  },
  { when: 'it ended by itself', row: { observed: running }, container: exited, does: { kind: 'note-end' } },
  { when: 'its container was removed', row: { observed: running }, container: null, does: { kind: 'note-end' } },
  {
    when: 'it ended while a pause between two pushes of its configuration lasts',
    row: { observed: { ...running, reason }, reconcileAt: after(100) },
    container: exited,
    does: { kind: 'note-end' },
  },
  {
    when: 'it was restarted behind our back',
    row: { observed: running },
    container: container({ startedAt: before(2) }),
    does: { kind: 'boot' },
  },
  {
    when: 'another container has its place',
    row: { observed: running },
    container: container({ id: 'c2' }),
    does: { kind: 'boot' },
  },
  {
    when: 'it was stopped',
    row: { observed: { ...running, state: 'stopped' } },
    container: exited,
    does: { kind: 'start-container' },
  },
  {
    when: 'somebody paused it',
    row: { observed: running },
    container: container({ phase: 'paused' }),
    does: { kind: 'thaw-container' },
  },
  {
    when: 'the engine calls it dead',
    row: { observed: booted },
    container: container({ phase: 'broken' }),
    does: { kind: 'remove-container' },
  },
  {
    when: 'another image is wanted',
    row: { observed: running, image: 'berth/runtime:2' },
    does: { kind: 'stop-container', enters: 'creating', force: false },
  },
  {
    when: 'another image is wanted of a container at rest',
    row: { observed: { ...running, state: 'creating' }, image: 'berth/runtime:2' },
    container: exited,
    does: { kind: 'remove-container', enters: 'creating' },
  },
  {
    when: 'another size is wanted',
    row: { observed: running, size: { ...size, memoryMb: 512 } },
    does: { kind: 'stop-container', enters: 'creating' },
  },
  {
    when: 'another disk is wanted, which is the volume’s matter',
    row: { observed: running, size: { ...size, diskMb: 5000 } },
    does: { kind: 'settle' },
  },
  {
    when: 'more processors are wanted than there are, which the engine would refuse',
    row: { size: { ...size, cpus: 4096 }, observed: running },
    container: container({ size: { memoryMb: 256, cpus: availableParallelism(), pids: 100 } }),
    does: { kind: 'settle' },
  },
  {
    when: 'its data has vanished: never an empty one in its place',
    row: { observed: { ...running, state: 'creating' } },
    container: null,
    volume: false,
    does: { kind: 'refuse', reason: expect.objectContaining({ code: 'RUNTIME_BOOT_FAILED' }) },
  },
  {
    when: 'the deadline is past',
    row: { observed: { ...booted, deadline: before(1) } },
    does: { kind: 'roll-back', containerId: 'c1' },
  },
  {
    when: 'the pause after a failure lasts',
    row: { observed: { state: 'failed', reason, revision: 3 }, reconcileAt: after(5) },
    container: null,
    does: { kind: 'wait', until: after(5) },
  },
  {
    when: 'the pause lasts but the record has changed',
    row: { observed: { state: 'failed', reason, revision: 2 }, reconcileAt: after(5) },
    container: null,
    does: { kind: 'make-container' },
  },
  {
    when: 'the pause is over',
    row: { observed: { state: 'failed', reason, revision: 3 } },
    container: null,
    does: { kind: 'make-container', enters: 'creating' },
  },

  // towards stopped and trashed
  {
    when: 'stopping is wanted',
    row: { power: 'stopped', observed: running },
    does: { kind: 'stop-container', enters: 'running', force: false },
  },
  {
    when: 'stopping takes too long',
    row: { power: 'stopped', observed: { ...running, deadline: before(1) } },
    does: { kind: 'stop-container', force: true },
  },
  {
    when: 'a frozen container is to be stopped',
    row: { power: 'stopped', observed: running },
    container: container({ phase: 'paused' }),
    does: { kind: 'stop-container' },
  },
  {
    when: 'it has stopped',
    row: { power: 'stopped', observed: running },
    container: exited,
    does: { kind: 'settle', state: 'stopped' },
  },
  {
    when: 'it is wanted stopped before it was ever made',
    row: { power: 'stopped' },
    container: null,
    volume: false,
    does: { kind: 'settle', state: 'stopped' },
  },
  { when: 'it is wanted in the trash', row: { power: 'trashed', observed: running }, does: { kind: 'stop-container' } },
  {
    when: 'it is at rest for the trash',
    row: { power: 'trashed', observed: running },
    container: exited,
    does: { kind: 'settle', state: 'trashed' },
  },
  {
    when: 'what is to rest is broken',
    row: { power: 'trashed', observed: running },
    container: container({ phase: 'broken' }),
    does: { kind: 'remove-container' },
  },

  // towards deleted
  {
    when: 'deleting keeps the data: it is brought to rest first',
    row: { power: 'deleted', observed: running },
    does: { kind: 'stop-container', enters: 'deleting' },
  },
  {
    when: 'it is at rest',
    row: { power: 'deleted', observed: running },
    container: exited,
    does: { kind: 'remove-container', enters: 'deleting' },
  },
  { when: 'the data goes too', row: { power: 'deleted', observed: running, purge }, does: { kind: 'remove-container' } },
  {
    when: 'resting takes too long',
    row: { power: 'deleted', observed: { ...running, deadline: before(1) } },
    does: { kind: 'remove-container' },
  },
  {
    when: 'only data is left and a purge record is there',
    row: { power: 'deleted', purge },
    container: null,
    does: { kind: 'remove-volume', enters: 'deleting' },
  },
  {
    when: 'only data is left and no purge record',
    row: { power: 'deleted' },
    container: null,
    does: { kind: 'settle', state: 'deleted' },
  },
  {
    when: 'a purge record comes after it was deleted',
    row: { power: 'deleted', purge, observed: { state: 'deleted', revision: 3 } },
    container: null,
    does: { kind: 'remove-volume' },
  },
  {
    when: 'all is gone',
    row: { power: 'deleted', purge },
    container: null,
    volume: false,
    does: { kind: 'settle', state: 'deleted' },
  },
];

describe('decide', () => {
  it.each(cases)('when $when', ({ row: changes, container: found = container(), volume = true, does }) => {
    expect(decide(row(changes), { container: found, volumeExists: volume }, now)).toMatchObject(does);
  });

  it('says how it ended', () => {
    const memory = container({ phase: 'exited', exitCode: 137, outOfMemory: true });
    const action = decide(row({ observed: running }), { container: memory, volumeExists: true }, now);
    expect(action).toMatchObject({ reason: { message: expect.stringContaining('ran out of memory') } });
  });
});
