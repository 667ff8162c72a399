import { type DriverError, Fatal, Temporary } from '../port/driver-errors';
import type {
  ContainerDetails,
  ContainerEntry,
  EngineEvent,
  EngineInfo,
  Freezer,
  RuntimeDriver,
  RuntimeSpec,
  RuntimeStats,
} from '../port/runtime-driver';

export type FakeCall = keyof Omit<RuntimeDriver, 'watch'> | keyof Freezer;

interface PlannedFault {
  call: FakeCall;
  error: DriverError;
  times: number;
}

/** An engine in memory, for tests. What a person or a fault does outside of the port has methods of its own. */
export class FakeDriver implements RuntimeDriver, Freezer {
  readonly images = new Set<string>();
  /** Every call that came, in order. */
  readonly calls: FakeCall[] = [];
  private readonly containers = new Map<string, ContainerDetails>();
  private readonly handlers = new Set<(event: EngineEvent) => void>();
  private faults: PlannedFault[] = [];
  private nextId = 1;

  /** The next `times` calls of this kind fail with `error`. */
  planFault(call: FakeCall, error: DriverError, times = 1): void {
    this.faults.push({ call, error, times });
  }

  /** As when a container's first process ends by itself. */
  endContainer(runtimeId: string, exitCode = 137, outOfMemory = false): void {
    const container = this.of(runtimeId);
    if (!container) return;
    Object.assign(container, { phase: 'exited', exitCode, outOfMemory });
    this.emit({ kind: 'container-ended', runtimeId });
  }

  addImage(image: string): void {
    this.images.add(image);
    this.emit({ kind: 'image-added' });
  }

  async engine(): Promise<EngineInfo> {
    this.begin('engine');
    return { version: 'fake', cgroup: 2, storageDriver: 'memory', dataFolder: '/' };
  }

  async hasImage(image: string): Promise<boolean> {
    this.begin('hasImage');
    return this.images.has(image);
  }

  async create(spec: RuntimeSpec): Promise<string> {
    this.begin('create');
    const existing = this.of(spec.runtimeId);
    if (existing) return existing.id;
    if (!this.images.has(spec.image)) throw new Fatal('IMAGE_MISSING', { image: spec.image });
    const id = `fake${this.nextId++}`;
    this.containers.set(id, {
      id,
      name: `berth-fake-${spec.runtimeId}`,
      runtimeId: spec.runtimeId,
      phase: 'created',
      address: spec.address,
      image: spec.image,
      size: { memoryMb: spec.size.memoryMb, cpus: spec.size.cpus, pids: spec.size.pids },
      startedAt: null,
      exitCode: null,
      outOfMemory: false,
    });
    return id;
  }

  async start(id: string): Promise<void> {
    this.begin('start');
    const container = this.known(id);
    if (container.phase === 'running') return;
    Object.assign(container, { phase: 'running', startedAt: new Date(), exitCode: null, outOfMemory: false });
  }

  async stop(id: string): Promise<void> {
    this.begin('stop');
    const container = this.containers.get(id);
    if (container?.phase !== 'running' && container?.phase !== 'paused') return;
    Object.assign(container, { phase: 'exited', exitCode: 0 });
    this.emit({ kind: 'container-ended', runtimeId: container.runtimeId });
  }

  async remove(id: string): Promise<void> {
    this.begin('remove');
    this.containers.delete(id);
  }

  async inspect(runtimeId: string): Promise<ContainerDetails | null> {
    this.begin('inspect');
    const container = this.of(runtimeId);
    return container ? { ...container, size: { ...container.size } } : null;
  }

  async list(): Promise<ContainerEntry[]> {
    this.begin('list');
    return [...this.containers.values()].map(({ id, name, runtimeId, phase, address }) => ({
      id,
      name,
      runtimeId,
      phase,
      address,
    }));
  }

  async stats(id: string): Promise<RuntimeStats> {
    this.begin('stats');
    this.known(id);
    return { memoryBytes: 1, cpuNanoseconds: 1, pids: 1, networkReceivedBytes: 0, networkSentBytes: 0 };
  }

  async logs(id: string, lines: number): Promise<string[]> {
    this.begin('logs');
    this.known(id);
    return ['{"level":"info","source":"init","msg":"fake"}'].slice(0, lines);
  }

  watch(handle: (event: EngineEvent) => void, signal: AbortSignal): Promise<void> {
    this.handlers.add(handle);
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        this.handlers.delete(handle);
        resolve();
      });
    });
  }

  async freeze(id: string): Promise<void> {
    this.begin('freeze');
    this.known(id).phase = 'paused';
  }

  async thaw(id: string): Promise<void> {
    this.begin('thaw');
    this.known(id).phase = 'running';
  }

  private begin(call: FakeCall): void {
    this.calls.push(call);
    const fault = this.faults.find((each) => each.call === call);
    if (!fault) return;
    fault.times -= 1;
    if (fault.times <= 0) this.faults = this.faults.filter((each) => each !== fault);
    throw fault.error;
  }

  private of(runtimeId: string): ContainerDetails | undefined {
    return [...this.containers.values()].find((container) => container.runtimeId === runtimeId);
  }

  private known(id: string): ContainerDetails {
    const container = this.containers.get(id);
    if (!container) throw new Temporary('RUNTIME_BOOT_FAILED', { reason: `there is no container ${id}` });
    return container;
  }

  private emit(event: EngineEvent): void {
    for (const handle of this.handlers) handle(event);
  }
}
