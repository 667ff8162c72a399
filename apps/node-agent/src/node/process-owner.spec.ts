import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isKnownDead, ownerOfThisProcess } from './process-owner';

describe('the owner of a lease', () => {
  it('is alive while its process is', () => {
    expect(isKnownDead(ownerOfThisProcess())).toBe(false);
  });

  it('is dead once its process is gone', async () => {
    const child = spawn('true');
    const [boot, namespace] = ownerOfThisProcess().split('/');
    await once(child, 'exit');
    expect(isKnownDead(`${boot}/${namespace}/${child.pid}/1/abc`)).toBe(true);
  });

  it('is dead when its id belongs to a later process', () => {
    const [boot, namespace, pid, start] = ownerOfThisProcess().split('/');
    expect(isKnownDead(`${boot}/${namespace}/${pid}/${Number(start) - 1}/abc`)).toBe(true);
  });

  it('is not known to be dead on another machine, or when it is something else', () => {
    expect(isKnownDead('other-boot/pid:[1]/1/1/abc')).toBe(false);
    expect(isKnownDead('')).toBe(false);
  });
});
