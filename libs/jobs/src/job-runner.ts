import { type Job, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { JobHandlers } from './job-handlers';
import { type JobQueue, queueAddress } from './job-queue';

export interface JobRunnerOptions {
  installationId: string;
  concurrency?: number;
  /** Redis came or went: said once for each change. */
  onRedis: (isThere: boolean, error: Error | null) => void;
  onFailed: (name: string, error: Error) => void;
}

const rescheduleEveryMs = 5 * 60_000;
const closeWaitMs = 10_000;

/** A connection as the queue needs it: tries again for ever, ever more slowly up to 2 s. */
export function queueConnection(url: string): Redis {
  return new Redis(url, { maxRetriesPerRequest: null, retryStrategy: (attempt) => Math.min(100 * attempt, 2000) });
}

/** Runs the queue's jobs with the handlers it is given. Jobs that run by the clock are put there again when Redis is back. */
export class JobRunner {
  private readonly worker: Worker;
  private timer: NodeJS.Timeout | undefined;
  private isThere: boolean | undefined;
  private lastError: Error | null = null;

  /** @throws Error when a job has no handler. */
  constructor(
    private readonly redis: Redis,
    private readonly queue: JobQueue,
    handlers: JobHandlers,
    private readonly options: JobRunnerOptions,
  ) {
    handlers.assertComplete();
    const { name, prefix } = queueAddress(options.installationId);
    this.worker = new Worker(name, (job: Job) => handlers.run(job.name, job.data), {
      connection: redis,
      prefix,
      concurrency: options.concurrency ?? 2,
      autorun: false,
    });
    // Each of its commands fails while Redis is away; the connection's own events say it once.
    this.worker.on('error', (error) => {
      this.lastError = error;
    });
    this.worker.on('failed', (job, error) => options.onFailed(job?.name ?? 'unknown', error));
  }

  start(): void {
    this.worker.run().catch((error: Error) => {
      this.lastError = error;
    });
    this.timer = setInterval(() => this.schedule(), rescheduleEveryMs);
    this.follow();
  }

  get ready(): boolean {
    return this.redis.status === 'ready';
  }

  /** Takes no more jobs and waits for those in hand, at most 10 s. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    const finished = this.worker.close().catch(() => undefined);
    await Promise.race([finished, pause(closeWaitMs)]);
    await Promise.race([this.queue.close().catch(() => undefined), pause(500)]);
    this.redis.removeAllListeners();
    this.redis.on('error', () => undefined);
    this.redis.disconnect();
  }

  private follow(): void {
    this.redis.on('error', (error: Error) => this.note(false, error));
    this.redis.on('close', () => this.note(false, this.lastError));
    this.redis.on('ready', () => this.onReady());
    if (this.ready) this.onReady();
  }

  private onReady(): void {
    this.note(true, null);
    this.schedule();
  }

  private schedule(): void {
    if (!this.ready) return;
    this.queue.schedule().catch((error: Error) => {
      this.lastError = error;
    });
  }

  private note(isThere: boolean, error: Error | null): void {
    this.lastError = error;
    if (this.isThere === isThere) return;
    this.isThere = isThere;
    this.options.onRedis(isThere, error);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
