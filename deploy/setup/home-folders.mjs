// @ts-check
import { ensureFolder } from '../lib/files.mjs';

/**
 * The folders of BERTH_HOME, each open to those alone who need it. Pid files are root's: whoever could write one could have any
 * process killed.
 * @param {import('../lib/home.mjs').Home} home
 * @param {{ uid: number, gid: number }} user
 */
export function ensureHomeFolders(home, user) {
  const rootForUser = { uid: 0, gid: user.gid };
  ensureFolder(home.home, 0o755);
  ensureFolder(home.secrets, 0o750, rootForUser);
  ensureFolder(home.run, 0o750, rootForUser);
  ensureFolder(home.logs, 0o750, rootForUser);
  ensureFolder(home.releases, 0o755);
  ensureFolder(home.cache, 0o755);
  ensureFolder(home.runtimes, 0o711);
  ensureFolder(home.redis, 0o700, user);
  ensureFolder(home.gateway, 0o750, user);
}
