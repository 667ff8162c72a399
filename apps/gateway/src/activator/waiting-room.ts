import type { RouteTable } from '../routes/route-table';

export interface WaitingRoomLimits {
  /**
   * Requests that wait at the same time. A waiting request's body is not read, so each one holds its headers (16 KiB at most) and what
   * Node reads ahead (64 KiB at most): this bounds the memory too.
   */
  total: number;
  perEnvironment: number;
  waitMs: number;
}

export const defaultLimits: WaitingRoomLimits = { total: 512, perEnvironment: 128, waitMs: 20_000 };

export type Outcome = { target: string } | { reason: 'full' | 'timed out' | 'gone' };

/** Where requests wait for their environment's address to appear. */
export class WaitingRoom {
  private readonly waiting = new Map<string, Set<(outcome: Outcome) => void>>();
  private total = 0;

  constructor(
    private readonly table: RouteTable,
    private readonly limits: WaitingRoomLimits = defaultLimits,
  ) {
    table.onChange(({ addresses }) => {
      for (const environmentId of addresses ?? []) this.release(environmentId);
    });
  }

  get size(): number {
    return this.total;
  }

  /** The moment at which a request that arrives now stops waiting. */
  deadline(): number {
    return performance.now() + this.limits.waitMs;
  }

  /** The address once it is known, or why there is none. `onWait` is called when the request has to wait. */
  async enter(environmentId: string, deadline: number, signal: AbortSignal, onWait: () => void): Promise<Outcome> {
    const target = this.table.targetOf(environmentId);
    if (target !== undefined) return { target };
    if (signal.aborted) return { reason: 'gone' };
    const others = this.waiting.get(environmentId) ?? new Set();
    if (this.total >= this.limits.total || others.size >= this.limits.perEnvironment) return { reason: 'full' };
    this.waiting.set(environmentId, others);
    onWait();
    return new Promise((resolve) => {
      const leave = (outcome: Outcome) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        this.total -= 1;
        others.delete(leave);
        if (others.size === 0 && this.waiting.get(environmentId) === others) this.waiting.delete(environmentId);
        resolve(outcome);
      };
      const abort = () => leave({ reason: 'gone' });
      const timer = setTimeout(() => leave({ reason: 'timed out' }), Math.max(0, deadline - performance.now()));
      signal.addEventListener('abort', abort, { once: true });
      others.add(leave);
      this.total += 1;
    });
  }

  /** Sends everybody away: the process ends. */
  close(): void {
    for (const others of [...this.waiting.values()]) for (const leave of [...others]) leave({ reason: 'timed out' });
  }

  private release(environmentId: string): void {
    const target = this.table.targetOf(environmentId);
    if (target === undefined) return;
    for (const leave of [...(this.waiting.get(environmentId) ?? [])]) leave({ target });
  }
}
