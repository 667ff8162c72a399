// @ts-check
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MirrorUnreachable } from './errors.mjs';
import { run } from './run.mjs';

/**
 * Where this machine gets its Debian packages from: read from its apt settings, so that a mirror or a proxy which the operator
 * has set for apt is used for the images as well.
 *
 * @typedef {{ uri: string, suites: string[], components: string[] }} AptSource one enabled `deb` entry for one URI
 * @typedef {{ main: string, security?: string }} DebianMirror URIs; `security` only where the machine has one and it carries the suite
 */

const APT_HELPER = '/usr/lib/apt/apt-helper';
const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.pgp', '/usr/share/keyrings/debian-archive-keyring.gpg'];

/**
 * The mirror to take a Debian suite from: `BERTH_DEBIAN_MIRROR`, else the first one in the apt settings that carries the suite.
 * @param {string} suite
 * @returns {Promise<DebianMirror | undefined>} undefined where apt knows no Debian mirror at all (Ubuntu): then mmdebstrap's own default applies
 * @throws {MirrorUnreachable} when there are some and none answers
 */
export async function debianMirror(suite) {
  const named = process.env.BERTH_DEBIAN_MIRROR;
  const candidates = named ? [{ uri: named, suites: [suite], components: ['main'] }] : debianSources(await hostSources());
  const tried = /** @type {string[]} */ ([]);
  const output = /** @type {string[]} */ ([]);
  for (const { uri } of candidates.filter((source) => !isSecurity(source))) {
    if (await carries(uri, suite, output)) {
      const security = candidates.find(isSecurity)?.uri;
      return { main: uri, security: security && (await carries(security, `${suite}-security`, [])) ? security : undefined };
    }
    tried.push(withoutCredentials(uri));
  }
  if (tried.length) throw new MirrorUnreachable(suite, tried, output);
  return undefined;
}

/** The host's keyring of Debian's archive, if it has one. */
export function debianKeyring() {
  return KEYRINGS.find((path) => existsSync(path));
}

/**
 * The apt settings that decide how a mirror is reached (proxies, certificates), as lines of apt.conf.
 * @returns {Promise<string[]>}
 */
export async function aptConnectionSettings() {
  const dump = await run('apt-config', ['dump', '--no-empty', 'Acquire'], { timeoutMs: 10_000 }).catch(() => '');
  return dump.split('\n').filter((line) => /^Acquire::https?::/.test(line));
}

/**
 * Entries that may be Debian's own archive: third parties name Debian's suites too, but `carries` tells them apart.
 * @param {AptSource[]} sources
 */
export function debianSources(sources) {
  return sources.filter(
    ({ uri, components, suites }) =>
      /^https?:\/\//.test(uri) &&
      components.includes('main') &&
      suites.some((suite) => /^[a-z]+(-(updates|security))?$|^[a-z]+\/updates$/.test(suite)),
  );
}

/**
 * Reads a deb822 file (`.sources`).
 * @param {string} text
 * @returns {AptSource[]}
 */
export function parseDeb822(text) {
  const withoutComments = text.replace(/\r/g, '').replace(/^#.*\n?/gm, '');
  return withoutComments.split(/\n[ \t]*\n/).flatMap((stanza) => {
    /** @type {Map<string, string[]>} */
    const fields = new Map();
    for (const [, name, value] of stanza.matchAll(/^([A-Za-z-]+):((?:.*(?:\n[ \t]+.*)*))/gm)) {
      fields.set(String(name).toLowerCase(), String(value).split(/\s+/).filter(Boolean));
    }
    const types = fields.get('types') ?? [];
    if (!types.includes('deb') || /^(no|false|without|off|disable)$/i.test(fields.get('enabled')?.[0] ?? '')) return [];
    const suites = fields.get('suites') ?? [];
    const components = fields.get('components') ?? [];
    return (fields.get('uris') ?? []).map((uri) => ({ uri: withoutSlash(uri), suites, components }));
  });
}

/**
 * Reads a one-line-style file (`.list`).
 * @param {string} text
 * @returns {AptSource[]}
 */
export function parseOneLine(text) {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (!match) return [];
    const [, uri = '', suite = '', components = ''] = match;
    return [{ uri: withoutSlash(uri), suites: [suite], components: components.split(/\s+/).filter(Boolean) }];
  });
}

/**
 * All sources of a machine, in the order apt reads them; mirror lists in files (Debian's cloud images have them) are resolved.
 * @param {string} [root] folder of the apt settings
 * @returns {Promise<AptSource[]>}
 */
export async function hostSources(root = '/etc/apt') {
  const parts = join(root, 'sources.list.d');
  const names = await readdir(parts).catch(() => /** @type {string[]} */ ([]));
  const files = [join(root, 'sources.list'), ...names.sort().map((name) => join(parts, name))];
  const sources = /** @type {AptSource[]} */ ([]);
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (file.endsWith('.sources')) sources.push(...parseDeb822(text));
    else if (file.endsWith('.list')) sources.push(...parseOneLine(text));
  }
  const resolved = await Promise.all(sources.map(resolveMirrorList));
  return resolved.flat();
}

/** @param {AptSource} source @returns {Promise<AptSource[]>} */
async function resolveMirrorList(source) {
  const list = /^mirror\+(file:.*)$/.exec(source.uri)?.[1];
  if (!list) return [source];
  const path = list.startsWith('file://') ? fileURLToPath(list) : list.slice('file:'.length);
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  const uris = lines.map((line) => line.trim().replace(/\s.*/, '')).filter((uri) => uri && !uri.startsWith('#'));
  return uris.map((uri) => ({ ...source, uri: withoutSlash(uri) }));
}

/**
 * Asks with apt's own downloader, which knows the machine's proxies, credentials and certificates.
 * @param {string} uri @param {string} suite @param {string[]} output receives what it said
 */
async function carries(uri, suite, output) {
  const folder = await mkdtemp(join(tmpdir(), 'berth-apt-'));
  try {
    const file = join(folder, 'InRelease');
    const onLine = (/** @type {string} */ line) => output.push(line);
    const limits = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=10', '-o', 'Acquire::https::Timeout=10'];
    // the download may run as the user _apt, which cannot look into our folder: it is handed over and moved by apt itself
    await run(
      APT_HELPER,
      [...limits, '-o', 'APT::Sandbox::User=root', 'download-file', `${uri}/dists/${suite}/InRelease`, file],
      {
        timeoutMs: 60_000,
        onLine,
      },
    );
    return /^Origin: Debian$/m.test(await readFile(file, 'utf8'));
  } catch (error) {
    output.push(String(/** @type {Error} */ (error).message.split('\n')[0]));
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {AptSource} source */
function isSecurity({ suites }) {
  return suites.every((suite) => /-security$|\/updates$/.test(suite));
}

/** @param {string} uri */
function withoutSlash(uri) {
  return uri.replace(/\/+$/, '');
}

/** @param {string} uri */
function withoutCredentials(uri) {
  return uri.replace(/\/\/[^@/]*@/, '//');
}
