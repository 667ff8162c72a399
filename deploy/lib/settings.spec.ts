import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allSettings } from '@berth/config/settings';

describe('the settings that the setup reads itself', () => {
  const home = mkdtempSync(join(tmpdir(), 'berth-settings-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('have the names and defaults of the settings library', async () => {
    const { setupDefaults } = await import('./settings.mjs');
    const defaults = allSettings.parse({}) as Record<string, unknown>;
    for (const [name, value] of Object.entries(setupDefaults)) expect([name, value]).toEqual([name, String(defaults[name])]);
  });

  it('come from the environment before the file, and from the file before the defaults', async () => {
    const { readSetupSettings } = await import('./settings.mjs');
    writeFileSync(
      join(home, 'berth.env'),
      '# mine\nBERTH_API_PORT=5000\nBERTH_REDIS_PORT="5001"\nMONGODB_URL=mongodb://db.example/berth\nOTHER=1\n',
    );
    const settings = readSetupSettings({ BERTH_HOME: home, BERTH_API_PORT: '6000', BERTH_WORKER_PORT: '' });
    expect(settings.values).toMatchObject({ BERTH_API_PORT: '6000', BERTH_REDIS_PORT: '5001', BERTH_WORKER_PORT: '4001' });
    expect(settings.given).toEqual({
      BERTH_API_PORT: '6000',
      BERTH_REDIS_PORT: '5001',
      MONGODB_URL: 'mongodb://db.example/berth',
    });
    expect(settings.mongodbUrl).toBe('mongodb://db.example/berth');
    expect(settings.redisUrl).toBeUndefined();
  });

  it('do not take what is meant for the CLI or the tests', async () => {
    const { readSetupSettings } = await import('./settings.mjs');
    const { given } = readSetupSettings({
      BERTH_HOME: `${home}/none`,
      BERTH_TOKEN: 'x',
      BERTH_API_URL: 'y',
      BERTH_TEST_MONGODB_URL: 'z',
    });
    expect(given).toEqual({});
  });

  it.each(['0', '65536', 'http', '80 ', '-1', '4000.5'])('refuse %j as a port, by its name', async (value) => {
    const { readSetupSettings } = await import('./settings.mjs');
    expect(() => readSetupSettings({ BERTH_HOME: `${home}/none`, BERTH_API_PORT: value })).toThrow(
      `BERTH_API_PORT: read ${JSON.stringify(value)}; allowed: a port from 1 to 65535.`,
    );
  });

  it('refuse a relative BERTH_HOME', async () => {
    const { readSetupSettings } = await import('./settings.mjs');
    expect(() => readSetupSettings({ BERTH_HOME: 'data' })).toThrow('BERTH_HOME: read "data"; allowed: an absolute path.');
  });
});
