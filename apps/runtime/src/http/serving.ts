import type { IncomingMessage } from 'node:http';
import type { RuntimeConfig } from '@berth/contracts/runtime-config';
import type { KeyRotation } from '../parse/key-rotation';
import type { MountPaths } from './mount-paths';

/** What one request is answered by: the configuration as it was when the request came, whatever is applied meanwhile. */
export interface Serving {
  config: RuntimeConfig;
  keys: KeyRotation;
  mountPaths: MountPaths;
}

const serving = Symbol('serving');

export function attachServing(request: IncomingMessage, value: Serving): void {
  (request as IncomingMessage & { [serving]?: Serving })[serving] = value;
}

/** Undefined for the requests that Parse Server makes to itself without HTTP. */
export function servingOf(request: IncomingMessage): Serving | undefined {
  return (request as IncomingMessage & { [serving]?: Serving })[serving];
}
