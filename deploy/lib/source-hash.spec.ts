import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('sourceHash', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'berth-hash-'));
    mkdirSync(join(root, 'src/node_modules/x'), { recursive: true });
    writeFileSync(join(root, 'src/a.ts'), 'a');
    writeFileSync(join(root, 'src/a.spec.ts'), 'test');
    writeFileSync(join(root, 'src/node_modules/x/index.js'), 'x');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('changes with the sources, not with installed packages or ignored files', async () => {
    const { sourceHash } = await import('./source-hash.mjs');
    const hash = () => sourceHash(root, ['src', 'missing'], { ignore: /\.spec\.ts$/ });
    const before = hash();
    expect(before).toMatch(/^[0-9a-f]{12}$/);
    writeFileSync(join(root, 'src/node_modules/x/index.js'), 'y');
    writeFileSync(join(root, 'src/a.spec.ts'), 'another test');
    expect(hash()).toBe(before);
    writeFileSync(join(root, 'src/a.ts'), 'b');
    expect(hash()).not.toBe(before);
  });

  it('tells apart which file holds what', async () => {
    const { sourceHash } = await import('./source-hash.mjs');
    const before = sourceHash(root, ['src']);
    writeFileSync(join(root, 'src/a.ts'), 'test');
    writeFileSync(join(root, 'src/a.spec.ts'), 'a');
    expect(sourceHash(root, ['src'])).not.toBe(before);
  });
});
