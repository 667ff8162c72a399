import { KeyedRunner } from './keyed-runner';
import { Semaphore } from './semaphore';

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A task whose end the test decides. */
function heldTask() {
  const began: string[] = [];
  const ends: (() => void)[] = [];
  const task = (key: string) => {
    began.push(key);
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  const endNext = async () => {
    ends.shift()?.();
    await settle();
  };
  return { began, task, endNext };
}

describe('KeyedRunner', () => {
  it('runs a key once at a time, and once more when it was asked for meanwhile', async () => {
    const { began, task, endNext } = heldTask();
    const runner = new KeyedRunner(10, task);
    for (let times = 0; times < 5; times++) runner.trigger('a');
    expect(began).toEqual(['a']);
    await endNext();
    expect(began).toEqual(['a', 'a']);
    await endNext();
    expect(began).toEqual(['a', 'a']);
    expect(runner.has('a')).toBe(false);
  });

  it('runs at most so many side by side, in the order they came', async () => {
    const { began, task, endNext } = heldTask();
    const runner = new KeyedRunner(2, task);
    for (const key of ['a', 'b', 'c', 'd']) runner.trigger(key);
    expect(began).toEqual(['a', 'b']);
    await endNext();
    await endNext();
    expect(began).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes on after a task that throws', async () => {
    const began: string[] = [];
    const runner = new KeyedRunner(1, async (key) => {
      began.push(key);
      throw new Error('no');
    });
    runner.trigger('a');
    runner.trigger('b');
    await settle();
    expect(began).toEqual(['a', 'b']);
  });

  it('drains: forgets what waits and resolves when the last one ends', async () => {
    const { began, task, endNext } = heldTask();
    const runner = new KeyedRunner(1, task);
    runner.trigger('a');
    runner.trigger('b');
    runner.trigger('a');
    let isDrained = false;
    const drained = runner.drain().then(() => {
      isDrained = true;
    });
    await settle();
    expect(isDrained).toBe(false);
    await endNext();
    await drained;
    expect(began).toEqual(['a']);
  });
});

describe('Semaphore', () => {
  const never = new AbortController().signal;

  it('lets the next one in when a place is given back, once', async () => {
    const semaphore = new Semaphore(1);
    const first = await semaphore.acquire(never);
    let entered = 0;
    const waiting = [semaphore.acquire(never), semaphore.acquire(never)].map((each) => each.then(() => entered++));
    first();
    first();
    await settle();
    expect(entered).toBe(1);
    expect(semaphore.waiting).toBe(1);
    expect(waiting).toHaveLength(2);
  });

  it('lets go of who gives up waiting', async () => {
    const semaphore = new Semaphore(1);
    const first = await semaphore.acquire(never);
    const leaving = new AbortController();
    const left = semaphore.acquire(leaving.signal);
    const stays = semaphore.acquire(never);
    leaving.abort(new Error('stops'));
    await expect(left).rejects.toThrow('stops');
    first();
    await expect(stays).resolves.toBeInstanceOf(Function);
    expect(semaphore.inUse).toBe(1);
  });
});
