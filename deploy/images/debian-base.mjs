// @ts-check
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptConnectionSettings, debianKeyring, debianMirror } from './apt-sources.mjs';
import { contentTag } from './content-tag.mjs';
import { BUILD_LABEL, docker, dockerError, imageExists, removeLeftovers } from './docker-image.mjs';
import { BuildFailed, DiskFull, KeyringMissing, MirrorUnreachable, MmdebstrapMissing } from './errors.mjs';
import { interruptible } from './interrupt.mjs';
import { withLock } from './lock.mjs';
import { CommandFailed, CommandMissing, run, start } from './run.mjs';

/** Part of every base's tag: raise it when this file makes something else of the same packages. */
const RECIPE = '1';

const EXCLUDES = ['/usr/share/man/*', '/usr/share/info/*', '/usr/share/doc/*', '/usr/share/locale/*', '/usr/share/lintian/*'];
/** Debian's licence texts stay: the images carry its packages. */
const INCLUDES = ['/usr/share/doc/*/copyright'];

/**
 * @typedef {object} DebianBaseSpec
 * @property {string} suite for example `trixie`
 * @property {string[]} [packages] on top of the minimal system
 * @property {string[]} [excludes] path patterns (dpkg's `path-exclude`) that are left out of all packages, beside manuals and translations
 * @property {string} [workDir] a folder for temporary files; default the system's
 * @property {(line: string) => void} [progress] gets the lines of the commands that run
 */

/**
 * Gives a Debian image with these packages: from `debian:<suite>-slim` where that is present or can be pulled, else from packages
 * alone. It is one layer, has no sources list and nothing of this machine's settings in it.
 * @param {DebianBaseSpec} spec
 * @returns {Promise<string>} `berth/base:<12 hex>`, a hash of suite, packages, excludes and recipe; an existing one is reused as it is
 */
export async function debianBase({ suite, packages = [], excludes = [], workDir = tmpdir(), progress }) {
  const tag = await debianBaseTag({ suite, packages, excludes });
  if (await imageExists(tag)) return tag;
  return interruptible(() => withLock(tag, build, { onWait: () => progress?.(`waiting for another build of ${tag}`) }));

  async function build() {
    if (await imageExists(tag)) return tag;
    await removeLeftovers(tag);
    const folder = await mkdtemp(join(workDir, 'berth-base-'));
    try {
      // in files, not arguments: a proxy's password must not show in the list of processes
      await writeFile(join(folder, 'dpkg.cfg'), `${pathFilters(excludes).join('\n')}\n`);
      await writeFile(join(folder, 'apt.conf'), `${(await aptSettings(suite)).join('\n')}\n`, { mode: 0o600 });
      const spec = { suite, packages, folder, tag, progress };
      const slim = await slimImage(suite, progress);
      const image = slim ? await fromSlim(spec, slim) : await fromPackages(spec);
      await docker(['tag', image, tag]);
      return tag;
    } catch (error) {
      throw baseError(error, suite);
    } finally {
      await rm(folder, { recursive: true, force: true });
      await removeLeftovers(tag);
    }
  }
}

/**
 * @param {Pick<DebianBaseSpec, 'suite' | 'packages' | 'excludes'>} spec
 * @returns {Promise<string>} the tag `debianBase` gives, without building
 */
export async function debianBaseTag({ suite, packages = [], excludes = [] }) {
  const strings = [`recipe ${RECIPE}`, `arch ${process.arch}`, `suite ${suite}`];
  strings.push(...packages.map((name) => `package ${name}`), ...pathFilters(excludes).map((option) => `dpkg ${option}`));
  return `berth/base:${await contentTag({ strings })}`;
}

/**
 * @typedef {{ suite: string, packages: string[], folder: string, tag: string, progress?: (line: string) => void }} Build
 *   `folder` holds `apt.conf` and `dpkg.cfg`
 */

/** @param {string[]} excludes */
function pathFilters(excludes) {
  return [...[...EXCLUDES, ...excludes].map((path) => `path-exclude=${path}`), ...INCLUDES.map((path) => `path-include=${path}`)];
}

/**
 * @param {string} suite
 * @param {(line: string) => void} [progress]
 * @returns {Promise<string | undefined>}
 */
async function slimImage(suite, progress) {
  const reference = `debian:${suite}-slim`;
  if (await imageExists(reference)) return reference;
  try {
    await run('docker', ['manifest', 'inspect', reference], { timeoutMs: 8_000 }); // quick to fail where no registry is reached
    await run('docker', ['pull', reference], { timeoutMs: 180_000, onLine: progress });
    return reference;
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    progress?.(`${reference} cannot be pulled here: making it from packages`);
    return undefined;
  }
}

/** Installs the packages in a container of the slim image and flattens the result. @param {Build} build @param {string} image */
async function fromSlim({ suite, packages, folder, tag, progress }, image) {
  const mirror = await debianMirror(suite);
  await writeFile(join(folder, 'install.sh'), installScript(packages, mirror?.main));
  const label = `${BUILD_LABEL}=${tag}`;
  const mounts = ['--volume', `${folder}:/berth:ro`, '--volume', '/etc/ssl/certs:/etc/ssl/certs:ro'];
  const container = await docker(['create', '--network', 'host', '--label', label, ...mounts, image, 'sh', '/berth/install.sh']);
  await docker(['start', '--attach', container], { onLine: progress });
  return importFrom({ command: 'docker', args: ['export', container] }, label, progress);
}

/** @param {string[]} packages @param {string} [mirror] */
function installScript(packages, mirror) {
  return [
    'set -e',
    'export DEBIAN_FRONTEND=noninteractive',
    'cp /berth/dpkg.cfg /etc/dpkg/dpkg.cfg.d/99berth',
    ...(mirror ? [`sed -i 's#^URIs: .*/debian/*$#URIs: ${mirror}#' /etc/apt/sources.list.d/debian.sources`] : []),
    'export APT_CONFIG=/berth/apt.conf',
    'apt-get update',
    'apt-get -y dist-upgrade',
    ...(packages.length ? [`apt-get -y install --no-install-recommends ${packages.join(' ')}`] : []),
    'apt-get clean',
    'rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log /etc/apt/sources.list /etc/apt/sources.list.d/*',
    '',
  ].join('\n');
}

/** @param {Build} build */
async function fromPackages({ suite, packages, folder, tag, progress }) {
  const mirror = await debianMirror(suite);
  const args = [
    '--variant=minbase',
    '--format=tar',
    ...(packages.length ? [`--include=${packages.join(',')}`] : []),
    `--aptopt=${join(folder, 'apt.conf')}`,
    `--dpkgopt=${join(folder, 'dpkg.cfg')}`,
    // this machine's mirror and proxy are no part of an image
    '--customize-hook=rm -rf "$1"/etc/apt/apt.conf.d/99mmdebstrap "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/* "$1"/var/log/apt "$1"/var/log/dpkg.log',
    suite,
    '-',
    ...(mirror ? sourceLines(suite, mirror) : []),
  ];
  const env = { ...process.env, TMPDIR: folder };
  return importFrom({ command: 'mmdebstrap', args, env }, `${BUILD_LABEL}=${tag}`, progress);
}

/** @param {string} suite @param {import('./apt-sources.mjs').DebianMirror} mirror */
function sourceLines(suite, { main, security }) {
  const keyring = debianKeyring();
  const options = keyring ? `[signed-by=${keyring}] ` : '';
  return [`deb ${options}${main} ${suite} main`, ...(security ? [`deb ${options}${security} ${suite}-security main`] : [])];
}

/** @param {string} suite */
async function aptSettings(suite) {
  const moving = ['testing', 'forky', 'unstable', 'sid'].includes(suite);
  return [
    ...(await aptConnectionSettings()),
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    // a mirror that is not refreshed daily still serves testing as it was; released suites keep the check
    ...(moving ? ['Acquire::Check-Valid-Until "false";'] : []),
  ];
}

/**
 * Makes an untagged image of the tar stream that a command writes.
 * @param {{ command: string, args: string[], env?: NodeJS.ProcessEnv }} source
 * @param {string} label
 * @param {(line: string) => void} [progress]
 * @returns {Promise<string>} image id
 */
async function importFrom({ command, args, env }, label, progress) {
  const target = start('docker', ['import', '--change', `LABEL ${label}`, '-'], { pipeInput: true });
  const producer = start(command, args, {
    env,
    onLine: progress,
    stdoutTo: /** @type {NodeJS.WritableStream} */ (target.child.stdin),
  });
  producer.done.catch(() => target.child.stdin?.end());
  const [made, imported] = await Promise.allSettled([producer.done, target.done]);
  // when the engine went away, its own error says more than the broken pipe
  if (imported.status === 'rejected' && made.status === 'fulfilled') throw dockerError(imported.reason);
  if (made.status === 'rejected') throw made.reason;
  return /** @type {PromiseFulfilledResult<string>} */ (imported).value;
}

/** @param {unknown} error @param {string} suite */
function baseError(error, suite) {
  if (error instanceof CommandMissing && error.command === 'mmdebstrap') return new MmdebstrapMissing();
  if (!(error instanceof CommandFailed)) return error;
  const output = error.lastLines;
  const says = (/** @type {RegExp} */ pattern) => output.some((line) => pattern.test(line));
  if (says(/no space left on device/i)) return new DiskFull(output);
  if (says(/NO_PUBKEY|not signed|no valid OpenPGP|Missing key/i)) return new KeyringMissing(suite, output);
  if (
    says(/could not resolve|could not connect|connection (timed out|refused)|temporary failure|unable to fetch|failed to fetch/i)
  )
    return new MirrorUnreachable(suite, [], output);
  return new BuildFailed(`Making the Debian base (${suite})`, output, error);
}
