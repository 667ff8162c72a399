// @ts-check
import { join } from 'node:path';

/**
 * Where everything of one installation lies. `BERTH_HOME` is the only folder that Berth keeps data in.
 * @param {string} home
 */
export function homeLayout(home) {
  /** @param {string[]} parts */
  const at = (...parts) => join(home, ...parts);
  return {
    home,
    /** Settings that hold for every start; the environment goes before it. */
    settingsFile: at('berth.env'),
    /** The installation's id, and what the setup changed on the machine. */
    installation: at('installation.json'),
    secrets: at('secrets'),
    mongodb: at('mongodb'),
    redis: at('redis'),
    gateway: at('gateway'),
    runtimes: at('runtimes'),
    run: at('run'),
    logs: at('logs'),
    releases: at('releases'),
    cache: at('cache'),
    swapFile: at('swapfile'),
    /** What the supervisor has to run; written by the start, read by every later supervisor. Holds passwords: mode 600. */
    platform: at('run', 'platform.json'),
    supervisorSocket: at('run', 'supervisor.sock'),
    setupLock: at('run', 'setup.lock'),
    agentSocket: at('run', 'agent.sock'),
    haproxyConfig: at('gateway', 'haproxy.cfg'),
    /** @param {string} name */
    secret: (name) => at('secrets', name),
    /** @param {string} name */
    pidFile: (name) => at('run', `${name}.pid`),
    /** @param {string} name */
    log: (name) => at('logs', `${name}.log`),
  };
}

/** @typedef {ReturnType<typeof homeLayout>} Home */
