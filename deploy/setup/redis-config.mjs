// @ts-check
import { writeWhole } from '../lib/files.mjs';

/**
 * Writes the configuration of the local Redis: loopback, password, every write on disk within a second, nothing evicted (queues).
 * @param {import('../lib/home.mjs').Home} home
 * @param {{ port: number, password: string, user: { uid: number, gid: number } }} options
 * @returns {string} its path
 */
export function writeRedisConfig(home, { port, password, user }) {
  const path = `${home.redis}/redis.conf`;
  const lines = [
    '# written by each start of Berth',
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${home.redis}`,
    'daemonize no',
    'logfile ""',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
  ];
  writeWhole(path, `${lines.join('\n')}\n`, { mode: 0o600, ...user });
  return path;
}
