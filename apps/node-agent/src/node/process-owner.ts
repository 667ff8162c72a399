import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/** Names this process so that another one on the same machine can see whether it still lives. */
export function ownerOfThisProcess(): string {
  return [machine(), process.pid, startOf(process.pid) ?? '0', randomBytes(4).toString('hex')].join('/');
}

/** True when the owner was a process of this machine and boot that is gone. Of other machines nothing is known. */
export function isKnownDead(owner: string): boolean {
  const [boot = '', namespace = '', pid = '', start = ''] = owner.split('/');
  if (`${boot}/${namespace}` !== machine() || !/^\d+$/.test(pid)) return false;
  return startOf(Number(pid)) !== start;
}

/** This boot of this machine, and the namespace in which process ids count. */
function machine(): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
}

/** Clock ticks from boot to the start of a process, which tell a reused id from the first; null when there is none. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; the 22nd field is the 20th after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
