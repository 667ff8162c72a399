// @ts-check
import { comesWithin, sleep, waitFor } from '../lib/wait.mjs';

/** Pauses before a start, by the number of short lives before: the first restart is at once. */
const PAUSES_MS = [0, 300, 1000, 2000, 5000, 10_000];
const LONG_LIFE_MS = 30_000;
const LOOK_EVERY_MS = 2000;
const HUNG_AFTER_MS = 30_000;
/** The kernel ends a killed process at once, unless its disk or its file server hangs. */
const KILL_MS = 30_000;

/**
 * Keeps one part running: adopts the one that is there or starts it, watches it, starts it again when it ends or hangs.
 * @typedef {'stopped' | 'waiting' | 'starting' | 'ready' | 'not ready' | 'stopping'} KeeperState
 */
export class Keeper {
  /**
   * @param {import('./part.mjs').Part} part
   * @param {(level: 'info' | 'warn' | 'error', message: string, more?: object) => void} say
   */
  constructor(part, say) {
    this.part = part;
    this.say = say;
    /** @type {KeeperState} */
    this.state = 'stopped';
    /** @type {import('./part.mjs').Running | undefined} */
    this.running = undefined;
    this.restarts = 0;
    this.shortLives = 0;
    /** @type {string | undefined} */
    this.lastEnd = undefined;
    /** Aborted when it is to be kept no longer. @type {AbortController} */
    this.keeping = new AbortController();
    this.keeping.abort();
    /** @type {Promise<void> | undefined} */
    this.loop = undefined;
  }

  get wanted() {
    return !this.keeping.signal.aborted;
  }

  status() {
    const { state, running, restarts, shortLives, lastEnd } = this;
    return { name: this.part.name, state, pid: running?.pid, restarts, shortLives, lastEnd };
  }

  /** Starts keeping it; resolves when it is ready for the first time, or is not wanted any more. */
  async keep() {
    if (!this.wanted) this.keeping = new AbortController();
    this.loop ??= this.#run(this.keeping.signal).finally(() => {
      this.loop = undefined;
    });
    await waitFor(() => this.state === 'ready' || !this.wanted, { timeoutMs: Number.POSITIVE_INFINITY, everyMs: 25 });
  }

  /** Ends it with the part's signal, or by force when that takes too long. Also ends one that was left by an earlier supervisor. */
  async stop() {
    this.state = 'stopping';
    this.keeping.abort();
    this.running ??= await this.#find();
    const { running } = this;
    if (running) {
      await end(running, this.part.stopSignal ?? 'SIGTERM', this.part.stopSeconds ?? 15);
    }
    await this.loop;
    this.running = undefined;
    this.state = 'stopped';
  }

  /**
   * Asks it to finish what it has begun and take nothing new; it is not started again.
   * @param {NodeJS.Signals} signal
   * @param {number} waitMs at most, for its end
   */
  async drain(signal, waitMs) {
    this.keeping.abort();
    this.running ??= await this.#find();
    this.running?.signal(signal);
    if (this.running) await comesWithin(this.running.ended, waitMs);
  }

  /** Leaves it running and looks no longer. */
  leave() {
    this.keeping.abort();
  }

  /** @param {AbortSignal} released */
  async #run(released) {
    this.state = 'starting';
    this.running = await this.#adopt();
    while (!released.aborted) {
      this.running ??= await this.#start();
      const startedAt = Date.now();
      const end = await this.#watch(this.running, released);
      if (released.aborted) return;
      this.running = undefined;
      this.lastEnd = end;
      this.shortLives = Date.now() - startedAt > LONG_LIFE_MS ? 1 : this.shortLives + 1;
      const pause = PAUSES_MS[Math.min(this.shortLives, PAUSES_MS.length) - 1] ?? 0;
      this.state = 'waiting';
      this.restarts += 1;
      this.say('error', `${this.part.name} ended (${end}); starting it again${pause ? ` in ${pause / 1000} s` : ''}`);
      await sleep(pause, undefined, { signal: released }).catch(() => {});
    }
  }

  /** Whoever cannot be looked at (no Docker Engine answers) cannot be ended either. */
  async #find() {
    try {
      return await this.part.runner.find();
    } catch (error) {
      this.say('warn', `${this.part.name} cannot be looked at: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  async #adopt() {
    if (this.part.runner.startAdopts) return undefined;
    const found = await this.part.runner.find();
    if (!found) return undefined;
    if (found.fingerprint === this.part.fingerprint) {
      this.say('info', `${this.part.name} runs already: adopted`, { pid: found.pid });
      return found;
    }
    this.say('info', `${this.part.name} runs with other settings or another version: replacing it`);
    await end(found, this.part.stopSignal ?? 'SIGTERM', this.part.stopSeconds ?? 15);
    return undefined;
  }

  /** @returns {Promise<import('./part.mjs').Running>} */
  async #start() {
    this.state = 'starting';
    try {
      return await this.part.runner.start();
    } catch (error) {
      const reason = `could not be started: ${error instanceof Error ? error.message : error}`;
      return { pid: 0, fingerprint: '', ended: Promise.resolve(reason), signal: () => {} };
    }
  }

  /**
   * @param {import('./part.mjs').Running} running
   * @param {AbortSignal} released
   * @returns {Promise<string>} how it ended; resolves early when it is released
   */
  async #watch(running, released) {
    const over = new AbortController();
    const release = new Promise((resolve) => released.addEventListener('abort', () => resolve('released'), { once: true }));
    const watching = this.#watchHealth(running, over.signal);
    const end = await Promise.race([running.ended, release]);
    over.abort();
    await watching;
    return end;
  }

  /** @param {import('./part.mjs').Running} running @param {AbortSignal} over */
  async #watchHealth(running, over) {
    const begunAt = Date.now();
    let liveAt = begunAt;
    while (!over.aborted) {
      const ready = await this.part.ready();
      if (over.aborted) return;
      this.#note(ready, begunAt);
      if (ready || (await this.part.live?.())) liveAt = Date.now();
      if (this.part.live && Date.now() - liveAt > (this.part.hungAfterMs ?? HUNG_AFTER_MS)) {
        this.say('error', `${this.part.name} has not answered for ${Math.round((Date.now() - liveAt) / 1000)} s: killing it`);
        running.signal('SIGKILL');
        return;
      }
      await sleep(ready ? LOOK_EVERY_MS : 50, undefined, { signal: over }).catch(() => {});
    }
  }

  /** @param {boolean} ready @param {number} begunAt */
  #note(ready, begunAt) {
    const before = this.state;
    if (ready) this.state = 'ready';
    else if (before === 'ready') this.state = 'not ready';
    if (this.state === before) return;
    if (before === 'starting') this.say('info', `${this.part.name} is ready`, { ms: Date.now() - begunAt });
    else if (ready) this.say('info', `${this.part.name} is ready${before === 'not ready' ? ' again' : ''}`);
    else this.say('warn', `${this.part.name} is not ready`);
  }
}

/** @param {import('./part.mjs').Running} running @param {NodeJS.Signals} signal @param {number} seconds */
async function end(running, signal, seconds) {
  running.signal(signal);
  if (await comesWithin(running.ended, seconds * 1000)) return;
  running.signal('SIGKILL');
  await comesWithin(running.ended, KILL_MS);
}
