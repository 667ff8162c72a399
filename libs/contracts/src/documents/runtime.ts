/** What the API wants of a runtime's power; the reconciler works towards it. */
export const desiredPowers = ['running', 'frozen', 'stopped', 'trashed', 'deleted'] as const;
export type DesiredPower = (typeof desiredPowers)[number];

/** What the reconciler saw. `docs/runtime-life.md` explains each; the transition table is in the node agent. */
export const runtimeStates = [
  'requested',
  'creating',
  'running',
  'frozen',
  'stopped',
  'trashed',
  'deleting',
  'deleted',
  'failed',
] as const;
export type RuntimeState = (typeof runtimeStates)[number];

/** Limits of one runtime, from the app's plan. */
export interface RuntimeSize {
  memoryMb: number;
  /** Share of a CPU, e.g. 0.5. */
  cpus: number;
  pids: number;
  diskMb: number;
}

export interface Reason {
  /** A code of the error catalogue. */
  code: string;
  message: string;
}

export interface Step {
  name: string;
  startedAt: Date;
  finishedAt: Date | null;
}

/**
 * One made instance of the shared image: container, volume, minted keys, node, generation. Collection `runtimes`.
 * The control plane writes all but `observed`; the node agent of `nodeId` alone writes `observed`.
 */
export interface RuntimeDocument {
  _id: string;
  nodeId: string;
  /** null while warm and unclaimed. */
  environmentId: string | null;
  image: string;
  size: RuntimeSize;
  desired: {
    power: DesiredPower;
    /** Rises with every change of `desired`, `config`, `image` or `size`. */
    revision: number;
    at: Date;
  };
  /** A `RuntimeConfig`, sealed by the key ring with the runtime's id as context; pushed over the admin socket. */
  config: { generation: number; sealed: string };
  /** Data goes only on this record: the volume is removed only when it is set. */
  purge: { approvedAt: Date; approvedBy: string } | null;
  observed: RuntimeObservation;
  /** When the reconciler has to look next; null when settled. Whoever changes `desired` sets it to now. */
  reconcileAt: Date | null;
  createdAt: Date;
}

export interface RuntimeObservation {
  state: RuntimeState;
  since: Date;
  /** The desired revision that this state answers to. */
  revision: number;
  /** Past it the reconciler rolls back or forward; null in a settled state. */
  deadline: Date | null;
  containerId: string | null;
  /** IPv4 address on the node's runtime bridge; null unless running or frozen. */
  address: string | null;
  configGeneration: number;
  image: string | null;
  steps: Step[];
  reason: Reason | null;
  attempts: number;
}

/** The observation a new runtime record starts with. */
export function firstObservation(now: Date): RuntimeObservation {
  return {
    state: 'requested',
    since: now,
    revision: 0,
    deadline: null,
    containerId: null,
    address: null,
    configGeneration: 0,
    image: null,
    steps: [],
    reason: null,
    attempts: 0,
  };
}

/** A machine that runs runtimes. Collection `nodes`; its agent writes it. */
export interface NodeDocument {
  _id: string;
  name: string;
  /** One agent at a time: a second one waits until this runs out. */
  lease: { owner: string; expiresAt: Date };
  heartbeatAt: Date;
  version: string;
  engine: { version: string; cgroup: 1 | 2; storageDriver: string } | null;
  /** Why new runtimes are refused, e.g. the disk is full; null when they are taken. */
  refusing: Reason | null;
  capacity: { memoryMb: number; cpus: number; diskFreeMb: number };
  /** Things found that the agent will not touch by itself, e.g. a volume without a record. */
  quarantine: { kind: 'volume' | 'container' | 'network'; name: string; foundAt: Date; reason: string }[];
}
