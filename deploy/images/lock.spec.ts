import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

let withLock: typeof import('./lock.mjs').withLock;

beforeAll(async () => {
  ({ withLock } = await import('./lock.mjs'));
});

const name = `lock-spec-${process.pid}`;

it('lets one task in after the other, also after one that failed', async () => {
  const events: string[] = [];
  const task = (id: string, fails: boolean) => async () => {
    events.push(`${id} in`);
    await sleep(20);
    events.push(`${id} out`);
    if (fails) throw new Error(id);
  };
  const results = await Promise.allSettled([
    withLock(name, task('a', true)),
    withLock(name, task('b', false)),
    withLock(name, task('c', true)),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  const inAndOut = Array.from({ length: 3 }, (_, i) => events.slice(2 * i, 2 * i + 2).map((event) => event[0]));
  expect(inAndOut.every(([first, second]) => first === second)).toBe(true);
});

it('tells who waits, and does not hold up another name', async () => {
  const onWait = jest.fn();
  let release = () => {};
  let held: Promise<void> | undefined;
  await new Promise<void>((entered) => {
    const task = () => {
      entered();
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    held = withLock(name, task, { onWait });
  });
  await withLock(`${name}-other`, async () => {});
  const waiting = withLock(name, async () => 'done', {
    onWait: () => {
      onWait();
      release();
    },
  });
  expect(await waiting).toBe('done');
  await held;
  expect(onWait).toHaveBeenCalledTimes(1);
});

it('is free again when its holder was killed', async () => {
  const script = `import { withLock } from ${JSON.stringify(`file://${__dirname}/lock.mjs`)};
    await withLock(${JSON.stringify(name)}, () => { console.log('held'); return new Promise((r) => setTimeout(r, 60_000)); });`;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  holder.kill('SIGKILL');
  expect(await withLock(name, async () => 'ours')).toBe('ours');
});
