#!/usr/bin/env node
// Runs the CLI of the installed release, or the one built in this clone.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const home = process.env.BERTH_HOME || '/var/lib/berth';
const clone = fileURLToPath(new URL('../../..', import.meta.url));

const cli = [currentRelease(), ...releasesByAge(), join(clone, 'dist/release')]
  .filter((folder) => folder !== undefined)
  .map((folder) => join(folder, 'cli.js'))
  .find((path) => existsSync(path));

if (cli) await import(pathToFileURL(cli).href);
else fail();

/** What the supervisor runs; its file is root's alone. */
function currentRelease() {
  try {
    return JSON.parse(readFileSync(join(home, 'run/platform.json'), 'utf8')).release;
  } catch {
    return undefined;
  }
}

/** Newest first. */
function releasesByAge() {
  const folder = join(home, 'releases');
  try {
    const paths = readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .map((name) => join(folder, name));
    return paths.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  } catch {
    return [];
  }
}

function fail() {
  const error = {
    code: 'NOT_BUILT',
    message: 'The CLI is not built yet.',
    next: `Run npm start in ${clone} first: it builds the CLI and starts Berth.`,
  };
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error })}\n`);
  else process.stderr.write(`${error.message}\n${error.next}\n`);
  process.exitCode = 1;
}
