import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('rotateLogs', () => {
  it('keeps large logs aside, the newest first, and no more than it should', async () => {
    const { rotateLogs } = await import('./rotate-logs.mjs');
    const folder = mkdtempSync(join(tmpdir(), 'berth-rotate-'));
    try {
      writeFileSync(join(folder, 'small.log'), 'few');
      writeFileSync(join(folder, 'api.log'), '');
      for (const round of ['first', 'second', 'third']) {
        appendFileSync(join(folder, 'api.log'), `${round} round, which is long enough`);
        await rotateLogs(folder, { largestBytes: 10, keptFiles: 2 });
      }
      expect(readdirSync(folder).sort()).toEqual(['api.log', 'api.log.1', 'api.log.2', 'small.log']);
      expect(readFileSync(join(folder, 'api.log'), 'utf8')).toBe('');
      expect(readFileSync(join(folder, 'api.log.1'), 'utf8')).toContain('third');
      expect(readFileSync(join(folder, 'api.log.2'), 'utf8')).toContain('second');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
