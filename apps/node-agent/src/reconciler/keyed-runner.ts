/**
 * Runs one task for each key at a time. Asked for again while it runs, it runs once more after. At most `limit` run at once; the others
 * wait in the order they were asked for.
 */
export class KeyedRunner {
  private readonly running = new Map<string, { again: boolean }>();
  private readonly waiting = new Set<string>();
  private idle: (() => void)[] = [];

  constructor(
    private readonly limit: number,
    private readonly task: (key: string) => Promise<void>,
  ) {}

  trigger(key: string): void {
    const current = this.running.get(key);
    if (current) {
      current.again = true;
      return;
    }
    this.waiting.add(key);
    this.pump();
  }

  /** True while the key runs or waits: asking again would change nothing. */
  has(key: string): boolean {
    return this.running.has(key) || this.waiting.has(key);
  }

  /** Forgets what waits and resolves when nothing runs. */
  async drain(): Promise<void> {
    this.waiting.clear();
    for (const entry of this.running.values()) entry.again = false;
    if (this.running.size > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  get size(): number {
    return this.running.size + this.waiting.size;
  }

  private pump(): void {
    for (const key of this.waiting) {
      if (this.running.size >= this.limit) return;
      this.waiting.delete(key);
      void this.run(key);
    }
  }

  /** `task` catches its own errors; one that slips through must not stop the others. */
  private async run(key: string): Promise<void> {
    const entry = { again: false };
    this.running.set(key, entry);
    await this.task(key).catch(() => undefined);
    this.running.delete(key);
    if (entry.again) this.waiting.add(key);
    this.pump();
    if (this.running.size === 0) for (const resolve of this.idle.splice(0)) resolve();
  }
}
