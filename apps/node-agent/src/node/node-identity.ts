import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isId, newId } from '@berth/contracts/ids';

/**
 * The id of this machine, made once and kept in `BERTH_HOME/node-id`: the runtimes' volumes are here, so the id has to stay with them.
 * @throws Error when the file holds something else
 */
export async function nodeIdentity(home: string): Promise<string> {
  const path = join(home, 'node-id');
  await mkdir(home, { recursive: true });
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found === null) return makeIdentity(path);
  const id = found.trim();
  if (!isId('node', id)) throw new Error(`${path} does not hold the id of a node; restore it, the runtimes’ records name it`);
  return id;
}

/** Two agents that start at once agree on one id: only one link can be made. */
async function makeIdentity(path: string): Promise<string> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, `${newId('node')}\n`, { mode: 0o644 });
  await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(temporary);
  return (await readFile(path, 'utf8')).trim();
}
