// @ts-check
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { CLONE } from '../lib/clone.mjs';
import { filesOf } from '../lib/source-hash.mjs';

/** Where the compiled sources lie. */
export const DIST = join(CLONE, 'dist');
/** What runs in production, besides the console; tests and their helpers are left out by `.swcrc`. */
const SOURCES = ['apps/control-plane/src', 'apps/node-agent/src', 'apps/gateway/src', 'apps/cli/src', 'libs'];

/**
 * Compiles TypeScript to JavaScript below `dist/`, file by file: decorators with their type metadata, aliases as relative paths.
 * @param {(line: string) => void} progress
 */
export async function compileSources(progress) {
  const { transform } = await import('@swc/core');
  const { $schema: _, exclude, ...options } = JSON.parse(await readFile(join(CLONE, '.swcrc'), 'utf8'));
  options.jsc.baseUrl = CLONE;
  const left = exclude.map((/** @type {string} */ pattern) => new RegExp(pattern));
  const files = SOURCES.flatMap((source) => filesOf(join(CLONE, source))).filter(
    (path) => /\.ts$/.test(path) && !path.endsWith('.d.ts'),
  );
  const chosen = files.filter((path) => !left.some((/** @type {RegExp} */ pattern) => pattern.test(path)));
  await Promise.all(SOURCES.map((source) => rm(join(DIST, source), { recursive: true, force: true })));
  for (const path of chosen) {
    const target = join(DIST, relative(CLONE, path)).replace(/\.ts$/, '.js');
    const sourceFileName = relative(dirname(target), path);
    const { code, map } = await transform(await readFile(path, 'utf8'), {
      ...options,
      swcrc: false,
      filename: path,
      sourceFileName,
    });
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, `${code}\n//# sourceMappingURL=${target.split('/').at(-1)}.map\n`);
    await writeFile(`${target}.map`, map ?? '');
  }
  progress(`${chosen.length} files`);
}
