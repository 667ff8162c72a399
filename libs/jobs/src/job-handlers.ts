import { type JobMap, type JobName, jobNames } from './job-map';

export type JobHandler<Name extends JobName> = (payload: JobMap[Name]) => Promise<void>;

/** Who does which job. Each has exactly one: anything else is a fault that has to be seen at the start and not by night. */
export class JobHandlers {
  private readonly handlers = new Map<JobName, JobHandler<JobName>>();

  register<Name extends JobName>(name: Name, handler: JobHandler<Name>): void {
    if (this.handlers.has(name)) throw new Error(`the job ${name} has two handlers`);
    this.handlers.set(name, handler as JobHandler<JobName>);
  }

  /** @throws Error which names every job without a handler. */
  assertComplete(): void {
    const missing = jobNames.filter((name) => !this.handlers.has(name));
    if (missing.length > 0) throw new Error(`these jobs have no handler: ${missing.join(', ')}`);
  }

  async run(name: string, payload: unknown): Promise<void> {
    const handler = this.handlers.get(name as JobName);
    // A newer version of the worker may have asked for it.
    if (!handler) throw new Error(`there is no job ${name}`);
    await handler(payload as never);
  }
}
