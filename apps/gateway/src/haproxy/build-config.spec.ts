import { buildConfig, configMark, type GatewayConfigOptions } from './build-config';

const options: GatewayConfigOptions = {
  directory: '/var/lib/berth/gateway',
  port: 4080,
  ipv6: true,
  publicScheme: 'http',
  activatorPort: 4004,
  threads: 2,
};
const lines = (more: Partial<GatewayConfigOptions> = {}) =>
  buildConfig({ ...options, ...more })
    .split('\n')
    .map((line) => line.trim());

it('listens on IPv4 and, where there is any, on IPv6', () => {
  expect(lines()).toEqual(expect.arrayContaining(['bind :4080', 'bind [::]:4080 v6only']));
  expect(lines({ ipv6: false }).filter((line) => line.startsWith('bind'))).toEqual(['bind :4080']);
});

it('keeps its admin socket to its own user, whatever the folder is called', () => {
  expect(lines({ directory: "/srv/it's mine/gateway" })).toContain(
    "stats socket 'unix@/srv/it'\\''s mine/gateway/admin.sock' mode 600 level admin expose-fd listeners",
  );
});

it('says the scheme that people type', () => {
  expect(lines({ publicScheme: 'https' })).toContain('http-request set-header X-Forwarded-Proto https');
});

it('sends sleepers to the activator', () => {
  expect(lines({ activatorPort: 5555 })).toContain('server activator 127.0.0.1:5555');
});

it('takes time limits over, and names the one of the answer in its error', () => {
  const text = lines({ timeouts: { server: 7, retries: 1 } });
  expect(text).toEqual(expect.arrayContaining(['timeout server 7s', 'retries 1', 'timeout client 60s']));
  expect(text.find((line) => line.startsWith('http-error status 504'))).toContain('7 seconds');
});

it('removes what clients claim before it sets its own', () => {
  const all = lines();
  expect(all.indexOf('http-request del-header X-Berth- -m beg')).toBeLessThan(
    all.indexOf('http-request set-header X-Berth-Environment %[var(txn.environment)]'),
  );
  expect(all.indexOf('http-request del-header X-Forwarded- -m beg')).toBeLessThan(
    all.indexOf('http-request set-header X-Forwarded-For %[src]'),
  );
});

it('has valid JSON in every error, once the live values are filled in', () => {
  const bodies = [...buildConfig(options).matchAll(/lf-string '((?:[^']|'\\'')*)'/g)].map(([, text]) => text as string);
  expect(bodies.length).toBeGreaterThan(8);
  for (const body of bodies) {
    const filled = body
      .replaceAll("'\\''", "'")
      .replaceAll('%[var(txn.max_body)]', '1000')
      .replaceAll(/%\[[^\]]*\]/g, 'x')
      .replaceAll('%%', '%');
    expect(JSON.parse(filled)).toMatchObject({ code: expect.any(String), message: expect.any(String), requestId: 'x' });
    expect(filled).not.toMatch(/[{}]requestId|<limit>|<request id>/);
  }
});

it('has a mark that changes with what needs HAProxy to load it again, and with nothing else', () => {
  expect(configMark(options)).toBe(configMark({ ...options }));
  for (const other of [{ port: 4081 }, { ipv6: false }, { publicScheme: 'https' as const }, { activatorPort: 1 }])
    expect(configMark({ ...options, ...other })).not.toBe(configMark(options));
  expect(buildConfig(options)).toContain(`description ${configMark(options)}`);
});
