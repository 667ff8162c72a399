import { settleAll } from './settle-all';

describe('settling all writes', () => {
  it('waits for the others before it tells of an error', async () => {
    const ended: string[] = [];
    const slow = new Promise<void>((resolve) => setImmediate(() => resolve(void ended.push('slow'))));
    await expect(settleAll([Promise.reject(new Error('taken')), slow])).rejects.toThrow('taken');
    expect(ended).toEqual(['slow']);
  });

  it('is content when all went well', async () => {
    await expect(settleAll([Promise.resolve(1), Promise.resolve(2)])).resolves.toBeUndefined();
  });
});
