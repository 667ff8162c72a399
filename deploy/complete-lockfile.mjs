// Checked through deploy/jsconfig.json alone, like lib/clone.mjs.
// node deploy/complete-lockfile.mjs: names the packages for other systems in package-lock.json.
// A registry that mirrors only some systems makes npm leave them out, and then newer "npm ci" refuses the whole file.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLONE } from './lib/clone.mjs';

/** @typedef {{ version?: string, dev?: boolean, cpu?: string[], os?: string[], libc?: string[], optional?: boolean, optionalDependencies?: Record<string, string> }} LockedPackage */

const SYSTEMS = ['android', 'darwin', 'freebsd', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix', 'linux', 'win32'];
const PROCESSORS = ['arm64', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'arm'];

/**
 * The entries that the lockfile lacks. They are installed nowhere but on their own system, where npm finds the rest in its registry.
 * @param {Record<string, LockedPackage>} packages
 * @returns {Record<string, LockedPackage>}
 */
export function missingEntries(packages) {
  /** @type {Record<string, LockedPackage>} */
  const missing = {};
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (places(path, name).some((place) => place in packages)) continue;
      const entry = { version: version.replace(/^[\^~=]/, ''), ...(dev ? { dev } : {}), ...platformOf(name), optional: true };
      missing[`node_modules/${name}`] = entry;
    }
  }
  return missing;
}

/** Where Node looks for a package. @param {string} from @param {string} name @returns {string[]} */
function places(from, name) {
  const here = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (from === '') return [here];
  const parent = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/'))).replace(/\/$/, '');
  return [here, ...places(parent, name)];
}

/** @param {string} name such as `@swc/core-linux-arm64-musl` @returns {Pick<LockedPackage, 'os' | 'cpu' | 'libc'>} */
function platformOf(name) {
  const words = name.replace(/^.*\//, '').split(/[-.]/);
  if (words.some((word) => word.startsWith('wasm'))) return { cpu: ['wasm32'] };
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  const libc = os === 'linux' ? [words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'] : undefined;
  return { ...(cpu ? { cpu: [cpu] } : {}), ...(os ? { os: [os] } : {}), ...(libc ? { libc } : {}) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(CLONE, 'package-lock.json');
  const lockfile = JSON.parse(readFileSync(path, 'utf8'));
  const { '': root, ...others } = lockfile.packages;
  const added = missingEntries(lockfile.packages);
  const sorted = Object.entries({ ...others, ...added }).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lockfile.packages = { '': root, ...Object.fromEntries(sorted) };
  if (Object.keys(added).length > 0) writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
  console.log(`${Object.keys(added).length} entries added`);
}
