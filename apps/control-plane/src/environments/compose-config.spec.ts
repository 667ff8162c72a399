import { readSettings } from '@berth/config/read-settings';
import { composeConfig, sameConfig } from './compose-config';
import { environmentAddresses } from './environment-addresses';
import { firstKeys, rotateKey } from './keys';

const settings = readSettings({});
const now = new Date('2026-01-01T00:00:00Z');
const later = new Date('2026-01-03T00:00:00Z');
const environment = { _id: 'env_1', name: 'staging', applicationId: 'id', mountPath: '/1', runtimeId: 'rt_1' };
const app = { name: 'Hello', slug: 'hello' };
const keys = rotateKey(firstKeys(), 'rest', 'new', new Date('2026-01-02T00:00:00Z'), now);

describe('the configuration of a runtime', () => {
  const config = composeConfig(settings, { app, environment, keys }, 3, now);

  it('says whom it serves, and has defaults of production quality', () => {
    expect(config).toMatchObject({
      generation: 3,
      runtimeId: 'rt_1',
      environmentId: 'env_1',
      mountPaths: ['/1'],
      publicOrigin: 'http://hello--staging.localhost:4080',
      parse: { masterKeyIps: ['0.0.0.0/0', '::/0'], passwordPolicy: { minLength: 8 } },
    });
    expect(config.keys.rest.previous).toHaveLength(1);
  });

  it('is the same whatever its generation, until a name, a slug or a key changes, or an old key ends', () => {
    const compose = (source: Partial<{ app: typeof app; keys: typeof keys }>, at = now) =>
      composeConfig(settings, { app, environment, keys, ...source }, 4, at);
    expect(sameConfig(config, compose({}))).toBe(true);
    expect(sameConfig(config, compose({ app: { ...app, name: 'Other' } }))).toBe(false);
    expect(sameConfig(config, compose({ app: { ...app, slug: 'other' } }))).toBe(false);
    expect(sameConfig(config, compose({ keys: rotateKey(keys, 'master', 'x', null, now) }))).toBe(false);
    expect(sameConfig(config, compose({}, later))).toBe(false);
  });
});

describe('addresses of an environment', () => {
  it.each([
    ['/parse', {}, 'http://hello.localhost:4080/parse', 'ws://hello.localhost:4080/parse', 'http://localhost:4080/@hello/parse'],
    ['/', {}, 'http://hello.localhost:4080', 'ws://hello.localhost:4080', 'http://localhost:4080/@hello'],
    [
      '/parse',
      { BERTH_BASE_DOMAIN: 'apps.example.com', BERTH_PUBLIC_SCHEME: 'https', BERTH_PUBLIC_PORT: '443' },
      'https://hello.apps.example.com/parse',
      'wss://hello.apps.example.com/parse',
      'https://apps.example.com/@hello/parse',
    ],
    [
      '/parse',
      { BERTH_CONSOLE_ORIGIN: 'https://console.example.org:8443' },
      'http://hello.localhost:4080/parse',
      'ws://hello.localhost:4080/parse',
      'http://console.example.org:4080/@hello/parse',
    ],
  ])('%s %j', (mountPath, variables, serverUrl, liveQueryUrl, pathUrl) => {
    const addresses = environmentAddresses(readSettings(variables as never), 'hello', { name: 'production', mountPath });
    expect(addresses).toMatchObject({ serverUrl, liveQueryUrl, pathUrl });
  });
});
