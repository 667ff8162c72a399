// @ts-check
import { statSync } from 'node:fs';
import { run } from '../images/run.mjs';
import { ensureFolder } from '../lib/files.mjs';

/**
 * The folders of BERTH_HOME, each open to those alone who need it. Pid files are root's: whoever could write one could have any
 * process killed.
 * @param {import('../lib/home.mjs').Home} home
 * @param {{ uid: number, gid: number }} user
 */
export async function ensureHomeFolders(home, user) {
  const rootForUser = { uid: 0, gid: user.gid };
  ensureFolder(home.home, 0o755);
  ensureFolder(home.secrets, 0o750, rootForUser);
  ensureFolder(home.run, 0o750, rootForUser);
  ensureFolder(home.logs, 0o750, rootForUser);
  ensureFolder(home.releases, 0o755);
  ensureFolder(home.cache, 0o755);
  ensureFolder(home.runtimes, 0o711);
  for (const [folder, mode] of /** @type {const} */ ([
    [home.redis, 0o700],
    [home.gateway, 0o750],
  ])) {
    const before = statSync(folder, { throwIfNoEntry: false })?.uid;
    ensureFolder(folder, mode, user);
    // data that outlived an uninstall belongs to the number that the user had then
    if (before !== undefined && before !== user.uid) await run('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
  }
}
