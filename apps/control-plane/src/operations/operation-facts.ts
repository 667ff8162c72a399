import type { GatewayDocument } from '@berth/contracts/documents/routes';
import type { NodeDocument, RuntimeDocument } from '@berth/contracts/documents/runtime';

/** All that an operation's progress can be read from. */
export interface OperationFacts {
  /** When the app's environments were written; null while there is none. */
  environmentsAt: Date | null;
  /** The runtimes of the operation's environments. */
  runtimes: RuntimeDocument[];
  /** Environments among them that the reconciler has given an address to. */
  addressed: ReadonlySet<string>;
  /** Highest revision of the environments' routes of all three maps, tombstones too; 0 without any. */
  routesRevision: number;
  gateways: GatewayDocument[];
  nodes: Pick<NodeDocument, '_id' | 'name' | 'heartbeatAt'>[];
}

/** A gateway that was not heard of for this long serves nothing that has to be waited for. */
export const gatewayAliveMs = 10_000;

export function liveGateways(gateways: readonly GatewayDocument[], now: Date): GatewayDocument[] {
  return gateways.filter((gateway) => now.getTime() - gateway.heartbeatAt.getTime() < gatewayAliveMs);
}

/** True when every gateway that serves has these routes, and there is one. */
export function isRouted(facts: OperationFacts, now: Date): boolean {
  const live = liveGateways(facts.gateways, now);
  return live.length > 0 && live.every((gateway) => gateway.appliedRevision >= facts.routesRevision);
}
