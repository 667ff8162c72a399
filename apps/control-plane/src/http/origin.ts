import { consoleOrigin } from '@berth/config/addresses';
import type { Settings } from '@berth/config/settings';
import { BerthError } from '@berth/errors/berth-error';
import type { Request } from 'express';

/**
 * Refuses what another site makes a browser send with our cookie.
 * @param mayLack a request without `Origin` is let through: browsers send one with every POST, programs need not.
 * @throws BerthError `ORIGIN_REFUSED`
 */
export function requireOwnOrigin(request: Request, settings: Settings, { mayLack }: { mayLack: boolean }): void {
  const origin = request.get('origin');
  if (origin === undefined && mayLack) return;
  if (origin !== undefined && ownOrigins(request, settings).includes(origin)) return;
  throw new BerthError('ORIGIN_REFUSED');
}

function ownOrigins(request: Request, settings: Settings): string[] {
  const own = [new URL(consoleOrigin(settings)).origin];
  const host = request.get('host') ?? '';
  // Only a loopback name: another one could be an attacker's that resolves to us.
  if (/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)) own.push(`http://${host}`);
  return own;
}
