import type { RouteAddress, RouteHost, RoutePolicy } from '@berth/contracts/documents/routes';
import { type RouteDocuments, routeEntries } from './route-entries';

const versioned = { revision: 1, updatedAt: new Date(0), deletedAt: null as Date | null };
const host = (more: Partial<RouteHost>): RouteHost => ({
  _id: 'shop',
  kind: 'label',
  environmentId: 'env_1',
  ...versioned,
  ...more,
});
const address = (more: Partial<RouteAddress>): RouteAddress => ({
  _id: 'env_1',
  runtimeId: 'rt_1',
  nodeId: 'node_1',
  target: '10.0.0.2/1337',
  ...versioned,
  ...more,
});
const policy = (more: Partial<RoutePolicy>): RoutePolicy => ({
  _id: 'env_1',
  admission: 'open',
  requestsPerSecond: 10,
  maxBodyBytes: 1000,
  ...versioned,
  ...more,
});
const entries = (documents: Partial<RouteDocuments>, onInvalid?: (text: string) => void) =>
  routeEntries({ hosts: [], addresses: [], policies: [], ...documents }, 'example.com', onInvalid);

it('gives a slug its host name and its path', () => {
  expect(entries({ hosts: [host({})] })).toEqual([
    { map: 'slugs', key: 'shop', value: 'env_1' },
    { map: 'hosts', key: 'shop.example.com', value: 'env_1' },
  ]);
  expect(entries({ hosts: [host({ _id: 'shop--staging' })] })[1]?.key).toBe('shop--staging.example.com');
});

it('gives a domain its host name alone', () => {
  expect(entries({ hosts: [host({ kind: 'domain', _id: 'shop.io' })] })).toEqual([
    { map: 'hosts', key: 'shop.io', value: 'env_1' },
  ]);
});

it('turns tombstones and sleeping environments into removals', () => {
  const deletedAt = new Date(0);
  expect(
    entries({ hosts: [host({ deletedAt })], addresses: [address({ target: null })], policies: [policy({ deletedAt })] }),
  ).toEqual([
    { map: 'slugs', key: 'shop', value: null },
    { map: 'hosts', key: 'shop.example.com', value: null },
    { map: 'addresses', key: 'env_1', value: null },
    { map: 'policies', key: 'env_1', value: null },
  ]);
  expect(entries({ addresses: [address({ deletedAt })] })[0]?.value).toBeNull();
});

it('measures the rate over the window', () => {
  const values = [
    policy({}),
    policy({ requestsPerSecond: 0 }),
    policy({ requestsPerSecond: 0.05 }),
    policy({ admission: 'suspended' }),
  ];
  expect(values.map((each) => entries({ policies: [each] })[0]?.value)).toEqual([
    'open/100/1000',
    'open/0/1000',
    'open/1/1000',
    'suspended/100/1000',
  ]);
});

it.each<[string, Partial<RouteDocuments>]>([
  ['a host with a line break', { hosts: [host({ _id: 'a\ndel map hosts.map b' })] }],
  ['a host with a blank', { hosts: [host({ _id: 'a b' })] }],
  ['an environment id with a blank', { hosts: [host({ environmentId: 'env_1 x' })] }],
  ['a domain that belongs to slugs', { hosts: [host({ kind: 'domain', _id: 'other.example.com' })] }],
  ['an upper-case domain', { hosts: [host({ kind: 'domain', _id: 'Shop.io' })] }],
  ['a target that is no address', { addresses: [address({ target: 'evil.example/80' })] }],
  ['a target with a line break', { addresses: [address({ target: '10.0.0.1/80\nshow env' })] }],
  ['a policy without a size', { policies: [policy({ maxBodyBytes: Number.NaN })] }],
  ['a policy with a strange admission', { policies: [policy({ admission: 'a/b' as 'open' })] }],
])('leaves out %s and says so', (_, documents) => {
  const invalid: string[] = [];
  expect(entries(documents, (text) => invalid.push(text))).toEqual([]);
  expect(invalid).toHaveLength(1);
});

it('takes IPv6 targets', () => {
  expect(entries({ addresses: [address({ target: 'fd00::2/1337' })] })[0]?.value).toBe('fd00::2/1337');
});
