// Checked through deploy/jsconfig.json alone: the compiler of the TypeScript sources, which reads this file too, knows no import.meta.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the project that this file belongs to. */
export const CLONE = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/**
 * How to run a command as the person who owns the clone: what the setup builds there stays theirs, not root's.
 * @param {string} command
 * @param {string[]} args
 * @returns {{ command: string, args: string[], env: NodeJS.ProcessEnv }}
 */
export function asCloneOwner(command, args) {
  const { uid, gid } = statSync(CLONE);
  if (uid === 0 || process.getuid?.() !== 0) return { command, args, env: process.env };
  const home = accountOf(uid)?.home ?? CLONE;
  const drop = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--', command];
  return { command: 'setpriv', args: [...drop, ...args], env: { ...process.env, HOME: home } };
}

/**
 * @param {number | string} who user id or name
 * @returns {{ name: string, uid: number, gid: number, comment: string, home: string } | undefined}
 */
export function accountOf(who) {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name = '', , uid, gid, comment = '', home = ''] = line.split(':');
    if (name === who || (name !== '' && uid === String(who))) return { name, uid: Number(uid), gid: Number(gid), comment, home };
  }
  return undefined;
}
