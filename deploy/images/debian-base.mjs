// @ts-check
import { appendFile, copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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

/** dpkg need not wait for the disk after each file: what it unpacks here is read once and thrown away. */
const UNSAFE_IO = 'force-unsafe-io';

const HOST_CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
/** Inside Debian's own images. */
const SLIM_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

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
    const prefix = `berth-base-${tag.split(':')[1]}-`;
    await removeStale(workDir, prefix);
    const folder = await mkdtemp(join(workDir, prefix));
    try {
      // in files, not arguments: a proxy's password must not show in the list of processes
      await writeFile(join(folder, 'dpkg.cfg'), `${[...pathFilters(excludes), UNSAFE_IO].join('\n')}\n`);
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

/** Folders of a build that was killed (the lock tells that none runs). @param {string} workDir @param {string} prefix */
async function removeStale(workDir, prefix) {
  const names = (await readdir(workDir)).filter((name) => name.startsWith(prefix));
  for (const name of names) await run('rm', ['-rf', '--one-file-system', join(workDir, name)]).catch(() => {}); // it may still be ending
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
  if (mirror) await writeFile(join(folder, 'sources.list'), `${sourceLines(suite, mirror, SLIM_KEYRING).join('\n')}\n`);
  await copyFile(HOST_CA_BUNDLE, join(folder, 'ca.crt')).then(
    () => appendFile(join(folder, 'apt.conf'), 'Acquire::https::CAInfo "/berth/ca.crt";\n'),
    () => {}, // a machine without certificates has an http mirror
  );
  await writeFile(join(folder, 'install.sh'), installScript(packages));
  const label = `${BUILD_LABEL}=${tag}`;
  const mount = `--volume=${resolve(folder)}:/berth:ro`;
  const container = await docker(['create', '--network=host', `--label=${label}`, mount, image, 'sh', '/berth/install.sh']);
  await docker(['start', '--attach', container], { onLine: progress });
  return importFrom({ command: 'docker', args: ['export', container] }, label, progress);
}

/** @param {string[]} packages */
function installScript(packages) {
  const noFiles = [
    '/var/lib/apt/lists/*',
    '/var/cache/apt/*',
    '/var/log/apt',
    '/var/log/dpkg.log',
    '/etc/apt/sources.list',
    '/etc/apt/sources.list.d/*',
  ];
  return [
    'set -e',
    'export DEBIAN_FRONTEND=noninteractive APT_CONFIG=/berth/apt.conf',
    'cp /berth/dpkg.cfg /etc/dpkg/dpkg.cfg.d/99berth',
    'if [ -e /berth/sources.list ]; then rm -f /etc/apt/sources.list.d/*; cp /berth/sources.list /etc/apt/sources.list; fi',
    'apt-get update',
    'apt-get -y dist-upgrade',
    ...(packages.length ? [`apt-get -y install --no-install-recommends ${packages.join(' ')}`] : []),
    `rm -rf ${noFiles.join(' ')}`,
    `sed -i /${UNSAFE_IO}/d /etc/dpkg/dpkg.cfg.d/99berth`,
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
    `--customize-hook=sed -i /${UNSAFE_IO}/d "$1"/etc/dpkg/dpkg.cfg.d/99mmdebstrap`,
    // this machine's mirror and proxy are no part of an image
    '--customize-hook=rm -rf "$1"/etc/apt/apt.conf.d/99mmdebstrap "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/* "$1"/var/log/apt "$1"/var/log/dpkg.log',
    suite,
    '-',
    ...(mirror ? sourceLines(suite, mirror, debianKeyring()) : []),
  ];
  const env = { ...process.env, TMPDIR: folder };
  const [command, ...prefix] = [...(await ownNamespaces()), 'mmdebstrap'];
  return importFrom({ command, args: [...prefix, ...args], env }, `${BUILD_LABEL}=${tag}`, progress);
}

/**
 * As root, mmdebstrap mounts /proc, /sys and /dev below its folder. In namespaces of its own those, and its processes, are gone with it, even
 * when it or this process is killed: nothing is left mounted that a removal of the folder could reach.
 * @returns {Promise<string[]>} the command to put in front; none for another user (mmdebstrap then does so by itself), and where
 *   namespaces cannot be had
 */
async function ownNamespaces() {
  if (process.getuid?.() !== 0) return [];
  const prefix = ['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const [command = '', ...args] = prefix;
  return run(command, [...args, 'true']).then(
    () => prefix,
    () => [],
  );
}

/** @param {string} suite @param {import('./apt-sources.mjs').DebianMirror} mirror @param {string | undefined} keyring */
function sourceLines(suite, { main, security }, keyring) {
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
  // Half a stream that ends in order would become half an image: the engine gets its end only when there is one
  producer.done.then(
    () => target.child.stdin?.end(),
    () => target.child.kill('SIGKILL'),
  );
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
  if (error.exitCode === 127) return new MmdebstrapMissing(); // as setpriv and unshare tell
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
