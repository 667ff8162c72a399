import { JobHandlers } from './job-handlers';
import { jobId, jobNames, jobPeriodsMs } from './job-map';

const nothing = async () => undefined;

describe('job handlers', () => {
  it('refuse a second handler of one job', () => {
    const handlers = new JobHandlers();
    handlers.register('keys.expire', nothing);
    expect(() => handlers.register('keys.expire', nothing)).toThrow('the job keys.expire has two handlers');
  });

  it('name every job without a handler', () => {
    const handlers = new JobHandlers();
    for (const name of jobNames.filter((each) => each !== 'app.purge' && each !== 'apps.repair'))
      handlers.register(name, nothing);
    expect(() => handlers.assertComplete()).toThrow('these jobs have no handler: app.purge, apps.repair');
  });

  it('give the payload to the one that is registered, and refuse an unknown job', async () => {
    const handlers = new JobHandlers();
    const seen: string[] = [];
    handlers.register('app.purge', async ({ appId }) => void seen.push(appId));
    await handlers.run('app.purge', { appId: 'app_1' });
    expect(seen).toEqual(['app_1']);
    await expect(handlers.run('unheard-of', {})).rejects.toThrow('there is no job unheard-of');
  });
});

describe('job map', () => {
  it('gives the same job the same id', () => {
    expect(jobId('app.purge', { appId: 'app_1' })).toBe('app.purge/app_1');
    expect(jobId('keys.expire', {})).toBe('keys.expire');
  });

  it('has only ids that the queue takes, and periods for known jobs', () => {
    expect(jobNames.filter((name) => name.includes(':'))).toEqual([]);
    for (const name of Object.keys(jobPeriodsMs)) expect(jobNames).toContain(name);
  });
});
