import { internalPlan } from '../plans/internal-plan';
import { wantedHosts, wantedPolicy } from './wanted-routes';

describe('wanted routes', () => {
  it('has a label for each name the app has or had, and each environment', () => {
    const environments = [
      { _id: 'env_1', name: 'production' },
      { _id: 'env_2', name: 'staging' },
    ];
    expect(Object.fromEntries(wantedHosts(['new', 'old'], environments))).toEqual({
      new: 'env_1',
      'new--staging': 'env_2',
      old: 'env_1',
      'old--staging': 'env_2',
    });
    expect(wantedHosts([], environments).size).toBe(0);
  });

  it('takes the limits from the plan', () => {
    expect(wantedPolicy(internalPlan)).toEqual({ admission: 'open', requestsPerSecond: 0, maxBodyBytes: 33_554_432 });
  });
});
