import { ApiFailure, ApiUnreachable } from '@berth/client/client';
import { describeFailure } from './failures';
import { runProgram } from './program';
import { curlLine, shellQuoted } from './snippets';

async function run(...words: string[]) {
  let stdout = '';
  let stderr = '';
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const environment = { XDG_CONFIG_HOME: '/nonexistent', BERTH_HOME: '/nonexistent', BERTH_API_URL: 'http://127.0.0.1:9' };
  return { exitCode: await runProgram(words, environment, streams), stdout, stderr };
}

it.each([
  [['apps', 'frob'], 2, 'USAGE'],
  [['keys', 'rotate', 'hello', 'public'], 2, 'USAGE'],
  [['keys', 'rotate', 'hello', 'rest', '--old-valid-hours', '721'], 2, 'USAGE'],
  [['apps', 'rename', 'hello'], 2, 'USAGE'],
  [['apps', 'purge', 'hello'], 2, 'USAGE'],
  [['apps', 'create', 'hello', '--master-key', 'k'], 2, 'USAGE'],
  [['apps', 'list'], 3, 'NOT_SIGNED_IN'],
])('%j with --json ends with %i and prints one object', async (words, exitCode, code) => {
  const ended = await run(...words, '--json');
  expect(ended).toMatchObject({ exitCode, stderr: '' });
  expect(JSON.parse(ended.stdout).error).toEqual({ code, message: expect.any(String), next: expect.any(String) });
});

it('tells people what happened and what to do on stderr alone', async () => {
  const { stdout, stderr } = await run('apps', 'list');
  expect(stdout).toBe('');
  expect(stderr).toBe(
    'You are not signed in to http://127.0.0.1:9.\nRun berth login (or berth signup for an account), or set BERTH_TOKEN.\n',
  );
});

it('shows help with success', async () => {
  expect(await run('apps', '--help')).toMatchObject({ exitCode: 0, stderr: '' });
});

it.each([
  [new ApiFailure(401, { code: 'SIGN_IN_REQUIRED' }), 3],
  [new ApiFailure(404, { code: 'APP_NOT_FOUND' }), 4],
  [new ApiFailure(409, { code: 'SLUG_TAKEN' }), 1],
  [new ApiUnreachable('http://127.0.0.1:9', undefined), 5],
  [new Error('unforeseen'), 1],
])('%s ends with %i', (error, exitCode) => {
  expect(describeFailure(error).exitCode).toBe(exitCode);
});

it('quotes keys for the shell', () => {
  expect(shellQuoted("it's")).toBe("'it'\\''s'");
  const access = {
    serverUrl: 'http://a.localhost:4080/parse',
    pathUrl: '',
    applicationId: 'id',
    javascriptKey: 'js',
    restApiKey: "r'k",
  };
  expect(curlLine(access)).toContain("-H 'X-Parse-REST-API-Key: r'\\''k'");
});
