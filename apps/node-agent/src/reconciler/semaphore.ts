/** Lets `limit` holders in at a time, in the order they came. */
export class Semaphore {
  private held = 0;
  private readonly queue: { enter: () => void; leave: () => void }[] = [];

  constructor(private readonly limit: number) {}

  /** Resolves to the function that gives the place back. @throws the signal's reason when it aborts while waiting */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.held >= this.limit) await this.wait(signal);
    else this.held += 1;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = this.queue.shift();
      // The place goes over to the next one without becoming free in between.
      if (next) next.enter();
      else this.held -= 1;
    };
  }

  get waiting(): number {
    return this.queue.length;
  }

  get inUse(): number {
    return this.held;
  }

  private wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = {
        enter: () => {
          signal.removeEventListener('abort', entry.leave);
          resolve();
        },
        leave: () => {
          this.queue.splice(this.queue.indexOf(entry), 1);
          reject(signal.reason as Error);
        },
      };
      signal.addEventListener('abort', entry.leave, { once: true });
      this.queue.push(entry);
    });
  }
}
