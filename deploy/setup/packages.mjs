// @ts-check
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { CommandFailed, run } from '../images/run.mjs';
import { readIfThere } from '../lib/files.mjs';
import { SetupError } from '../lib/setup-error.mjs';

const POLICY = '/usr/sbin/policy-rc.d';
const APT = ['-y', '-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0'];
const APT_ENV = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };

// biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
const FORMAT = '${db:Status-Status} ${Package}\\n';

/** Services that a package would start on its own; Berth runs its own ones, with its own settings. */
const NOT_STARTED = ['redis-server', 'redis', 'haproxy', 'docker', 'containerd'];

/**
 * The Debian packages that are needed and not installed.
 * @param {{ ownRedis: boolean, dockerAnswers: boolean, browser?: boolean }} needs
 * @returns {Promise<string[]>}
 */
export async function missingPackages({ ownRedis, dockerAnswers, browser = false }) {
  const wanted = [
    'ca-certificates',
    'haproxy',
    'mmdebstrap',
    'debian-archive-keyring',
    'libnss-myhostname',
    'iptables',
    'e2fsprogs',
  ];
  if (ownRedis) wanted.push('redis-server');
  if (browser) wanted.push('chromium');
  if (!dockerAnswers && !existsSync('/usr/bin/dockerd')) {
    wanted.push('docker.io');
    if (readIfThere('/sys/module/apparmor/parameters/enabled')?.trim() === 'Y') wanted.push('apparmor');
  }
  const installed = await installedPackages(wanted);
  return wanted.filter((name) => !installed.has(name));
}

/**
 * @param {string[]} names
 * @param {import('../terminal/steps.mjs').StepContext} step
 * @returns {Promise<string[]>} what can be removed again: nobody removes what the system calls essential
 */
export async function installPackages(names, step) {
  if (names.length === 0) return [];
  const onLine = (/** @type {string} */ line) => step.progress(line);
  try {
    await run('apt-get', ['update', ...APT.slice(1)], { env: APT_ENV, onLine });
    const complete = await withDockerCli(names);
    await withoutStarting(() =>
      run('apt-get', ['install', ...APT, '--no-install-recommends', ...complete], { env: APT_ENV, onLine }),
    );
    step.outcome(complete.join(' '));
    const essential = await essentialPackages(complete);
    return complete.filter((name) => !essential.has(name));
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw aptError(names, error.lastLines);
  }
}

/**
 * @param {string[]} names
 * @param {string[]} output
 */
export function aptError(names, output) {
  const text = output.join('\n');
  const message = `apt could not install ${names.join(', ')}.`;
  if (/No space left on device|enough free space/i.test(text))
    return new SetupError(message, 'The disk is full: free some room and start again.', { output });
  if (/Could not get lock|is held by process/i.test(text))
    return new SetupError(message, 'Another program uses apt: wait until it has finished and start again.', { output });
  if (/dpkg was interrupted|unmet dependencies/i.test(text))
    return new SetupError(message, 'The package database needs care first: dpkg --configure -a && apt-get -f install', {
      output,
    });
  if (/Unable to locate package|has no installation candidate/i.test(text))
    return new SetupError(
      message,
      'apt’s sources do not have it: they must name this system’s main (on Ubuntu also universe) archive.',
      { output },
    );
  return new SetupError(message, 'See the lines above; "apt-get update" must work on this machine. Then start again.', {
    output,
  });
}

/** From Debian 13 on, the docker command is a package of its own. @param {string[]} names */
async function withDockerCli(names) {
  if (!names.includes('docker.io')) return names;
  const policy = await run('apt-cache', ['policy', 'docker-cli'], { env: APT_ENV });
  return /Candidate: \d/.test(policy) ? [...names, 'docker-cli'] : names;
}

/**
 * Debian's packages start their service when they are installed, unless this file says no.
 * @template T
 * @param {() => Promise<T>} install
 */
async function withoutStarting(install) {
  if (existsSync(POLICY)) return install();
  const script = `#!/bin/sh\n# written by Berth's setup while it installs packages\ncase "$1" in ${NOT_STARTED.join('|')}) exit 101 ;; esac\nexit 0\n`;
  writeFileSync(POLICY, script, { mode: 0o755 });
  try {
    return await install();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

/** @param {string[]} names @returns {Promise<Set<string>>} */
async function essentialPackages(names) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const output = await run('dpkg-query', ['-W', '-f', '${Essential}${Protected}${Important} ${Package}\\n', ...names]);
  return new Set([...output.matchAll(/^\S*yes\S* (\S+)$/gm)].map(([, name = '']) => name));
}

/** @param {string[]} names @returns {Promise<Set<string>>} */
async function installedPackages(names) {
  // dpkg-query fails when it does not know one of them, but answers for the others
  const output = await run('dpkg-query', ['-W', '-f', FORMAT, ...names], { keepLines: 200 }).catch((error) => {
    if (error instanceof CommandFailed) return error.lastLines.join('\n');
    throw error;
  });
  return new Set([...output.matchAll(/^installed (\S+)$/gm)].map(([, name = '']) => name));
}
