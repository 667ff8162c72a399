// @ts-check
import { lookup } from 'node:dns/promises';
import { statfsSync } from 'node:fs';
import { run } from '../images/run.mjs';
import { readIfThere } from '../lib/files.mjs';
import { hasSystemd, inContainer } from '../setup/machine.mjs';
import { hasSwap } from '../setup/swap.mjs';
import { ok, warning, wrong } from './finding.mjs';

const LOW_BYTES = 3 * 1024 ** 3;
const LOW_INODES = 0.05;
/** Sources before that cannot have been running on this machine. */
const EARLIEST_YEAR = 2025;

export function checkSwap() {
  const lines = (readIfThere('/proc/swaps') ?? '').trim().split('\n').slice(1);
  if (hasSwap()) return ok('swap', lines.map((line) => line.split(/\s+/)[0]).join(', '));
  const mend = inContainer()
    ? 'Give the host of this container swap.'
    : 'npm run stop && npm start makes a swap file, where the disk has room.';
  return warning('swap', 'there is none: sleeping apps keep their memory', mend);
}

/**
 * Apps have host names below the base domain. curl and browsers resolve *.localhost on their own; Node and others ask the system.
 * @param {string} baseDomain
 */
export async function checkHostNames(baseDomain) {
  const name = `x.${baseDomain}`;
  const bySystem = await run('getent', ['hosts', name], { timeoutMs: 5000 }).then(
    () => true,
    () => false,
  );
  const byNode = await lookup(name).then(
    () => true,
    () => false,
  );
  if (bySystem && byNode) return ok('host names', `${name} resolves`);
  const who = [...(bySystem ? [] : ['getent']), ...(byNode ? [] : ['Node'])].join(' and ');
  const mend =
    baseDomain === 'localhost'
      ? 'apt-get install libnss-myhostname, with "myhostname" in the hosts line of /etc/nsswitch.conf'
      : `Make a DNS record for *.${baseDomain} that names this machine.`;
  return warning('host names', `${name} is not resolved by ${who}; addresses by path (/@<slug>/) work`, mend);
}

/** @param {string} path */
export function checkDiskRoom(path) {
  const { bavail, bsize, ffree, files } = statfsSync(path);
  const gigabytes = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GB free`;
  if (bavail * bsize < LOW_BYTES) return wrong('disk', gigabytes, 'Free some room: docker image prune, old logs, deleted apps.');
  if (files > 0 && ffree / files < LOW_INODES)
    return wrong(
      'disk',
      `${gigabytes}, but only ${ffree} more files`,
      'Remove files, or make the file system anew with more inodes.',
    );
  return ok('disk', gigabytes);
}

/** Sessions, certificates and bills go by the clock. */
export async function checkClock() {
  const now = new Date();
  if (now.getFullYear() < EARLIEST_YEAR) return wrong('clock', now.toISOString(), 'Set the clock: timedatectl set-ntp true');
  if (!hasSystemd()) return ok('clock', now.toISOString());
  const synchronized = await run('timedatectl', ['show', '--property=NTPSynchronized', '--value'], { timeoutMs: 5000 }).catch(
    () => '',
  );
  if (synchronized === 'no') return warning('clock', `${now.toISOString()}, not synchronized`, 'timedatectl set-ntp true');
  return ok('clock', now.toISOString());
}
