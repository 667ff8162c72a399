// @ts-check
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SetupError } from '../lib/setup-error.mjs';
import { writeRedisConfig } from './redis-config.mjs';
import { nodeForEveryone } from './release.mjs';

/** What the processes get of the environment beside their settings. */
const PASSED_ON = [
  'PATH',
  'LANG',
  'TZ',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
];

/**
 * Puts together what the supervisor runs, and checks all settings with the code of the processes themselves.
 * @param {object} parts
 * @param {import('../lib/settings.mjs').SetupSettings} parts.settings
 * @param {import('./installation.mjs').Installation} parts.installation
 * @param {{ uid: number, gid: number }} parts.user
 * @param {{ mongodbPassword: string, redisPassword: string }} parts.secrets
 * @param {string} parts.release
 * @param {string} parts.runtimeImage
 * @param {string | undefined} parts.mongodbImage
 * @param {number} parts.generation
 * @returns {import('../supervisor/platform.mjs').Platform}
 */
export function makePlatform({
  settings,
  installation,
  user: { uid, gid },
  secrets,
  release,
  runtimeImage,
  mongodbImage,
  generation,
}) {
  const { home, given, values } = settings;
  const user = { uid, gid };
  const mongodb = mongodbImage ? ownMongodb(settings, installation.id, mongodbImage, secrets.mongodbPassword) : null;
  const redis = settings.redisUrl ? null : ownRedis(settings, user, secrets.redisPassword);
  const environment = {
    ...Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    NODE_ENV: 'production',
    ...given,
    BERTH_HOME: home.home,
    BERTH_INSTALLATION_ID: installation.id,
    BERTH_RUNTIME_IMAGE: given.BERTH_RUNTIME_IMAGE ?? runtimeImage,
    MONGODB_URL: settings.mongodbUrl ?? mongodb?.url ?? '',
    REDIS_URL: settings.redisUrl ?? redis?.url ?? '',
  };
  checkSettings(release, environment);
  return {
    homePath: home.home,
    installationId: installation.id,
    generation,
    release,
    node: nodeForEveryone(home),
    runtimeImage: environment.BERTH_RUNTIME_IMAGE,
    user,
    dockerSocket: values.BERTH_DOCKER_SOCKET,
    environment,
    addresses: addressesOf(values),
    mongodb: mongodb?.part ?? null,
    redis: redis?.part ?? null,
    haproxy: '/usr/sbin/haproxy',
  };
}

/**
 * @param {import('../lib/settings.mjs').setupDefaults} values
 * @returns {import('../supervisor/platform.mjs').Platform['addresses']}
 */
export function addressesOf(values) {
  const at = (/** @type {string} */ host, /** @type {string} */ port) => `http://${reachable(host)}:${port}`;
  return {
    api: at(values.BERTH_API_HOST, values.BERTH_API_PORT),
    worker: at(values.BERTH_METRICS_HOST, values.BERTH_WORKER_PORT),
    agent: at(values.BERTH_METRICS_HOST, values.BERTH_AGENT_PORT),
    gatewayService: at(values.BERTH_METRICS_HOST, values.BERTH_GATEWAY_SERVICE_PORT),
    gateway: at('127.0.0.1', values.BERTH_GATEWAY_PORT),
  };
}

/** @param {string} host that something listens on @returns {string} an address of it to connect to */
function reachable(host) {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * @param {import('../lib/settings.mjs').SetupSettings} settings
 * @param {string} installationId
 * @param {string} image
 * @param {string} password
 */
function ownMongodb({ home, values }, installationId, image, password) {
  const port = Number(values.BERTH_MONGODB_PORT);
  const files = { dataDir: home.mongodb, passwordFile: home.secret('mongodb-password') };
  return {
    url: `mongodb://berth:${password}@127.0.0.1:${port}/berth?authSource=admin`,
    part: { name: mongodbName(installationId), installationId, image, port, ...files },
  };
}

/** @param {string} installationId name of the container */
export function mongodbName(installationId) {
  return `berth-${installationId}-mongodb`;
}

/** @param {import('../lib/settings.mjs').SetupSettings} settings @param {{ uid: number, gid: number }} user @param {string} password */
function ownRedis({ home, values }, user, password) {
  const port = Number(values.BERTH_REDIS_PORT);
  const configFile = writeRedisConfig(home, { port, password, user });
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    part: { port, command: '/usr/bin/redis-server', configFile, password },
  };
}

/** @param {string} release @param {NodeJS.ProcessEnv} environment */
function checkSettings(release, environment) {
  const validator = join(release, 'settings.js');
  if (!existsSync(validator)) return;
  try {
    createRequire(validator)(validator).readSettings(environment);
  } catch (error) {
    throw new SetupError(/** @type {Error} */ (error).message, 'Correct them and start again. See docs/settings.md.');
  }
}
