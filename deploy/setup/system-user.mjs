// @ts-check
import { run } from '../images/run.mjs';
import { accountOf } from '../lib/clone.mjs';
import { SetupError } from '../lib/setup-error.mjs';

export const USER = 'berth';
/** By this the uninstall knows a user that the setup made. */
export const USER_COMMENT = 'Berth, made by its setup';

/** The user of every process that needs no root; undefined when there is none yet. */
export function systemUser() {
  return accountOf(USER);
}

/** @returns {Promise<{ uid: number, gid: number, made: boolean }>} */
export async function ensureSystemUser() {
  const found = systemUser();
  if (found) return { uid: found.uid, gid: found.gid, made: false };
  const args = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'];
  await run('useradd', [...args, '--comment', USER_COMMENT, USER]).catch((error) => {
    throw new SetupError(`The system user “${USER}” could not be made.`, `Make it and start again: useradd --system ${USER}`, {
      output: error.lastLines,
    });
  });
  const made = systemUser();
  if (!made)
    throw new SetupError(
      `The system user “${USER}” was made but is not in /etc/passwd.`,
      'Make it a local user and start again.',
    );
  return { uid: made.uid, gid: made.gid, made: true };
}
