import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type JobMap, type JobName, jobId, jobPeriodsMs } from './job-map';

/** Name and prefix of an installation's queue, so that two of them may share a Redis. */
export const queueAddress = (installationId: string) => ({ name: 'jobs', prefix: `berth:${installationId}` });

const attempts = 5;
const firstBackOffMs = 1000;

/** Asks for jobs. */
export class JobQueue {
  private readonly queue: Queue;

  constructor(connection: Redis, installationId: string) {
    const { name, prefix } = queueAddress(installationId);
    this.queue = new Queue(name, {
      connection,
      prefix,
      defaultJobOptions: {
        attempts,
        backoff: { type: 'exponential', delay: firstBackOffMs },
        removeOnComplete: true,
        removeOnFail: { count: 100 },
      },
    });
    // The connection's own events say that Redis is away; a command that fails throws where it was called.
    this.queue.on('error', () => undefined);
  }

  async add<Name extends JobName>(name: Name, payload: JobMap[Name]): Promise<void> {
    await this.queue.add(name, payload, { jobId: jobId(name, payload) });
  }

  /** Puts the jobs that run by the clock into Redis; repeated, since Redis may have lost everything. */
  async schedule(): Promise<void> {
    for (const [name, every] of Object.entries(jobPeriodsMs))
      await this.queue.upsertJobScheduler(name, { every }, { name, data: {}, opts: { attempts: 1, removeOnComplete: true } });
  }

  async close(): Promise<void> {
    await this.queue.close();
  }
}
