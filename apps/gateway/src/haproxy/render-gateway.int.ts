import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '@berth/config/read-settings';
import { haproxyProgram } from '../../test/test-haproxy';
import { configOptions, renderGateway } from './render-gateway';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "berth it's a home "));
});
afterEach(() => rm(home, { recursive: true }));

const render = async (more: Record<string, string> = {}) =>
  renderGateway(await configOptions(readSettings({ BERTH_HOME: home, ...more })));
const file = (name: string) => join(home, 'gateway', name);

it('writes what HAProxy takes without a warning, and nothing half-done', async () => {
  await render({ BERTH_PUBLIC_SCHEME: 'https', BERTH_GATEWAY_PORT: '4999' });
  const check = spawnSync(haproxyProgram, ['-c', '-f', file('haproxy.cfg')], { encoding: 'utf8' });
  expect([check.status, check.stderr]).toEqual([0, expect.not.stringMatching(/WARNING|ALERT/)]);
  expect((await readdir(join(home, 'gateway'))).sort()).toEqual([
    'addresses.map',
    'gateway.lua',
    'haproxy.cfg',
    'hosts.map',
    'policies.map',
    'slugs.map',
  ]);
  expect((await stat(file('haproxy.cfg'))).mode & 0o007).toBe(0);
});

it('leaves the routes that are there and takes new settings over', async () => {
  await render();
  await writeFile(file('hosts.map'), 'one.localhost env_1\n');
  await render({ BERTH_GATEWAY_PORT: '4998' });
  expect(await readFile(file('hosts.map'), 'utf8')).toBe('one.localhost env_1\n');
  expect(await readFile(file('haproxy.cfg'), 'utf8')).toContain('bind :4998');
});
