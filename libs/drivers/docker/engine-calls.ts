import Docker from 'dockerode';
import { type CallContext, mapDockerError } from './map-error';

/** Dockerode on one socket, each call with a time limit and its errors mapped to the port's. */
export class EngineCalls {
  readonly docker: Docker;

  constructor(socketPath: string) {
    this.docker = new Docker({ socketPath });
  }

  /** @throws Temporary | Fatal */
  async run<T>(
    seconds: number,
    call: (docker: Docker, abortSignal: AbortSignal) => Promise<T>,
    about: Omit<CallContext, 'seconds'> = {},
  ): Promise<T> {
    const signal = AbortSignal.timeout(seconds * 1000);
    // Some of dockerode's calls take no signal; those are left to end by themselves.
    const timeUp = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    try {
      return await Promise.race([call(this.docker, signal), timeUp]);
    } catch (error) {
      throw mapDockerError(signal.aborted ? signal.reason : error, { seconds, ...about });
    }
  }
}
