import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAccount, password, sharedPlatform } from '../browser/console-platform';

jest.setTimeout(180_000);

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** `berth` as a script uses it: one JSON object on stdout, and exit codes. */
describe('the CLI', () => {
  const config = mkdtempSync(join(tmpdir(), 'berth-cli-'));
  const email = `cli-${randomBytes(4).toString('hex')}@example.com`;
  let platform: Awaited<ReturnType<typeof sharedPlatform>>;

  beforeAll(async () => {
    platform = await sharedPlatform();
    await makeAccount(platform, email);
  });

  afterAll(async () => {
    rmSync(config, { recursive: true, force: true });
    await platform?.stop();
  });

  function berth(...args: string[]): Promise<Outcome> {
    const env = { ...process.env, ...platform.environment, XDG_CONFIG_HOME: config };
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        ['apps/cli/bin/berth.mjs', ...args],
        { env, cwd: join(__dirname, '../..') },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  }

  it('logs in and keeps the token where nobody else can read it', async () => {
    expect(await berth('whoami')).toMatchObject({ code: 3 });
    expect(await berth('login', '--email', email, '--password', password)).toMatchObject({ code: 0 });
    expect(statSync(join(config, 'berth/credentials.json')).mode & 0o777).toBe(0o600);
    expect((await berth('whoami')).stdout).toContain(email);
  });

  it('makes an app that serves when the command returns', async () => {
    const { code, stdout } = await berth('apps', 'create', 'From the shell', '--json');
    expect(code).toBe(0);
    const app = JSON.parse(stdout);
    for (const name of [
      'slug',
      'environment',
      'liveQueryUrl',
      'graphqlUrl',
      'javascriptKey',
      'clientKey',
      'masterKey',
      'readOnlyMasterKey',
    ])
      expect(app[name]).toEqual(expect.any(String));
    const write = await fetch(`${app.serverUrl}/classes/First`, {
      method: 'POST',
      headers: {
        'X-Parse-Application-Id': app.applicationId,
        'X-Parse-REST-API-Key': app.restApiKey,
        'Content-Type': 'application/json',
      },
      body: '{"a":1}',
    });
    expect(write.status).toBe(201);
    expect((await berth('apps', 'list', '--json')).stdout).toContain(app.slug);
    expect(await berth('apps', 'delete', app.slug, '--yes')).toMatchObject({ code: 0 });
    expect(await berth('apps', 'restore', app.slug)).toMatchObject({ code: 0 });
  });

  it('says what is wrong in JSON, with its exit code', async () => {
    const { code, stdout } = await berth('apps', 'info', 'nobody-here', '--json');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'APP_NOT_FOUND', next: expect.any(String) } });
  });
});
