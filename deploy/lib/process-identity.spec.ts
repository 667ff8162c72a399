import { spawn } from 'node:child_process';
import { once } from 'node:events';

describe('process identity', () => {
  it('tells a process from another one with the same number', async () => {
    const { identify, isAlive } = await import('./process-identity.mjs');
    const mine = identify(process.pid);
    if (!mine) throw new Error('this process was not found');
    expect(isAlive(mine)).toBe(true);
    expect(isAlive({ ...mine, startedAt: 'another' })).toBe(false);
  });

  it('sees the end of a process, and sends no signal to whoever has its number', async () => {
    const { identify, isAlive, signalProcess } = await import('./process-identity.mjs');
    const child = spawn('sleep', ['60']);
    const identity = identify(child.pid ?? 0);
    if (!identity) throw new Error('the child was not found');
    expect(signalProcess({ ...identity, startedAt: 'another' }, 'SIGKILL')).toBe(false);
    expect(isAlive(identity)).toBe(true);
    expect(signalProcess(identity, 'SIGKILL')).toBe(true);
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
  });
});
