import { firstObservation, type RuntimeDocument } from '@berth/contracts/documents/runtime';
import { deriveOperation } from './derive-operation';
import type { OperationRow } from './operation.schema';
import type { OperationFacts } from './operation-facts';
import { operationPlans } from './operation-plan';

const t0 = new Date('2026-01-01T00:00:00Z');
const at = (seconds: number) => new Date(t0.getTime() + seconds * 1000);
const now = at(5);

type Observed = Partial<RuntimeDocument['observed']>;
const done = (name: string) => ({ name, startedAt: at(1), finishedAt: at(2) });
const open = (name: string) => ({ name, startedAt: at(2), finishedAt: null });

function operation(kind: OperationRow['kind'], more: Partial<OperationRow> = {}): OperationRow {
  const plan = operationPlans[kind];
  return {
    _id: 'op_1',
    orgId: 'org_1',
    accountId: 'acc_1',
    kind,
    appId: 'app_1',
    environmentId: 'env_1',
    runtimeId: 'rt_1',
    generation: null,
    state: 'running',
    steps: plan.steps.map((name) => ({ name, state: 'pending', startedAt: null, finishedAt: null })),
    error: null,
    verdict: null,
    version: 1,
    createdAt: t0,
    deadline: at(plan.seconds),
    finishedAt: null,
    ...more,
  };
}

function runtime(observed: Observed, power: RuntimeDocument['desired']['power'] = 'running', revision = 1): RuntimeDocument {
  return {
    _id: 'rt_1',
    nodeId: 'node_1',
    environmentId: 'env_1',
    image: 'image',
    size: { memoryMb: 1, cpus: 1, pids: 1, diskMb: 1 },
    desired: { power, revision, at: t0 },
    config: { generation: 1, sealed: '' },
    purge: null,
    observed: { ...firstObservation(t0), ...observed },
    reconcileAt: null,
    createdAt: t0,
  };
}

function facts(more: Partial<OperationFacts> = {}): OperationFacts {
  return {
    environmentsAt: t0,
    runtimes: [],
    addressed: new Set(),
    routesRevision: 7,
    gateways: [{ _id: 'gw_1', startedAt: t0, heartbeatAt: at(4), appliedRevision: 7 }],
    nodes: [{ _id: 'node_1', name: 'one', heartbeatAt: at(4) }],
    ...more,
  };
}

const running: Observed = { state: 'running', since: at(3), revision: 1, configGeneration: 1 };
const served = { runtimes: [runtime(running)], addressed: new Set(['env_1']) };
const gateway = (appliedRevision: number, heartbeatAt = at(4)) => ({ _id: 'gw', startedAt: t0, heartbeatAt, appliedRevision });

describe('app.create', () => {
  it.each<[string, Partial<OperationFacts>, string, string]>([
    ['nothing is written yet', { environmentsAt: null }, 'r......', 'running'],
    ['the environment is written', {}, 'dr.....', 'running'],
    ['the runtime is written', { runtimes: [runtime({})] }, 'dd.....', 'running'],
    ['the volume is being made', { runtimes: [runtime({ state: 'creating', steps: [open('volume')] })] }, 'ddr....', 'running'],
    [
      'it boots',
      { runtimes: [runtime({ state: 'creating', steps: [done('volume'), done('container'), open('boot')] })] },
      'ddddr..',
      'running',
    ],
    [
      'it began anew after a failed attempt',
      { runtimes: [runtime({ state: 'creating', attempts: 1, steps: [open('volume')] })] },
      'ddr....',
      'running',
    ],
    ['it runs and has no address yet', { runtimes: [runtime(running)] }, 'ddddddr', 'running'],
    ['no gateway has the routes yet', { ...served, gateways: [gateway(6)] }, 'ddddddr', 'running'],
    ['one of two gateways lacks the routes', { ...served, gateways: [gateway(7), gateway(6)] }, 'ddddddr', 'running'],
    ['no gateway is alive', { ...served, gateways: [gateway(7, at(-20))] }, 'ddddddr', 'running'],
    ['a dead gateway lacks the routes', { ...served, gateways: [gateway(7), gateway(1, at(-20))] }, 'ddddddd', 'succeeded'],
    ['all is there', served, 'ddddddd', 'succeeded'],
    [
      'the volume was there before and nobody noted a step',
      { runtimes: [runtime({ ...running, steps: [done('container')] })], addressed: new Set(['env_1']) },
      'ddddddd',
      'succeeded',
    ],
  ])('%s', (_, given, steps, state) => {
    const derived = deriveOperation(operation('app.create'), facts(given), now);
    expect(short(derived.steps)).toBe(steps);
    expect(derived.state).toBe(state);
    expect(derived.error).toBeNull();
  });

  it('keeps the times that were noted, and gives no step a negative time', () => {
    const early = deriveOperation(operation('app.create'), facts(served), now);
    const still = { ...served, gateways: [gateway(7, at(49))] };
    const late = deriveOperation(operation('app.create', { steps: early.steps }), facts(still), at(50));
    expect(late.steps).toEqual(early.steps);
    for (const { startedAt, finishedAt } of early.steps) expect(startedAt!.getTime()).toBeLessThanOrEqual(finishedAt!.getTime());
  });

  const full = { code: 'DISK_FULL', message: 'full' };
  const docker = { code: 'ENGINE_UNAVAILABLE', message: 'no Docker' };
  const failed = (reason: typeof full, revision = 1) => ({
    runtimes: [runtime({ state: 'failed', reason, revision }, 'running', 1)],
  });

  it.each<[string, Partial<OperationFacts>, Date, string | null]>([
    ['the node gave up', failed(full), now, 'DISK_FULL'],
    ['the node gave up on something older', failed(full, 0), now, null],
    ['Docker is away for a moment', failed(docker), now, null],
    ['Docker stays away', failed(docker), at(21), 'ENGINE_UNAVAILABLE'],
    ['it tries again after a failure', { runtimes: [runtime({ state: 'creating', reason: full, attempts: 1 })] }, now, null],
    ['it still tries at the deadline', { runtimes: [runtime({ state: 'creating', reason: full })] }, at(121), 'DISK_FULL'],
    [
      'nobody knows why at the deadline',
      { runtimes: [runtime({ state: 'creating' })], nodes: [] },
      at(121),
      'OPERATION_TIMED_OUT',
    ],
    ['the node agent is silent at the deadline', { runtimes: [runtime({})] }, at(121), 'NODE_UNAVAILABLE'],
    ['no gateway is alive at the deadline', served, at(121), 'UNAVAILABLE'],
  ])('%s', (_, given, when, code) => {
    const derived = deriveOperation(operation('app.create'), facts(given), when);
    expect(derived.error?.code ?? null).toBe(code);
    expect(derived.state).toBe(code ? 'failed' : 'running');
    expect(derived.steps.filter((step) => step.state === 'failed')).toHaveLength(code ? 1 : 0);
    if (code) expect(derived.error?.next).toBeTruthy();
  });

  it('ends well when all is done at the deadline', () => {
    const alive = { ...served, gateways: [gateway(7, at(200))] };
    expect(deriveOperation(operation('app.create'), facts(alive), at(200)).state).toBe('succeeded');
  });
});

describe('other kinds', () => {
  const trashed = (observed: Observed) => ({ runtimes: [runtime(observed, 'trashed', 2)] });
  const deleted = (observed: Observed) => ({ runtimes: [runtime(observed, 'deleted', 3)] });
  const restored = (observed: Observed, addressed = new Set(['env_1'])) => ({
    runtimes: [runtime(observed, 'running', 3)],
    addressed,
  });
  const configured = (observed: Observed, power?: RuntimeDocument['desired']['power']) => ({
    runtimes: [runtime({ ...running, ...observed }, power, 2)],
    addressed: new Set(['env_1']),
  });
  const refused = { reason: { code: 'RUNTIME_CONFIG_REFUSED', message: 'no' }, revision: 2 };

  it.each<[OperationRow['kind'], string, Partial<OperationRow>, Partial<OperationFacts>, string, string]>([
    ['app.delete', 'it still runs', {}, trashed(running), 'dr', 'running'],
    [
      'app.delete',
      'gateways still let in',
      {},
      { ...trashed({ state: 'trashed', revision: 2 }), gateways: [gateway(6)] },
      'r.',
      'running',
    ],
    ['app.delete', 'it is in the trash from an earlier time', {}, trashed({ state: 'trashed', revision: 1 }), 'dr', 'running'],
    ['app.delete', 'it stopped', {}, trashed({ state: 'trashed', revision: 2 }), 'dd', 'succeeded'],
    [
      'app.delete',
      'it stopped and no gateway is alive',
      {},
      { ...trashed({ state: 'trashed', revision: 2 }), gateways: [] },
      'dd',
      'succeeded',
    ],
    ['app.restore', 'it does not run yet', {}, restored({ state: 'trashed', revision: 2 }), 'r.', 'running'],
    ['app.restore', 'it ran before it was trashed', {}, restored({ ...running, revision: 1 }), 'r.', 'running'],
    ['app.restore', 'it has no address', {}, restored({ ...running, revision: 3 }, new Set()), 'dr', 'running'],
    ['app.restore', 'it serves', {}, restored({ ...running, revision: 3 }), 'dd', 'succeeded'],
    ['app.purge', 'the volume is still there', {}, deleted({ state: 'deleting', revision: 3 }), 'dr', 'running'],
    ['app.purge', 'all is removed', {}, deleted({ state: 'deleted', revision: 3 }), 'dd', 'succeeded'],
    ['app.purge', 'there never was a runtime', {}, { environmentsAt: null }, 'dd', 'succeeded'],
    ['environment.configure', 'the configuration is not written', {}, configured({}), '..', 'running'],
    ['environment.configure', 'it is not pushed', { generation: 2 }, configured({}), 'r.', 'running'],
    ['environment.configure', 'it is pushed', { generation: 2 }, configured({ configGeneration: 2 }), 'dd', 'succeeded'],
    ['environment.configure', 'a newer one is pushed', { generation: 2 }, configured({ configGeneration: 3 }), 'dd', 'succeeded'],
    [
      'environment.configure',
      'the runtime sleeps',
      { generation: 2 },
      configured({ state: 'stopped' }, 'stopped'),
      'dd',
      'succeeded',
    ],
    ['environment.configure', 'it is refused', { generation: 2 }, configured(refused), 'f.', 'failed'],
  ])('%s: %s', (kind, _, more, given, steps, state) => {
    const derived = deriveOperation(operation(kind, more), facts(given), now);
    expect(derived.state).toBe(state);
    expect(short(derived.steps)).toBe(steps);
  });
});

/** One letter a step: done, running, failed, a dot for pending. */
function short(steps: { state: string }[]): string {
  return steps.map(({ state }) => (state === 'pending' ? '.' : state[0])).join('');
}
