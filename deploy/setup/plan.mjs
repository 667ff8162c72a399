// @ts-check
import { dockerEngine } from '../lib/docker.mjs';
import { hasSystemd } from './machine.mjs';
import { missingPackages } from './packages.mjs';
import { swapToMake } from './swap.mjs';
import { systemUser, USER } from './system-user.mjs';

/**
 * What the setup is going to change on this machine.
 * @typedef {object} SetupPlan
 * @property {string[]} packages
 * @property {boolean} startDocker
 * @property {number} swapGigabytes 0: none
 * @property {boolean} makeUser
 * @property {boolean} installUnit
 */

/**
 * @param {import('../lib/settings.mjs').SetupSettings} settings
 * @param {{ service?: boolean, swap?: boolean, browser?: boolean }} [options]
 * @returns {Promise<SetupPlan>}
 */
export async function planSetup(settings, { service = false, swap = true, browser = false } = {}) {
  const dockerAnswers = await dockerEngine(settings.values.BERTH_DOCKER_SOCKET).answers();
  return {
    packages: await missingPackages({ ownRedis: !settings.redisUrl, dockerAnswers, browser }),
    startDocker: !dockerAnswers,
    swapGigabytes: swap ? swapToMake(settings.home.swapFile) : 0,
    makeUser: systemUser() === undefined,
    installUnit: service,
  };
}

/**
 * @param {SetupPlan} plan
 * @param {import('../lib/settings.mjs').SetupSettings} settings
 * @returns {string[]} the plan in words; empty when nothing outside BERTH_HOME and the clone changes
 */
export function describePlan({ packages, startDocker, swapGigabytes, makeUser, installUnit }, { home }) {
  const starter = hasSystemd() ? 'switch on its service' : 'start it (this machine has no init system)';
  return [
    ...(packages.length > 0 ? [`install these Debian packages: ${packages.join(', ')}`] : []),
    ...(startDocker ? [`Docker Engine: ${starter}`] : []),
    ...(makeUser ? [`make the system user “${USER}”, which runs all that needs no root`] : []),
    ...(swapGigabytes > 0 ? [`make a swap file of ${swapGigabytes} GB, where sleeping apps go: ${home.swapFile}`] : []),
    ...(installUnit ? ['install the systemd unit berth.service'] : []),
  ];
}
