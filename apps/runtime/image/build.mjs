// @ts-check
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentTag } from '../../../deploy/images/content-tag.mjs';
import { debianBase, debianBaseTag } from '../../../deploy/images/debian-base.mjs';
import { buildImage, imageExists } from '../../../deploy/images/docker-image.mjs';
import { ImageBuildError } from '../../../deploy/images/errors.mjs';
import { goBuild } from '../../../deploy/images/go-toolchain.mjs';
import { interruptible } from '../../../deploy/images/interrupt.mjs';
import { nodeBinary, nodeRelease } from '../../../deploy/images/node-binary.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const APP = join(HERE, '..');
const REPOSITORY = join(APP, '../..');
const NODE = '24';
const RECIPE = [
  ...['Dockerfile', 'install.sh', 'bake.sh', 'database.sql', 'settle.sql', 'exercise.mjs', 'node-flags'],
  ...['postgresql.conf', 'pg_hba.conf', 'pg_ident.conf'],
];

/** LLVM is for `jit`, which is off. The rest serves PostGIS's rasters, which are not installed. install.sh checks what is left. */
const libraries = [
  'LLVM',
  'z3',
  'gdal',
  'spatialite',
  'SvtAv1Enc',
  'aom',
  'rav1e',
  'dav1d',
  'hdf5',
  'poppler',
  'xerces',
  'netcdf',
  'heif',
];
const BASE = {
  suite: 'trixie',
  packages: ['postgresql-17', 'postgresql-17-postgis-3', 'ca-certificates', 'tzdata'],
  excludes: [
    ...libraries.map((name) => `/usr/lib/*/lib${name}*`),
    '/usr/lib/llvm*',
    '/usr/lib/postgresql/17/lib/bitcode/*',
    '/usr/lib/postgresql/17/lib/llvmjit*',
    '/usr/share/postgresql/17/contrib/*',
    '/usr/share/i18n/*',
    '/usr/share/fonts/*',
  ],
};

/**
 * Builds the image of all runtimes; when nothing that goes in has changed, this is one look at the tag. Needs the npm packages.
 * @param {object} options
 * @param {string} options.cacheDir keeps Node and Go's caches, and temporary files while building
 * @param {(line: string) => void} [options.progress]
 * @returns {Promise<string>} `berth/runtime:<12 hex>`
 * @throws {ImageBuildError}
 */
export async function buildRuntimeImage({ cacheDir, progress }) {
  const tag = await runtimeImageTag();
  if (await imageExists(tag)) return tag;
  return interruptible(async () => {
    await mkdir(cacheDir, { recursive: true });
    const context = await mkdtemp(join(cacheDir, 'runtime-image-'));
    try {
      const base = debianBase({ ...BASE, workDir: cacheDir, progress });
      await allSettled(base, fillContext(context, { cacheDir, progress }));
      const buildArgs = { BASE: await base, IMAGE: tag };
      return await buildImage({ context, dockerfile: join(HERE, 'Dockerfile'), tag, buildArgs, progress });
    } finally {
      await rm(context, { recursive: true, force: true });
    }
  });
}

/** The tag `buildRuntimeImage` gives, without building. @returns {Promise<string>} */
export async function runtimeImageTag() {
  const files = [
    ...RECIPE.map((name) => join(HERE, name)),
    ...['bundle.mjs', 'rewrite-parse-server.mjs'].map((name) => join(HERE, name)),
    join(APP, 'src'),
    join(APP, 'init'),
    join(REPOSITORY, 'libs/contracts/src/runtime-config.ts'),
  ];
  const strings = [await debianBaseTag(BASE), nodeRelease(NODE).integrity, await packagesHash()];
  return `berth/runtime:${await contentTag({ files, strings })}`;
}

/** Versions of all npm packages: the lockfile without what only describes it. */
async function packagesHash() {
  const lock = JSON.parse(await readFile(join(REPOSITORY, 'package-lock.json'), 'utf8'));
  const runtime = JSON.parse(await readFile(join(APP, 'package.json'), 'utf8'));
  const wanted = reachable(lock.packages, 'apps/runtime', Object.keys(runtime.dependencies));
  wanted.add('node_modules/zod').add('node_modules/esbuild');
  const versions = [...wanted].sort().map((path) => `${path} ${lock.packages[path]?.integrity}`);
  return createHash('sha256').update(versions.join('\n')).digest('hex');
}

/**
 * Paths in the lockfile of everything that a package needs, found as Node finds them.
 * @param {Record<string, any>} packages @param {string} from @param {string[]} names
 */
function reachable(packages, from, names, found = new Set()) {
  for (const name of names) {
    const path = locate(packages, from, name);
    if (!path || found.has(path)) continue;
    found.add(path);
    const { dependencies = {}, optionalDependencies = {} } = packages[path];
    reachable(packages, path, [...Object.keys(dependencies), ...Object.keys(optionalDependencies)], found);
  }
  return found;
}

/** @param {Record<string, any>} packages @param {string} from @param {string} name */
function locate(packages, from, name) {
  for (let folder = from; ; ) {
    const path = `${folder}${folder ? '/' : ''}node_modules/${name}`;
    if (packages[path]) return path;
    if (!folder) return null;
    const end = folder.lastIndexOf('/node_modules/');
    folder = end === -1 ? '' : folder.slice(0, end);
    if (folder === 'apps/runtime' || folder.startsWith('node_modules')) continue;
    if (!packages[folder]) folder = '';
  }
}

/** @param {string} context @param {{ cacheDir: string, progress?: (line: string) => void }} options */
async function fillContext(context, { cacheDir, progress }) {
  const root = join(context, 'rootfs');
  const runtime = join(root, 'srv/runtime');
  await mkdir(runtime, { recursive: true });
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await mkdir(join(root, 'build'));
  // here, since esbuild is one of the npm packages, and the tag is asked for before they are installed
  const { bundleRuntime } = await import('./bundle.mjs');
  await allSettled(
    bundleRuntime(runtime),
    copyNativePackages(join(runtime, 'node_modules/@node-rs')),
    goBuild({ sourceDir: join(APP, 'init'), output: join(root, 'usr/local/bin/berth-init'), cacheDir, progress }),
    nodeBinary(NODE, { cacheDir, progress }).then((binary) => cp(binary, join(root, 'usr/local/bin/node'))),
    ...RECIPE.slice(1).map((name) => cp(join(HERE, name), join(root, 'build', name))),
  );
  // an empty package.json: nothing above may decide how these scripts are read
  await writeFile(join(runtime, 'package.json'), '{"type":"commonjs"}\n');
}

/** Passwords are hashed by native code in a thread: in JavaScript each log-in would hold up all requests for a tenth of a second. @param {string} to */
async function copyNativePackages(to) {
  const from = join(REPOSITORY, 'node_modules/@node-rs');
  for (const name of await readdir(from)) {
    if (name === 'bcrypt' || name.startsWith('bcrypt-linux-')) await cp(join(from, name), join(to, name), { recursive: true });
  }
}

/** Like Promise.all, but nothing still writes into the folder when one fails. @param {Promise<unknown>[]} tasks */
async function allSettled(...tasks) {
  await Promise.allSettled(tasks);
  await Promise.all(tasks);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cacheDir = process.env.BERTH_CACHE_DIR || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'berth');
  try {
    console.log(await buildRuntimeImage({ cacheDir, progress: (line) => console.error(line) }));
  } catch (error) {
    if (!(error instanceof ImageBuildError)) throw error;
    console.error([...error.output, `${error.message} ${error.action}`].join('\n'));
    process.exitCode = 1;
  }
}
