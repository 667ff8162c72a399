import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('following logs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'berth-logs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('shows what comes from now on, whole lines only, of files that appear later too', async () => {
    const { followLogs } = await import('./follow-logs.mjs');
    const shown: string[] = [];
    writeFileSync(join(folder, 'api.log'), 'before\n');
    const end = followLogs(folder, { write: (text) => shown.push(text.trim().replace(/\s+/g, ' ')) });
    appendFileSync(join(folder, 'api.log'), 'one\ntw');
    writeFileSync(join(folder, 'worker.log'), 'first\n');
    end();
    expect(shown).toEqual(['api one', 'worker first']);
  });

  it('goes on at the beginning of a log that was emptied', async () => {
    const { followLogs } = await import('./follow-logs.mjs');
    const shown: string[] = [];
    writeFileSync(join(folder, 'api.log'), 'a long line from before\n');
    const end = followLogs(folder, { write: (text) => shown.push(text.trim()) });
    truncateSync(join(folder, 'api.log'));
    appendFileSync(join(folder, 'api.log'), 'new\n');
    end();
    expect(shown).toEqual([expect.stringMatching(/new$/)]);
  });

  it('gives the last lines of a log, and none of a missing one', async () => {
    const { lastLogLines } = await import('./follow-logs.mjs');
    writeFileSync(join(folder, 'api.log'), 'one\n\ntwo\nthree\n');
    expect(lastLogLines(join(folder, 'api.log'), 2)).toEqual(['two', 'three']);
    expect(lastLogLines(join(folder, 'none.log'), 2)).toEqual([]);
  });
});
