// @ts-check
import { createHash } from 'node:crypto';

/**
 * One thing that the supervisor keeps running.
 * @typedef {object} Part
 * @property {string} name file name of its log and pid file
 * @property {string} fingerprint what it was started with; a running one with another fingerprint is replaced, not adopted
 * @property {Runner} runner how it is found, started and ended
 * @property {() => Promise<boolean>} ready whether it does its work
 * @property {() => Promise<boolean>} [live] whether it answers at all; when it has not for `hungAfterMs` it is killed and started again
 * @property {number} [hungAfterMs] default 30 s
 * @property {NodeJS.Signals} [stopSignal] SIGTERM by default
 * @property {number} [stopSeconds] after that it is killed; 15 by default
 */

/**
 * @typedef {object} Runner
 * @property {() => Promise<Running | undefined>} find one that runs already
 * @property {() => Promise<Running>} start
 * @property {boolean} [startAdopts] `start` leaves one that runs as it should alone and replaces another, so nobody need look before
 */

/**
 * @typedef {object} Running
 * @property {number} pid
 * @property {string} fingerprint
 * @property {Promise<string>} ended resolves when it has ended, with how
 * @property {(signal: NodeJS.Signals) => void} signal
 */

/** @param {unknown} startedWith @returns {string} */
export function fingerprint(startedWith) {
  return createHash('sha256').update(JSON.stringify(startedWith)).digest('hex').slice(0, 16);
}
