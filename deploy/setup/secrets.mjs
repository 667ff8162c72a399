// @ts-check
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, readFileSync } from 'node:fs';
import { writeWhole } from '../lib/files.mjs';
import { SetupError } from '../lib/setup-error.mjs';

const PASSWORD_BYTES = 24;
/** The user inside the container of the embedded MongoDB (`deploy/mongodb/container.mjs`), where BERTH_HOME is root's. */
const MONGODB_USER = { uid: 27017, gid: 27017 };

/**
 * Makes each secret once; later starts only set the rights again.
 * @param {import('../lib/home.mjs').Home} home
 * @param {{ uid: number, gid: number }} user who reads the root key and the setup token
 * @param {import('./installation.mjs').Installation} installation
 * @returns {{ mongodbPassword: string, redisPassword: string }}
 * @throws {SetupError} when the root key is gone: what it sealed could never be opened with a new one
 */
export function ensureSecrets(home, user, installation) {
  const rootKey = home.secret('root.key');
  if (installation.rootKey && !existsSync(rootKey)) {
    throw new SetupError(
      `${rootKey} is gone, and every secret in the database was sealed with it.`,
      'Put it back from your backup. (To begin anew without the data: npm run uninstall -- --data)',
    );
  }
  const root = { uid: 0, gid: 0 };
  ensureSecret(rootKey, () => `k1:${randomBytes(32).toString('base64')}\n`, user);
  installation.rootKey = true;
  ensureSecret(home.secret('setup-token'), password, user);
  return {
    mongodbPassword: ensureSecret(home.secret('mongodb-password'), password, MONGODB_USER),
    redisPassword: ensureSecret(home.secret('redis-password'), password, root),
  };
}

/** @param {string} path @param {() => string} make @param {{ uid: number, gid: number }} owner */
function ensureSecret(path, make, owner) {
  if (!existsSync(path)) writeWhole(path, make(), { mode: 0o600, ...owner });
  chmodSync(path, 0o600);
  chownSync(path, owner.uid, owner.gid);
  return readFileSync(path, 'utf8').trim();
}

/** Letters, digits, - and _: fits into an address and a configuration file as it is. */
function password() {
  return randomBytes(PASSWORD_BYTES).toString('base64url');
}
