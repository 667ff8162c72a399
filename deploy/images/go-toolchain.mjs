// @ts-check
import { access, copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { contentTag } from './content-tag.mjs';
import { debianBase, debianBaseTag } from './debian-base.mjs';
import { BUILD_LABEL, docker, removeImage, removeLeftovers } from './docker-image.mjs';
import { BuildFailed, DiskFull } from './errors.mjs';
import { interruptible } from './interrupt.mjs';
import { withLock } from './lock.mjs';
import { CommandFailed } from './run.mjs';

/**
 * Go programs for the images are compiled in a throw-away container of Debian testing's Go (FerretDB wants a newer one than
 * Debian's stable release has), so that no compiler is installed on the machine.
 *
 * Binaries are kept by their inputs' hash. So the toolchain (some 400 MB, and some 100 MB to 1 GB of module and build cache) is needed only when a
 * source changes: the setup removes it after a first start with `removeToolchain`, and it comes back by itself, in about
 * half a minute, when it is needed. Someone who works on the Go sources keeps it.
 */
const TOOLCHAIN = {
  suite: 'forky',
  packages: ['golang-go', 'ca-certificates'],
  excludes: ['/usr/share/go-*/test/*', '/usr/share/go-*/api/*'],
};

const HOST_CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const HOST_GO_VARIABLES = ['GOPROXY', 'GOFLAGS', 'GOSUMDB', 'GONOSUMDB', 'GONOPROXY', 'GOPRIVATE', 'GOINSECURE', 'GOVCS'];
const HOST_PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

/**
 * @typedef {object} GoBuildSpec
 * @property {string} [sourceDir] a folder with `go.mod` and package main; or
 * @property {string} [module] `path/of/main/package@version`, from the module proxy
 * @property {string} output path of the binary to write
 * @property {string} cacheDir keeps built binaries and Go's caches
 * @property {string} [ldflags] default `-s -w`
 * @property {boolean} [trimpath] default true
 * @property {string[]} [tags]
 * @property {(line: string) => void} [progress]
 */

/**
 * Builds a static binary (CGO_ENABLED=0) for this machine's architecture; from the cache when nothing has changed.
 * @param {GoBuildSpec} spec
 * @returns {Promise<string>} `output`
 */
export async function goBuild(spec) {
  const { sourceDir, module, output, cacheDir, ldflags = '-s -w', trimpath = true, tags = [], progress } = spec;
  if ((sourceDir === undefined) === (module === undefined)) throw new TypeError('goBuild takes either sourceDir or module');
  const flags = [...(trimpath ? ['-trimpath'] : []), '-ldflags', ldflags, ...(tags.length ? ['-tags', tags.join(',')] : [])];
  const inputs = await contentTag({
    files: sourceDir ? [sourceDir] : [],
    strings: [process.arch, `module ${module}`, `flags ${flags.join(' ')}`],
  });
  const name = basename(output);
  const cached = join(cacheDir, 'go-binaries', `${name}-${inputs}`);
  if (!(await exists(cached))) await interruptible(() => withLock(`go-build-${name}-${inputs}`, compile));
  await mkdir(dirname(output), { recursive: true });
  await copyFile(cached, output);
  return output;

  async function compile() {
    if (await exists(cached)) return;
    const image = await debianBase({ ...TOOLCHAIN, workDir: cacheDir, progress });
    const out = resolve(cacheDir, 'go-binaries', `.${name}-${inputs}`);
    await mkdir(out, { recursive: true });
    await mkdir(join(cacheDir, 'go'), { recursive: true });
    const command = module ? ['install', ...flags, module] : ['build', ...flags, '-o', `/out/${name}`, '.'];
    const label = `go-${name}-${inputs}`;
    progress?.(`compiling ${module ?? name}`);
    try {
      const mounts = [
        `${out}:/out`,
        `${resolve(cacheDir, 'go')}:/cache`,
        ...(sourceDir ? [`${resolve(sourceDir)}:/src:ro`] : []),
      ];
      await docker(['run', ...(await runOptions(label, mounts)), image, 'go', ...command], { onLine: progress });
      await rename(join(out, await onlyFile(out, name)), cached);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      if (error.lastLines.some((line) => /no space left on device/i.test(line))) throw new DiskFull(error.lastLines);
      throw new BuildFailed(`Compiling ${module ?? sourceDir}`, error.lastLines, error);
    } finally {
      await removeLeftovers(label);
      await rm(out, { recursive: true, force: true });
    }
  }
}

/**
 * Removes the toolchain's image and, with `cacheDir`, Go's caches there; the binaries that were built stay.
 * @param {{ cacheDir?: string }} [options]
 */
export async function removeToolchain({ cacheDir } = {}) {
  const tag = await debianBaseTag(TOOLCHAIN);
  await withLock(tag, async () => {
    await removeImage(tag);
    if (cacheDir) await rm(join(cacheDir, 'go'), { recursive: true, force: true });
  });
}

/**
 * The host's network and certificates: the module proxy is reached as from the machine itself, behind whatever proxy it has.
 * @param {string} label @param {string[]} mounts
 */
async function runOptions(label, mounts) {
  const { uid, gid } = userInfo();
  const certificates = process.env.SSL_CERT_FILE || HOST_CA_BUNDLE;
  /** @type {Record<string, string>} */
  const variables = {
    CGO_ENABLED: '0',
    GOBIN: '/out',
    GOCACHE: '/cache/build',
    GOMODCACHE: '/cache/modules',
    GOTOOLCHAIN: 'local',
    HOME: '/tmp',
    ...(await hostGoSettings()),
  };
  // plain files, that their owner can remove without a chmod first
  variables.GOFLAGS = [variables.GOFLAGS, '-modcacherw', '-buildvcs=false'].filter(Boolean).join(' ');
  return [
    '--rm',
    '--network=host',
    `--user=${uid}:${gid}`,
    `--label=${BUILD_LABEL}=${label}`,
    '--workdir=/src',
    ...((await exists(certificates)) ? [`--volume=${certificates}:${HOST_CA_BUNDLE}:ro`] : []),
    ...mounts.map((mount) => `--volume=${mount}`),
    ...Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`),
    ...HOST_PROXY_VARIABLES.filter((name) => process.env[name]).map((name) => `--env=${name}`),
  ];
}

/** What the environment, and the user's own `go env -w` where Go is installed, say about proxies. @returns {Promise<Record<string, string>>} */
async function hostGoSettings() {
  const file = join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'go', 'env');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const written = Object.fromEntries(
    lines.flatMap((line) => (/^\w+=/.test(line) ? [[line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]] : [])),
  );
  const settings = HOST_GO_VARIABLES.map((name) => [name, process.env[name] || written[name]]);
  return Object.fromEntries(settings.filter(([, value]) => value));
}

/** `go install` names the binary after its package. @param {string} folder @param {string} name */
async function onlyFile(folder, name) {
  const [file, ...others] = await readdir(folder);
  if (!file || others.length) throw new BuildFailed(`Finding the binary ${name} that Go made`, others);
  return file;
}

/** @param {string} path */
function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
