import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@berth/contracts/ids';
import { FolderVolumes } from './folder-volumes';

describe('FolderVolumes', () => {
  const id = newId('runtime');
  let root: string;
  let volumes: FolderVolumes;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'berth-volumes-'));
    volumes = new FolderVolumes(root);
    await volumes.prepare();
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const isRoot = process.getuid?.() === 0;
  (isRoot ? it : it.skip)('makes the folders and owners of the contract', async () => {
    await volumes.create(id);
    const look = (path: string) => {
      const { mode, uid, gid } = statSync(join(root, id, path));
      return [(mode & 0o7777).toString(8), uid, gid];
    };
    expect(look('data')).toEqual(['755', 0, 0]);
    expect(look('data/pg')).toEqual(['700', 5432, 5432]);
    expect(look('data/app')).toEqual(['700', 1337, 1337]);
    expect(look('data/config')).toEqual(['2750', 0, 1337]);
    expect(look('admin')).toEqual(['700', 0, 0]);
    expect(readdirSync(root)).toEqual([id]);
  });

  (isRoot ? it : it.skip)('leaves what is there alone when it is asked to make it again', async () => {
    await volumes.create(id);
    writeFileSync(join(volumes.folders(id).data, 'kept'), 'data');
    await volumes.create(id);
    expect((await volumes.usage(id)).bytes).toBeGreaterThanOrEqual(4096);
    expect(readdirSync(volumes.folders(id).data)).toContain('kept');
  });

  it('removes, and does nothing when it is gone', async () => {
    mkdirSync(join(root, id, 'data'), { recursive: true });
    expect(await volumes.exists(id)).toBe(true);
    await volumes.remove(id);
    await volumes.remove(id);
    expect(readdirSync(root)).toEqual([]);
  });

  it('tells leftovers of killed agents apart and removes them, and nothing else', async () => {
    const other = newId('runtime');
    for (const name of [id, `making-${other}-0a1b2c3d`, `removing-${other}-0a1b2c3d`, 'something-else'])
      mkdirSync(join(root, name));
    expect(await volumes.list()).toEqual(
      expect.arrayContaining([
        { runtimeId: id, state: 'ready' },
        { runtimeId: other, state: 'making' },
        { runtimeId: other, state: 'removing' },
      ]),
    );
    await volumes.removeLeftovers();
    expect(readdirSync(root).sort()).toEqual([id, 'something-else'].sort());
  });

  it('takes nothing for a path that is not an id', async () => {
    expect(() => volumes.folders('../../etc')).toThrow('not the id of a runtime');
    await expect(volumes.remove('..')).rejects.toThrow('not the id of a runtime');
  });
});
