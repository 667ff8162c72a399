import { revisionOverlap } from '@berth/database/routes-revision';
import type { Logger } from '@berth/observability/logger';
import { RevisionTracker } from './revision-tracker';
import { routeEntries } from './route-entries';
import { type RouteReader, revisionsOf } from './route-reader';
import { mapsOf, type RouteTable } from './route-table';

const pollMs = 1000;
const reloadMs = 60_000;
/** While a revision is missing below one that was seen. */
const gapPollMs = 100;
/** A writer that took a revision has written within this time, or never will. */
const lateWriterMs = 10_000;

export interface FollowerEvents {
  /** The table holds everything up to `revision`. */
  onRevision: (revision: number) => void;
  onReload: () => void;
}

/**
 * Keeps the route table like the database: everything at the start, each minute and after an error; in between, each second and at every hint,
 * what is newer. While the database is away the table stays as it is.
 */
export class RouteFollower {
  private readonly tracker = new RevisionTracker();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private reloadedAt = Number.NEGATIVE_INFINITY;
  private newest = 0;
  private newestSince = 0;
  private complaint: string | undefined = 'not read yet';
  private events: FollowerEvents = { onRevision: () => undefined, onReload: () => undefined };
  /** Whether the routes have ever been read from the database by this process. */
  loaded = false;
  /** Why the routes on disk are kept although the database has none. */
  refusal: string | undefined;

  constructor(
    private readonly reader: RouteReader,
    private readonly table: RouteTable,
    private readonly baseDomain: string,
    private readonly logger: Logger,
  ) {}

  start(events: Partial<FollowerEvents>): void {
    this.events = { ...this.events, ...events };
    this.hint();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Looks at once; when a look is under way, once more after it. */
  hint(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.running = this.look().finally(() => {
      this.running = undefined;
      if (this.stopped) return;
      const wait = this.again ? 0 : this.tracker.waiting ? gapPollMs : pollMs;
      this.again = false;
      this.timer = setTimeout(() => this.hint(), wait);
    });
  }

  /** What is wrong with the database, or undefined. */
  get problem(): string | undefined {
    return this.complaint;
  }

  private async look(): Promise<void> {
    try {
      const now = performance.now();
      if (this.complaint !== undefined || now - this.reloadedAt >= reloadMs) await this.reload(now);
      else await this.readNewer(now);
      if (this.complaint !== undefined) this.logger.info('routes are read from the database');
      this.complaint = undefined;
      this.events.onRevision(this.tracker.revision);
    } catch (error) {
      const { message } = error as Error;
      if (this.complaint !== message) this.logger.warn({ reason: message }, 'routes cannot be read: the known ones stay');
      this.complaint = message;
    }
  }

  private async reload(now: number): Promise<void> {
    const newest = await this.reader.newestRevision();
    const documents = await this.reader.read();
    if (newest !== this.newest) this.newestSince = now;
    this.newest = newest;
    if (newest < this.tracker.revision) {
      this.logger.warn({ from: this.tracker.revision, to: newest }, 'the database has been set back to earlier routes');
      this.tracker.reset();
    }
    const entries = routeEntries(documents, this.baseDomain, (what) =>
      this.logger.error({ what }, 'a route is not valid and left out'),
    );
    this.refusal = undefined;
    if (documents.hosts.length === 0 && this.table.maps.hosts.size > 0) {
      // an empty or wrong database must not take every app off the air
      this.refusal = `the database has no hosts, ${this.table.maps.hosts.size} known ones stay`;
      this.logger.error({ known: this.table.maps.hosts.size }, 'the database has no routes: the known ones stay');
    } else {
      this.table.replace(mapsOf(entries));
    }
    this.loaded = true;
    this.reloadedAt = now;
    this.tracker.note(revisionsOf(documents), now);
    this.events.onReload();
  }

  /** One small read while nothing happens; the routes themselves only while something may be new. */
  private async readNewer(now: number): Promise<void> {
    const newest = await this.reader.newestRevision();
    if (newest < this.newest) return this.reload(now);
    if (newest > this.newest) {
      this.newest = newest;
      this.newestSince = now;
    }
    if (now - this.newestSince > lateWriterMs && !this.tracker.waiting) return;
    const documents = await this.reader.read(this.tracker.revision - revisionOverlap);
    this.table.apply(
      routeEntries(documents, this.baseDomain, (what) => this.logger.error({ what }, 'a route is not valid and left out')),
    );
    this.tracker.note(revisionsOf(documents), now);
  }
}
