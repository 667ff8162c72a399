// @ts-check
import { readJson } from '../lib/files.mjs';
import { SetupError } from '../lib/setup-error.mjs';

/**
 * What the supervisor has to run on this machine. The start writes it; whoever supervises later reads it.
 * @typedef {object} Platform
 * @property {string} homePath BERTH_HOME
 * @property {string} installationId
 * @property {number} generation a higher one makes the next supervisor replace Berth's own processes
 * @property {string} release folder of the built processes
 * @property {string} node the Node binary that runs them
 * @property {string} runtimeImage
 * @property {{ uid: number, gid: number }} user of all processes that need no root
 * @property {string} dockerSocket
 * @property {Record<string, string>} environment of the processes: all settings, addresses with passwords too
 * @property {Record<'api' | 'worker' | 'agent' | 'gatewayService' | 'gateway', string>} addresses `http://<host>:<port>`, as seen from here
 * @property {Omit<import('../mongodb/container.mjs').MongodbSpec, 'user'> | null} mongodb null: the operator's own server
 * @property {{ port: number, command: string, configFile: string, password: string } | null} redis null: the operator's own server
 * @property {string} haproxy path of the program
 */

/** @param {import('../lib/home.mjs').Home} home @returns {Platform} */
export function readPlatform(home) {
  const platform = readJson(home.platform, undefined);
  if (!platform) throw new SetupError(`Berth has not been started in ${home.home} yet.`, 'Start it: npm start');
  return platform;
}
