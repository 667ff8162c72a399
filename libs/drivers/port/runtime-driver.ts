import type { RuntimeSize } from '@berth/contracts/documents/runtime';

/** All that an engine has to know to make one runtime's container. */
export interface RuntimeSpec {
  runtimeId: string;
  image: string;
  size: RuntimeSize;
  /** IPv4 address on the node's runtime network. */
  address: string;
  /** Folder of the node that becomes `/data`. */
  dataFolder: string;
  /** Folder of the node that becomes `/run/berth`, where PID 1 makes its admin socket. */
  adminFolder: string;
}

/** `broken` is a container that the engine itself could not remove or start; it has to be removed by force. */
export type ContainerPhase = 'created' | 'running' | 'paused' | 'exited' | 'broken';

/** A runtime's container as a listing shows it. */
export interface ContainerEntry {
  id: string;
  name: string;
  runtimeId: string;
  phase: ContainerPhase;
  /** The address it was made with, kept while it is stopped; null when it has none on the runtime network. */
  address: string | null;
}

/** The same looked at closely. */
export interface ContainerDetails extends ContainerEntry {
  /** The image as it was named at creation. */
  image: string;
  /** Limits as the engine holds them; the disk is the volume's. */
  size: Omit<RuntimeSize, 'diskMb'>;
  startedAt: Date | null;
  exitCode: number | null;
  outOfMemory: boolean;
}

export interface RuntimeStats {
  memoryBytes: number;
  /** Processor time since the start, in nanoseconds. */
  cpuNanoseconds: number;
  pids: number;
  networkReceivedBytes: number;
  networkSentBytes: number;
}

export interface EngineInfo {
  version: string;
  cgroup: 1 | 2;
  storageDriver: string;
  /** Folder of the node where the engine keeps images and containers. */
  dataFolder: string;
}

/** Something happened outside of the calls of this port. */
export type EngineEvent = { kind: 'container-ended'; runtimeId: string } | { kind: 'image-added' };

/**
 * Makes and runs the containers of one node. Sees and touches only what carries its installation's label. Every call ends within its own
 * time limit. All of them may throw `Temporary` or `Fatal`.
 */
export interface RuntimeDriver {
  engine(): Promise<EngineInfo>;
  hasImage(image: string): Promise<boolean>;
  /** Makes the container without starting it and gives its id. When this runtime's container is there already, gives that one's. */
  create(spec: RuntimeSpec): Promise<string>;
  /** Starting a running one does nothing. */
  start(id: string): Promise<void>;
  /** Asks it to end, and ends it by force after `graceSeconds`. Stopping one that has ended or is gone does nothing. */
  stop(id: string, graceSeconds: number): Promise<void>;
  /** Removes it whatever it does. Removing one that is gone does nothing. Never touches the volume. */
  remove(id: string): Promise<void>;
  inspect(runtimeId: string): Promise<ContainerDetails | null>;
  list(): Promise<ContainerEntry[]>;
  stats(id: string): Promise<RuntimeStats>;
  /** The last `lines` lines of what it wrote, oldest first. */
  logs(id: string, lines: number): Promise<string[]>;
  /** Calls `handle` for each event until `signal` aborts or the connection ends, then resolves or throws. */
  watch(handle: (event: EngineEvent) => void, signal: AbortSignal): Promise<void>;
}

/** Drivers that can hold a runtime still and give its memory back. */
export interface Freezer {
  freeze(id: string): Promise<void>;
  thaw(id: string): Promise<void>;
}

/**
 * Drivers that can change a running runtime's limits.
 * @public
 */
export interface Resizer {
  resize(id: string, size: RuntimeSize): Promise<void>;
}

export function canFreeze(driver: object): driver is Freezer {
  return 'freeze' in driver && 'thaw' in driver;
}
