/** A writer takes its revision before it writes: one that is not to be seen for this long was overwritten by a later one, or never came. */
const graceMs = 500;

/**
 * Which revision a gateway may claim to know: the highest such that nothing at or below it is still on its way.
 */
export class RevisionTracker {
  private claimed = 0;
  /** Revisions above the claimed one that were seen, with the time. */
  private readonly seen = new Map<number, number>();

  get revision(): number {
    return this.claimed;
  }

  /** Whether a revision below one that was seen is missing, so that it pays to look again soon. */
  get waiting(): boolean {
    return this.seen.size > 0;
  }

  /**
   * Takes in what a read found. `readAt` is when the read began: what had been written by then is in `revisions`.
   */
  note(revisions: Iterable<number>, readAt: number): void {
    for (const revision of revisions) if (revision > this.claimed && !this.seen.has(revision)) this.seen.set(revision, readAt);
    for (const [revision, at] of this.seen) if (at <= readAt - graceMs) this.claimed = Math.max(this.claimed, revision);
    while (this.seen.has(this.claimed + 1)) this.claimed += 1;
    for (const revision of this.seen.keys()) if (revision <= this.claimed) this.seen.delete(revision);
  }

  /** Begins anew: another database, or one that was restored to an earlier time. */
  reset(): void {
    this.claimed = 0;
    this.seen.clear();
  }
}
