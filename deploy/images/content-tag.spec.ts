import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let contentTag: typeof import('./content-tag.mjs').contentTag;
let folder: string;

beforeAll(async () => {
  ({ contentTag } = await import('./content-tag.mjs'));
});

beforeEach(() => {
  folder = makeFolder();
});

afterEach(() => rmSync(folder, { recursive: true }));

function makeFolder() {
  const made = mkdtempSync(join(tmpdir(), 'content-tag-spec-'));
  mkdirSync(join(made, 'image'));
  writeFileSync(join(made, 'image', 'run.sh'), 'echo', { mode: 0o755 });
  writeFileSync(join(made, 'image', 'conf'), 'a = 1', { mode: 0o644 });
  return made;
}

const tagOf = (root: string, ...strings: string[]) => contentTag({ files: [join(root, 'image')], strings });

it('is 12 hexadecimal digits', async () => {
  expect(await tagOf(folder)).toMatch(/^[0-9a-f]{12}$/);
});

it('is the same for the same content elsewhere, in another order, and under another umask', async () => {
  const elsewhere = makeFolder();
  chmodSync(join(elsewhere, 'image', 'conf'), 0o600);
  expect(await tagOf(elsewhere, 'one', 'two')).toBe(await tagOf(folder, 'two', 'one'));
  rmSync(elsewhere, { recursive: true });
});

it.each<[string, () => void]>([
  ['content', () => writeFileSync(join(folder, 'image', 'conf'), 'a = 2')],
  ['the executable bit', () => chmodSync(join(folder, 'image', 'run.sh'), 0o644)],
  ['another file', () => writeFileSync(join(folder, 'image', 'new'), '')],
  ['a link', () => symlinkSync('conf', join(folder, 'image', 'link'))],
  ['a file’s name', () => writeFileSync(join(folder, 'image', 'conf2'), 'a = 1')],
])('changes with %s', async (_case, change) => {
  const before = await tagOf(folder);
  change();
  expect(await tagOf(folder)).not.toBe(before);
});

it('changes with a string, however strings and files are cut', async () => {
  const tags = await Promise.all([
    contentTag({ strings: ['ab', 'c'] }),
    contentTag({ strings: ['a', 'bc'] }),
    contentTag({ strings: ['abc'] }),
    contentTag({ strings: ['abc', 'abc'] }),
    contentTag({}),
  ]);
  expect(new Set(tags).size).toBe(tags.length);
});

it('fails for a file that is not there', async () => {
  await expect(contentTag({ files: [join(folder, 'nowhere')] })).rejects.toThrow(/ENOENT/);
});
