// @ts-check
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { CLONE } from '../lib/clone.mjs';
import { DIST } from './compile.mjs';

/** Each process as one file: it boots in half the time, needs less memory, and runs without `node_modules`. */
const PROCESSES = {
  api: 'apps/control-plane/src/main.js',
  worker: 'apps/control-plane/src/worker.js',
  'node-agent': 'apps/node-agent/src/main.js',
  gateway: 'apps/gateway/src/main.js',
  admin: 'apps/control-plane/src/admin.js',
  render: 'apps/gateway/src/render.js',
  cli: 'apps/cli/src/main.js',
  settings: 'libs/config/src/read-settings.js',
};
/** Packages with machine code, which cannot be part of a file: copied beside, with their package for this kind of machine. */
const NATIVE_SCOPES = ['@node-rs'];

/**
 * Bundles the compiled processes into a folder.
 * @param {string} folder
 * @param {(line: string) => void} progress
 */
export async function bundleProcesses(folder, progress) {
  const { build } = await import('esbuild');
  const entries = Object.entries(PROCESSES).map(([name, path]) => ({ out: name, in: join(DIST, path) }));
  const missing = entries.filter((entry) => !existsSync(entry.in));
  for (const entry of missing) progress(`no ${entry.out}: ${entry.in} is not there`);
  await rm(folder, { recursive: true, force: true });
  await build({
    entryPoints: entries.filter((entry) => existsSync(entry.in)),
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    sourcemap: true,
    sourcesContent: false,
    keepNames: true,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'error',
    plugins: [workspacePackages(), nativeOutside(), optionalOutside()],
  });
  await Promise.all(NATIVE_SCOPES.map((scope) => copyScope(scope, folder)));
  progress(`${entries.length - missing.length} processes`);
}

/**
 * A workspace's own packages lie in its folder's `node_modules`, which the compiled files beside the clone's sources do not see.
 * @returns {import('esbuild').Plugin}
 */
function workspacePackages() {
  return {
    name: 'workspace-packages',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, ({ path, resolveDir, kind, pluginData }) => {
        const inside = resolveDir.startsWith(join(DIST, 'apps')) && !path.startsWith('node:') && pluginData !== 'workspace';
        if (!inside) return undefined;
        return build.resolve(path, { resolveDir: join(CLONE, relative(DIST, resolveDir)), kind, pluginData: 'workspace' });
      });
    },
  };
}

/** @returns {import('esbuild').Plugin} */
function nativeOutside() {
  return {
    name: 'native-outside',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^(${NATIVE_SCOPES.join('|')})/`) }, ({ path }) => ({ path, external: true }));
      build.onResolve({ filter: /\.node$/ }, ({ path }) => ({ path, external: true }));
    },
  };
}

/**
 * Nest, Mongoose and others try packages that may be missing, and go on without. Left outside, the attempt fails at run time as they expect.
 * @returns {import('esbuild').Plugin}
 */
function optionalOutside() {
  return {
    name: 'optional-outside',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, ({ path, resolveDir, importer }) => {
        if (!importer.includes('node_modules') || path.startsWith('node:')) return undefined;
        try {
          createRequire(join(resolveDir, 'x.js')).resolve(path);
          return undefined;
        } catch {
          return { path, external: true };
        }
      });
    },
  };
}

/** @param {string} scope @param {string} folder */
async function copyScope(scope, folder) {
  const from = join(CLONE, 'node_modules', scope);
  for (const name of await readdir(from)) {
    const target = join(folder, 'node_modules', scope, name);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(from, name), target, { recursive: true, dereference: true });
  }
}
