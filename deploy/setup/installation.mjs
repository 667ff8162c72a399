// @ts-check
import { randomInt } from 'node:crypto';
import { readJson, writeWhole } from '../lib/files.mjs';
import { SetupError } from '../lib/setup-error.mjs';

/**
 * What `installation.json` holds: who this installation is and what its setup changed on the machine, so that it can be taken back.
 * @typedef {object} Installation
 * @property {string} id
 * @property {string[]} packages Debian packages that the setup installed
 * @property {boolean} user whether the setup made the system user
 * @property {boolean} swapFile
 * @property {boolean} dockerd whether the setup started the Docker Engine itself, for want of an init system
 * @property {boolean} unit whether the systemd unit was installed
 * @property {string[]} images tags that the setup built
 * @property {boolean} ownMongodb whether the last start ran the embedded MongoDB
 * @property {boolean} rootKey whether the root key was made; it is never made twice
 */

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 8;

/** @param {import('../lib/settings.mjs').SetupSettings} settings @returns {Installation} a new one when there is none yet */
export function readInstallation({ home, given }) {
  const empty = {
    packages: [],
    user: false,
    swapFile: false,
    dockerd: false,
    unit: false,
    images: [],
    ownMongodb: false,
    rootKey: false,
  };
  const id = given.BERTH_INSTALLATION_ID ?? Array.from({ length: ID_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const known = readJson(home.installation, /** @type {Partial<Installation>} */ ({}));
  if (known.id !== undefined && given.BERTH_INSTALLATION_ID !== undefined && known.id !== given.BERTH_INSTALLATION_ID) {
    throw new SetupError(
      `${home.home} belongs to installation ${known.id}, and BERTH_INSTALLATION_ID says ${given.BERTH_INSTALLATION_ID}.`,
      'Leave that setting out, or choose another BERTH_HOME: containers carry the id in a label that cannot change.',
    );
  }
  return { id, ...empty, ...known };
}

/** @param {import('../lib/home.mjs').Home} home @param {Installation} installation */
export function saveInstallation(home, installation) {
  writeWhole(home.installation, `${JSON.stringify(installation, null, 2)}\n`);
}
