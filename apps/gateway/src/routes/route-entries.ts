import type { RouteAddress, RouteHost, RoutePolicy } from '@berth/contracts/documents/routes';
import { rateWindowSeconds } from '../haproxy/build-config';
import type { MapName } from '../haproxy/gateway-files';

/** What a document says about one line of a map; null removes the line. */
export interface RouteEntry {
  map: MapName;
  key: string;
  value: string | null;
}

/** Documents of one read. */
export interface RouteDocuments {
  hosts: RouteHost[];
  addresses: RouteAddress[];
  policies: RoutePolicy[];
}

const environmentId = /^[a-z0-9_]{1,32}$/;
const label = /^[a-z0-9-]{1,63}$/;
const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;
const target = /^[0-9a-fA-F.:]+\/\d{1,5}$/;

/**
 * The lines of all documents. A document that could not stand in a map is left out and named to `onInvalid`: keys and values go into commands
 * for HAProxy, where a blank or a line break would begin another one.
 */
export function routeEntries(
  { hosts, addresses, policies }: RouteDocuments,
  baseDomain: string,
  onInvalid: (description: string) => void = () => undefined,
): RouteEntry[] {
  return [
    ...hosts.flatMap((host) => hostEntries(host, baseDomain, onInvalid)),
    ...addresses.flatMap((address) => addressEntries(address, onInvalid)),
    ...policies.flatMap((policy) => policyEntries(policy, onInvalid)),
  ];
}

function hostEntries(host: RouteHost, baseDomain: string, onInvalid: (description: string) => void): RouteEntry[] {
  const value = host.deletedAt ? null : host.environmentId;
  const valid = host.deletedAt !== null || environmentId.test(host.environmentId);
  if (valid && host.kind === 'label' && label.test(host._id)) {
    return [
      { map: 'slugs', key: host._id, value },
      { map: 'hosts', key: `${host._id}.${baseDomain}`, value },
    ];
  }
  // names below the base domain are given by slugs alone
  if (valid && host.kind === 'domain' && domain.test(host._id) && !host._id.endsWith(`.${baseDomain}`))
    return [{ map: 'hosts', key: host._id, value }];
  onInvalid(`host ${JSON.stringify(host._id)}`);
  return [];
}

function addressEntries(address: RouteAddress, onInvalid: (description: string) => void): RouteEntry[] {
  const value = address.deletedAt ? null : address.target;
  if (environmentId.test(address._id) && (value === null || target.test(value)))
    return [{ map: 'addresses', key: address._id, value }];
  onInvalid(`address of ${JSON.stringify(address._id)}`);
  return [];
}

function policyEntries(policy: RoutePolicy, onInvalid: (description: string) => void): RouteEntry[] {
  const numbers = [policy.requestsPerSecond, policy.maxBodyBytes];
  const valid =
    policy.deletedAt !== null || (/^[a-z-]+$/.test(policy.admission) && numbers.every((n) => n >= 0 && Number.isFinite(n)));
  if (environmentId.test(policy._id) && valid)
    return [{ map: 'policies', key: policy._id, value: policy.deletedAt ? null : policyValue(policy) }];
  onInvalid(`policy of ${JSON.stringify(policy._id)}`);
  return [];
}

/** `<admission>/<requests in the window, 0 is any>/<largest body in bytes>`, as the frontend's rules take it apart. */
function policyValue({ admission, requestsPerSecond, maxBodyBytes }: RoutePolicy): string {
  return `${admission}/${Math.ceil(requestsPerSecond * rateWindowSeconds)}/${Math.floor(maxBodyBytes)}`;
}
