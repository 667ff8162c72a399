import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a module in a process of its own, interrupts it when it has said "ready", and gives what it said after and how it ended. */
async function interrupted(body: string) {
  const script = `
    import { interruptible } from ${JSON.stringify(`file://${__dirname}/interrupt.mjs`)};
    import { run } from ${JSON.stringify(`file://${__dirname}/run.mjs`)};
    const say = (text) => process.stdout.write(text + '\\n');
    const running = run.bind(undefined, 'sh', ['-c', 'echo ready; sleep 60 & wait'], { onLine: say });
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    if (String(chunk).includes('ready')) child.kill('SIGINT');
  });
  const [code, signal] = await once(child, 'close');
  return { said: output.trim().split('\n').slice(1), code, signal };
}

it('stops the command, cleans up, and ends by the signal', async () => {
  const outcome = await interrupted(`
    await interruptible(async () => {
      try { await running(); } finally { say(await run('echo', ['cleaned'], { uninterrupted: true })); }
    });`);
  expect(outcome).toEqual({ said: ['cleaned'], code: null, signal: 'SIGINT' });
});

it('leaves the end to a program that listens to the signal itself', async () => {
  const outcome = await interrupted(`
    process.on('SIGINT', () => say('heard'));
    await interruptible(running).catch((error) => say(error.code));`);
  expect(outcome).toEqual({ said: ['heard', 'INTERRUPTED'], code: 0, signal: null });
});

it('starts no further command once it is interrupted', async () => {
  const outcome = await interrupted(`
    process.on('SIGINT', () => {});
    await interruptible(async () => {
      await running().catch(() => {});
      await run('sh', ['-c', 'sleep 5; echo late']).then(say, (error) => say(error.code));
    });`);
  expect(outcome.said).toEqual(['INTERRUPTED']);
});
