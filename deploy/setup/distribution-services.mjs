// @ts-check
import { run } from '../images/run.mjs';
import { hasSystemd } from './machine.mjs';

/** Packages whose own service Berth does not use. */
const SERVICES = ['redis-server', 'haproxy'];

/**
 * Berth runs its own Redis and HAProxy. Where the setup has just installed the package, the distribution's service is ended and kept
 * from starting with the machine; one that was there before is not touched.
 * @param {string[]} justInstalled
 * @returns {Promise<string[]>} the services that were switched off
 */
export async function switchOffServices(justInstalled) {
  const ours = SERVICES.filter((name) => justInstalled.includes(name));
  for (const name of ours) {
    if (hasSystemd()) await run('systemctl', ['disable', '--now', name]).catch(() => {});
    else await run('update-rc.d', [name, 'disable']).catch(() => {});
  }
  return ours;
}
