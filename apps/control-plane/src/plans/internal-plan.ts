import type { Plan } from './plan';

/**
 * The plan of every app as long as billing is off. A runtime idles at 40 to 60 MB and takes some 150 MB under load; 256 MB leave room for a
 * reload, when two Node processes run side by side. A reload under load peaks at 40 processes and threads.
 */
export const internalPlan: Plan = {
  id: 'internal',
  name: 'Internal',
  environments: 10,
  environment: {
    size: { memoryMb: 256, cpus: 1, pids: 200, diskMb: 1024 },
    requestsPerSecond: 0,
    maxBodyBytes: 32 * 1024 * 1024,
  },
};
