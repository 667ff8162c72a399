// @ts-check
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentTag } from '../../../deploy/images/content-tag.mjs';
import { buildImage, imageExists } from '../../../deploy/images/docker-image.mjs';
import { goBuild } from '../../../deploy/images/go-toolchain.mjs';

/** Builds the stand-in for the runtime image where it is missing, and prints its tag. For tests alone. */
const here = fileURLToPath(new URL('.', import.meta.url));
const files = ['main.go', 'go.mod', 'Dockerfile'].map((name) => join(here, name));
const tag = `berth/stand-in:${await contentTag({ files, strings: [] })}`;
if (!(await imageExists(tag))) {
  const cacheDir = process.env.BERTH_CACHE_DIR || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'berth');
  await mkdir(cacheDir, { recursive: true });
  const context = await mkdtemp(join(cacheDir, 'stand-in-image-'));
  try {
    const progress = (/** @type {string} */ line) => console.error(line);
    const sourceDir = join(context, 'source');
    for (const file of files.slice(0, 2)) await cp(file, join(sourceDir, file.slice(here.length)));
    await goBuild({ sourceDir, output: join(context, 'stand-in'), cacheDir, progress });
    await buildImage({ context, dockerfile: join(here, 'Dockerfile'), tag, progress });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}
console.log(tag);
