import { availableParallelism } from 'node:os';
import type { RuntimeSize } from '@berth/contracts/documents/runtime';

/** The engine refuses more processors than the machine has; a plan may name more. */
export function runtimeSize(size: RuntimeSize, processors = availableParallelism()): RuntimeSize {
  return { ...size, cpus: Math.min(size.cpus, processors) };
}
