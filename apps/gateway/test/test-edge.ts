import { makeHaproxy, type TestHaproxy } from './test-haproxy';
import { startUpstream, type TestUpstream } from './test-upstream';

export const one = 'env_00000000000000000001';
export const two = 'env_00000000000000000002';

/** A HAProxy with routes of every kind, and upstreams that stand for runtimes. */
export interface TestEdge {
  haproxy: TestHaproxy;
  port: number;
  /** Runtime of `one.localhost` and most others. */
  upstream: TestUpstream;
  /** Runtime of `two.localhost` and `one--staging.localhost`, on IPv6. */
  upstreamTwo: TestUpstream;
  stop(): Promise<void>;
}

export async function startEdge(): Promise<TestEdge> {
  const haproxy = await makeHaproxy();
  const upstream = await startUpstream('one');
  const upstreamTwo = await startUpstream('two', 0, '::1').catch(() => startUpstream('two'));
  const environments = Object.fromEntries(slugs.map((slug, i) => [slug, `env_${String(i + 1).padStart(20, '0')}`]));
  const by = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([slug, value]) => [environments[slug] ?? '', value]));
  const target = upstream.target;
  await haproxy.writeMaps({
    slugs: { ...environments, 'one--staging': two },
    hosts: {
      ...Object.fromEntries(slugs.map((slug) => [`${slug}.localhost`, environments[slug] ?? ''])),
      'one--staging.localhost': two,
      'shop.example.com': one,
    },
    addresses: by({
      one: target,
      two: upstreamTwo.target,
      small: target,
      slow: target,
      suspended: target,
      maintenance: target,
      strange: target,
      down: '127.0.0.1/1',
    }),
    policies: by({
      one: 'open/0/20971520',
      small: 'open/0/1000',
      slow: 'open/30/20971520',
      suspended: 'suspended/0/1000',
      maintenance: 'maintenance/0/1000',
      strange: 'something-new/0/1000',
    }),
  });
  const edge: TestEdge = {
    haproxy,
    port: haproxy.port,
    upstream,
    upstreamTwo,
    stop: async () => {
      await upstream.stop();
      await edge.upstreamTwo.stop();
      await haproxy.stop();
    },
  };
  await haproxy.start().catch(async (error) => {
    await edge.stop();
    throw error;
  });
  return edge;
}

const slugs = ['one', 'two', 'small', 'slow', 'suspended', 'maintenance', 'down', 'asleep', 'strange'];
