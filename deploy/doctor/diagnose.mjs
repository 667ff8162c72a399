// @ts-check
import { readJson } from '../lib/files.mjs';
import { checkDockerEngine, checkImages, checkLeftovers } from './docker.mjs';
import { wrong } from './finding.mjs';
import { checkClock, checkDiskRoom, checkHostNames, checkSwap } from './machine.mjs';
import { checkGatewayFiles, checkParts, checkPortsFree, checkSecrets, checkSupervisor } from './platform.mjs';

/**
 * Looks at every part side by side. A look that fails is itself a finding.
 * @param {import('../lib/settings.mjs').SetupSettings} settings
 * @returns {Promise<import('./finding.mjs').Finding[]>}
 */
export async function diagnose(settings) {
  const { home } = settings;
  const platform = readJson(home.platform, /** @type {import('../supervisor/platform.mjs').Platform | undefined} */ (undefined));
  const socket = settings.values.BERTH_DOCKER_SOCKET;
  /** @type {[string, () => unknown][]} */
  const looks = [
    ['Docker Engine', () => checkDockerEngine(socket)],
    ['swap', () => checkSwap()],
    ['host names', () => checkHostNames(settings.values.BERTH_BASE_DOMAIN)],
    ['disk', () => checkDiskRoom(home.home)],
    ['clock', () => checkClock()],
    ...(platform
      ? /** @type {[string, () => unknown][]} */ ([
          ['images', () => checkImages(socket, platform)],
          ['secrets', () => checkSecrets(home, platform)],
          ['supervisor', () => checkSupervisor(home)],
          ['parts', () => checkParts(home, platform)],
          ['gateway files', () => checkGatewayFiles(home)],
          ['leftovers', () => checkLeftovers(home, socket)],
        ])
      : []),
    ['ports', () => checkPortsFree(settings)],
  ];
  const results = await Promise.all(looks.map(async ([part, look]) => caught(part, look)));
  const notStarted = platform ? [] : [wrong('Berth', `has not been started in ${home.home}`, 'npm start')];
  return [...notStarted, .../** @type {import('./finding.mjs').Finding[]} */ (results.flat())];
}

/** @param {string} part @param {() => unknown} look */
async function caught(part, look) {
  try {
    return await look();
  } catch (error) {
    return wrong(
      part,
      `could not be looked at: ${/** @type {Error} */ (error).message}`,
      'Mend what the message names, then look again.',
    );
  }
}
