// @ts-check
import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../images/run.mjs';
import { CLONE } from '../lib/clone.mjs';
import { readJson } from '../lib/files.mjs';
import { identify, isAlive } from '../lib/process-identity.mjs';
import { freePorts } from './free-ports.mjs';
import { freeSubnet } from './free-subnet.mjs';

/** Homes of test platforms; on a disk, for databases and container volumes are in them. */
const PARENT = '/var/tmp';
const PREFIX = 'berth-test-';
const OWNER = 'test-owner.json';

/**
 * A whole platform of its own beside whatever runs on this machine.
 * @typedef {object} TestPlatform
 * @property {string} home its BERTH_HOME
 * @property {string} installationId
 * @property {string} apiUrl `http://127.0.0.1:<port>`, without `/v1`
 * @property {number} gatewayPort
 * @property {string} setupToken
 * @property {Record<string, string>} environment for commands that are to reach it: settings, `BERTH_API_URL`
 * @property {(command: 'start' | 'stop' | 'restart' | 'doctor', ...args: string[]) => Promise<string>} npm runs one of the platform's
 *   commands on it (`start` with `--yes --detach`); gives its output
 * @property {() => Promise<void>} stop stops it and removes all of it
 */

/**
 * The platform that all test files of a layer share, or one of its own when the file is run alone.
 * Tests that stop or break parts take `startTestPlatform`.
 * @returns {Promise<TestPlatform>} its `stop` does nothing when it is shared
 */
export async function testPlatform() {
  const shared = process.env.BERTH_TEST_PLATFORM;
  if (!shared) return startTestPlatform();
  return { ...describe(shared, JSON.parse(readFileSync(join(shared, OWNER), 'utf8')).settings), stop: async () => {} };
}

/**
 * @param {{ settings?: Record<string, string>, onLine?: (line: string) => void }} [options] `settings` go before those chosen here
 * @returns {Promise<TestPlatform>}
 */
export async function startTestPlatform({ settings = {}, onLine } = {}) {
  const home = await mkdtemp(join(PARENT, PREFIX));
  const chosen = { ...(await chooseSettings(home)), ...settings };
  writeFileSync(join(home, OWNER), JSON.stringify({ ...identify(process.pid), settings: chosen }));
  const platform = describe(home, chosen);
  try {
    await run(process.execPath, [join(CLONE, 'deploy/start.mjs'), ...START], { env: platform.environment, cwd: CLONE, onLine });
  } catch (error) {
    await removeTestPlatform(home);
    throw error;
  }
  return describe(home, chosen);
}

const START = ['--yes', '--detach', '--no-swap'];

/** Removes what tests left whose process has ended, however it ended. */
export async function removeLeftTestPlatforms() {
  for (const name of readdirSync(PARENT).filter((each) => each.startsWith(PREFIX))) {
    const home = join(PARENT, name);
    const owner = readJson(join(home, OWNER), /** @type {any} */ (undefined));
    if (owner && !isAlive(owner)) await removeTestPlatform(home);
  }
}

/** @param {string} home */
async function removeTestPlatform(home) {
  const { settings = {} } = readJson(join(home, OWNER), /** @type {any} */ ({}));
  const uninstall = [join(CLONE, 'deploy/uninstall.mjs'), '--yes', '--data', '--keep-machine'];
  await run(process.execPath, uninstall, {
    env: cleanEnvironment({ ...settings, BERTH_HOME: home }),
    cwd: CLONE,
    uninterrupted: true,
  });
  rmSync(home, { recursive: true, force: true });
}

/** @param {string} home @returns {Promise<Record<string, string>>} */
async function chooseSettings(home) {
  const ports = await freePorts(['GATEWAY', 'API', 'WORKER', 'AGENT', 'GATEWAY_SERVICE', 'ACTIVATOR', 'MONGODB', 'REDIS']);
  return {
    BERTH_HOME: home,
    BERTH_INSTALLATION_ID: `test${randomInt(36 ** 6)
      .toString(36)
      .padStart(6, '0')}`,
    BERTH_RUNTIME_SUBNET: freeSubnet(),
    BERTH_REDUCE_PASSWORD_COST: 'true',
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [`BERTH_${name}_PORT`, String(port)])),
  };
}

/** @param {string} home @param {Record<string, string>} settings @returns {TestPlatform} */
function describe(home, settings) {
  const apiUrl = `http://127.0.0.1:${settings.BERTH_API_PORT}`;
  const environment = cleanEnvironment({ ...settings, BERTH_API_URL: apiUrl });
  const token = join(home, 'secrets', 'setup-token');
  return {
    home,
    installationId: settings.BERTH_INSTALLATION_ID ?? '',
    apiUrl,
    gatewayPort: Number(settings.BERTH_GATEWAY_PORT),
    setupToken: existsSync(token) ? readFileSync(token, 'utf8').trim() : '',
    environment,
    npm: (command, ...args) =>
      run(process.execPath, [join(CLONE, 'deploy', `${command}.mjs`), ...(command === 'start' ? START : []), ...args], {
        env: environment,
        cwd: CLONE,
      }),
    stop: () => removeTestPlatform(home),
  };
}

/**
 * This process's environment without settings of any other Berth.
 * @param {Record<string, string>} more
 * @returns {Record<string, string>}
 */
export function cleanEnvironment(more) {
  const others = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined && !name.startsWith('BERTH_') && !['MONGODB_URL', 'REDIS_URL', 'NODE_OPTIONS'].includes(name),
  );
  return { .../** @type {Record<string, string>} */ (Object.fromEntries(others)), ...more };
}
