let run: typeof import('./run.mjs').run;

beforeAll(async () => {
  ({ run } = await import('./run.mjs'));
});

const sh = (script: string, options?: Parameters<typeof run>[2]) => run('sh', ['-c', script], options);

it('gives standard output, and every line of both outputs as it comes', async () => {
  const lines: string[] = [];
  expect(
    await sh('echo out; echo err >&2; printf "\\033[1mbold\\033[0m\\rlast"', { onLine: (line) => lines.push(line) }),
  ).toContain('out');
  expect(lines.sort()).toEqual(['bold', 'err', 'last', 'out']);
});

it('hands over characters that arrive in pieces', async () => {
  const lines: string[] = [];
  await sh('printf "\\303"; sleep 0.05; printf "\\251\\n"', { onLine: (line) => lines.push(line) });
  expect(lines).toEqual(['é']);
});

it('feeds standard input', async () => {
  expect(await run('cat', [], { input: 'hello' })).toBe('hello');
});

it('fails with the exit code and the last lines', async () => {
  await expect(sh('seq 100; exit 3', { keepLines: 2 })).rejects.toMatchObject({
    exitCode: 3,
    timedOut: false,
    lastLines: ['99', '100'],
  });
});

it('stops a command and its children when the time is up', async () => {
  await expect(sh('sleep 60 & wait', { timeoutMs: 100 })).rejects.toMatchObject({ timedOut: true });
});

it('says which command is not installed', async () => {
  await expect(run('berth-no-such-command', [])).rejects.toMatchObject({ command: 'berth-no-such-command' });
});
