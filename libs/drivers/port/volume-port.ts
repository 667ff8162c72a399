/** A runtime's data on its node. */
export interface VolumeEntry {
  runtimeId: string;
  /** `making` and `removing` are leftovers of an agent that was killed half way; both hold nothing that anybody waits for. */
  state: 'ready' | 'making' | 'removing';
}

export interface VolumeFolders {
  /** Becomes `/data`. */
  data: string;
  /** Becomes `/run/berth`. */
  admin: string;
}

/**
 * The runtimes' data on one node. Another implementation may keep each in an image with a file system of its own, so that `attach` mounts
 * and `detach` unmounts; a plain folder does nothing there.
 */
export interface VolumePort {
  /** True when a full volume is the runtime's own matter, and not the node's. */
  readonly limitsSize: boolean;
  /** Makes an empty volume with the folders and owners of the runtime's contract; does nothing when it is there. Never half made. */
  create(runtimeId: string, sizeMb: number): Promise<void>;
  exists(runtimeId: string): Promise<boolean>;
  /** Makes its folders reachable; needed after each start of the machine. */
  attach(runtimeId: string): Promise<VolumeFolders>;
  detach(runtimeId: string): Promise<void>;
  /** Where its folders are, without touching them. */
  folders(runtimeId: string): VolumeFolders;
  usage(runtimeId: string): Promise<{ bytes: number }>;
  /** Removes it with all data; does nothing when it is gone. Killed half way, `removeLeftovers` goes on. */
  remove(runtimeId: string): Promise<void>;
  list(): Promise<VolumeEntry[]>;
  /** Ends what killed agents began: removes what was half made or being removed. */
  removeLeftovers(): Promise<void>;
}

/**
 * Volumes that can be copied at once, e.g. for a staging environment.
 * @public
 */
export interface VolumeCloner {
  clone(fromRuntimeId: string, toRuntimeId: string): Promise<void>;
}

/**
 * Volumes that can grow while they are used.
 * @public
 */
export interface VolumeResizer {
  resize(runtimeId: string, sizeMb: number): Promise<void>;
}
