// @ts-check
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentTag } from '../images/content-tag.mjs';
import { debianBase, debianBaseTag } from '../images/debian-base.mjs';
import { buildImage, imageExists, removeImage } from '../images/docker-image.mjs';
import { ImageBuildError } from '../images/errors.mjs';
import { goBuild } from '../images/go-toolchain.mjs';
import { interruptible } from '../images/interrupt.mjs';

const IMAGE_FOLDER = fileURLToPath(new URL('image', import.meta.url));
const BASE = { suite: 'forky', packages: ['postgresql-18', 'postgresql-18-documentdb'] };
const FERRETDB = 'github.com/FerretDB/FerretDB/v2/cmd/ferretdb@v2.7.0';

/**
 * Builds the control plane's MongoDB image from packages; when its inputs have not changed, this is one look at the tag.
 * @param {object} options
 * @param {string} options.cacheDir keeps the FerretDB binary and Go's caches, and temporary files while building
 * @param {(line: string) => void} [options.progress]
 * @param {boolean} [options.keepBase] keeps the Debian base (600 MB), which only another build of this image would use
 * @returns {Promise<string>} `berth/mongodb:<12 hex>`
 * @throws {ImageBuildError}
 */
export async function buildMongodbImage({ cacheDir, progress, keepBase = false }) {
  const tag = await mongodbImageTag();
  if (await imageExists(tag)) return tag;
  return interruptible(async () => {
    await mkdir(cacheDir, { recursive: true });
    const context = await mkdtemp(join(cacheDir, 'mongodb-image-'));
    try {
      await cp(IMAGE_FOLDER, context, { recursive: true });
      const base = debianBase({ ...BASE, workDir: cacheDir, progress });
      await allSettled(base, goBuild({ module: FERRETDB, output: join(context, 'ferretdb'), cacheDir, progress }));
      await buildImage({ context, dockerfile: join(context, 'Dockerfile'), tag, buildArgs: { BASE: await base }, progress });
      if (!keepBase) await removeImage(await base);
      return tag;
    } finally {
      await rm(context, { recursive: true, force: true });
    }
  });
}

/** The tag `buildMongodbImage` gives, without building. @returns {Promise<string>} */
export async function mongodbImageTag() {
  return `berth/mongodb:${await contentTag({ files: [IMAGE_FOLDER], strings: [await debianBaseTag(BASE), FERRETDB] })}`;
}

/**
 * Like Promise.all, but waits for all of them, so that nothing still writes into a folder that is about to go.
 * @param {Promise<unknown>[]} tasks
 */
async function allSettled(...tasks) {
  await Promise.allSettled(tasks);
  await Promise.all(tasks);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cacheDir = process.env.BERTH_CACHE_DIR || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'berth');
  const keepBase = process.argv.includes('--keep-base');
  try {
    console.log(await buildMongodbImage({ cacheDir, keepBase, progress: (line) => console.error(line) }));
  } catch (error) {
    if (!(error instanceof ImageBuildError)) throw error;
    console.error([...error.output, `${error.message} ${error.action}`].join('\n'));
    process.exitCode = 1;
  }
}
