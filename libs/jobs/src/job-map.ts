/**
 * Every background job: name → payload. Payloads hold ids alone, so that a job which waited does what is right when it runs and not when it
 * was asked for.
 */
export interface JobMap {
  /** Asks for the purge of each app whose days in the trash are over. */
  'trash.find-due': Record<string, never>;
  'app.purge': { appId: string };
  /** Drops former keys whose time is over. */
  'keys.expire': Record<string, never>;
  /** Finds what no operation leads to any more. */
  'apps.repair': Record<string, never>;
  /** Drops tombstones of routes and records of removed runtimes. */
  'tombstones.clear': Record<string, never>;
}

export type JobName = keyof JobMap;

export const jobNames = [
  'trash.find-due',
  'app.purge',
  'keys.expire',
  'apps.repair',
  'tombstones.clear',
] as const satisfies JobName[];

/** Jobs that run by the clock, and how often. */
export const jobPeriodsMs: Readonly<Partial<Record<JobName, number>>> = {
  'trash.find-due': 60_000,
  'keys.expire': 15_000,
  'apps.repair': 30_000,
  'tombstones.clear': 3600_000,
};

/** The same job with the same payload is the same job: asked for twice while it waits, it runs once. */
export function jobId<Name extends JobName>(name: Name, payload: JobMap[Name]): string {
  return [name, ...Object.values(payload)].join('/');
}
