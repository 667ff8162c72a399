/**
 * The three maps of the gateway. Each has one owner, and each change carries a revision of the counter `routes`, so that a gateway learns of
 * changes by asking for what is newer than what it has. Removed entries stay as tombstones for a day.
 */
interface Versioned {
  revision: number;
  updatedAt: Date;
  deletedAt: Date | null;
}

/** Collection `route_hosts`, owned by the control plane. `_id` is `<slug>`, `<slug>--<environment>` or a custom domain. */
export interface RouteHost extends Versioned {
  _id: string;
  kind: 'label' | 'domain';
  environmentId: string;
}

/** Collection `route_addresses`, owned by the reconciler. `_id` is the environment's id. */
export interface RouteAddress extends Versioned {
  _id: string;
  runtimeId: string;
  nodeId: string;
  /** `<address>/<port>`, a slash since colons would break IPv6; null sends requests to the activator. */
  target: string | null;
}

export const gatewayAdmissions = ['open', 'suspended', 'maintenance'] as const;
export type GatewayAdmission = (typeof gatewayAdmissions)[number];

/** Collection `route_policies`, owned by plans and admission. `_id` is the environment's id. */
export interface RoutePolicy extends Versioned {
  _id: string;
  admission: GatewayAdmission;
  /** Requests a second for the whole environment, a burst of ten seconds' worth allowed; 0 is unlimited. */
  requestsPerSecond: number;
  /** Largest request body in bytes. */
  maxBodyBytes: number;
}

/** Collection `gateways`: what each gateway has applied. */
export interface GatewayDocument {
  _id: string;
  startedAt: Date;
  heartbeatAt: Date;
  appliedRevision: number;
}

export const runtimePort = 1337;
