import { isIPv6 } from 'node:net';
import type { Request } from 'express';

/** The caller's address as Express sees it behind the trusted proxies, an IPv4 one without its IPv6 prefix. */
export function clientAddress(request: Request): string {
  return (request.ip ?? request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
}

/** What one client holds at the least: an IPv4 address, or a /64 of IPv6. Limits count these. */
export function addressRange(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  return `${[...first, ...zeros, ...last]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
