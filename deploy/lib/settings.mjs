// @ts-check
import { readFileSync } from 'node:fs';
import { homeLayout } from './home.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * The settings that the setup itself needs, before any package is installed. Names and defaults are those of
 * `libs/config/src/settings.ts` (a test compares them); the processes validate all of them again.
 */
export const setupDefaults = {
  BERTH_HOME: '/var/lib/berth',
  BERTH_MONGODB_PORT: '4017',
  BERTH_REDIS_PORT: '4379',
  BERTH_METRICS_HOST: '127.0.0.1',
  BERTH_BASE_DOMAIN: 'localhost',
  BERTH_GATEWAY_PORT: '4080',
  BERTH_API_HOST: '127.0.0.1',
  BERTH_API_PORT: '4000',
  BERTH_WORKER_PORT: '4001',
  BERTH_AGENT_PORT: '4002',
  BERTH_GATEWAY_SERVICE_PORT: '4003',
  BERTH_ACTIVATOR_PORT: '4004',
  BERTH_DOCKER_SOCKET: '/var/run/docker.sock',
};

/** Variables that begin like settings but are for the CLI or the tests. */
const notSettings = /^BERTH_(API_URL|TOKEN|RUNTIME_ID|TEST_.*|DEBIAN_MIRROR)$/;

/**
 * @typedef {object} SetupSettings
 * @property {import('./home.mjs').Home} home
 * @property {Record<string, string>} given what the operator set, by the environment or by `berth.env`
 * @property {typeof setupDefaults} values what holds, defaults included
 * @property {string | undefined} mongodbUrl the operator's own server
 * @property {string | undefined} redisUrl the operator's own server
 */

/**
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {SetupSettings}
 * @throws {SetupError} for a folder or port that cannot be one
 */
export function readSetupSettings(environment = process.env) {
  const home = homeLayout(environment.BERTH_HOME || setupDefaults.BERTH_HOME);
  if (!home.home.startsWith('/')) throw wrong('BERTH_HOME', home.home, 'an absolute path');
  const given = { ...settingsFile(home.settingsFile), ...onlySettings(environment) };
  delete given.BERTH_HOME;
  const values = { ...setupDefaults, BERTH_HOME: home.home };
  for (const name of /** @type {(keyof typeof setupDefaults)[]} */ (Object.keys(setupDefaults))) {
    const value = given[name];
    if (value === undefined) continue;
    if (name.endsWith('_PORT') && !isPort(value)) throw wrong(name, value, 'a port from 1 to 65535');
    values[name] = value;
  }
  return { home, given, values, mongodbUrl: given.MONGODB_URL, redisUrl: given.REDIS_URL };
}

/** @param {NodeJS.ProcessEnv} environment @returns {Record<string, string>} */
function onlySettings(environment) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [name, value] of Object.entries(environment)) {
    const isSetting = (name.startsWith('BERTH_') && !notSettings.test(name)) || name === 'MONGODB_URL' || name === 'REDIS_URL';
    if (isSetting && value) found[name] = value;
  }
  return found;
}

/**
 * `NAME=value` lines; `#` begins a comment line; quotes around a value are taken off.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseSettingsFile(text) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [, name = '', value = ''] of text.matchAll(/^[ \t]*([A-Z][A-Z0-9_]*)[ \t]*=[ \t]*(.*?)[ \t\r]*$/gm)) {
    found[name] = value.replace(/^(["'])(.*)\1$/, '$2');
  }
  return onlySettings(found);
}

/** @param {string} path @returns {Record<string, string>} */
function settingsFile(path) {
  try {
    return parseSettingsFile(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code === 'ENOENT') return {};
    if (code === 'EACCES') throw new SetupError(`${path} cannot be read by this user.`, 'Run this as root (sudo).');
    throw error;
  }
}

/** @param {string} value */
function isPort(value) {
  return /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535;
}

/** @param {string} name @param {string} read @param {string} allowed */
function wrong(name, read, allowed) {
  return new SetupError(
    `${name}: read ${JSON.stringify(read)}; allowed: ${allowed}.`,
    'Correct the setting and start again. See docs/settings.md.',
  );
}
