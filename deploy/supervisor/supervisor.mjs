// @ts-check
import { Keeper } from './keeper.mjs';

/**
 * Starts the parts in order, keeps them running, ends them in order.
 * @typedef {object} SupervisorOptions
 * @property {import('./part.mjs').Part[][]} groups started one group after the other; the parts of a group side by side
 * @property {(say: (message: string) => void) => Promise<void>} stopRuntimes
 * @property {(level: 'info' | 'warn' | 'error', message: string, more?: object) => void} say
 */
export class Supervisor {
  /** @param {SupervisorOptions} options */
  constructor({ groups, stopRuntimes, say }) {
    this.groups = groups.map((group) => group.map((part) => new Keeper(part, say)));
    this.stopRuntimes = stopRuntimes;
    this.say = say;
    /** @type {'starting' | 'running' | 'stopping' | 'stopped'} */
    this.phase = 'starting';
  }

  get keepers() {
    return this.groups.flat();
  }

  status() {
    return { phase: this.phase, pid: process.pid, parts: this.keepers.map((keeper) => keeper.status()) };
  }

  /** Adopts or starts everything; resolves when all are ready, or when it is stopped meanwhile. */
  async start() {
    for (const group of this.groups) {
      if (this.phase !== 'starting') return;
      await Promise.all(group.map((keeper) => keeper.keep()));
    }
    if (this.phase === 'starting') this.phase = 'running';
  }

  /**
   * The gateway takes no new requests, the runtimes stop, then the processes, the last started first.
   * @param {(message: string) => void} [progress]
   */
  async stop(progress = () => {}) {
    this.phase = 'stopping';
    const tell = (/** @type {string} */ message) => {
      this.say('info', message);
      progress(message);
    };
    const gateway = this.keepers.find(({ part }) => part.name === 'haproxy');
    if (gateway) {
      tell('gateway: takes no new requests');
      await gateway.drain('SIGUSR1', DRAIN_MS);
    }
    await this.stopRuntimes(tell).catch((error) => tell(`runtimes: ${error.message}`));
    for (const name of STOP_ORDER) {
      const keeper = this.keepers.find(({ part }) => part.name === name);
      if (keeper) await this.#end(keeper, tell);
    }
    for (const keeper of this.keepers.filter(({ part }) => !STOP_ORDER.includes(part.name)).reverse())
      await this.#end(keeper, tell);
    this.phase = 'stopped';
  }

  /** Leaves everything running, for the next supervisor. */
  leave() {
    this.phase = 'stopped';
    for (const keeper of this.keepers) keeper.leave();
  }

  /** @param {Keeper} keeper @param {(message: string) => void} tell */
  async #end(keeper, tell) {
    const begunAt = Date.now();
    await keeper.stop();
    tell(`${keeper.part.name}: stopped (${((Date.now() - begunAt) / 1000).toFixed(1)} s)`);
  }
}

/** Requests that are under way have this long before the runtimes go. */
const DRAIN_MS = 3000;
const STOP_ORDER = ['gateway', 'node-agent', 'worker', 'api', 'haproxy', 'redis', 'mongodb'];
