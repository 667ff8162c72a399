// @ts-check
// npm run check: everything that can be said about the code without running the platform. Two lanes, for two cores.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLONE } from './lib/clone.mjs';
import { main } from './lib/main.mjs';
import { createSteps } from './terminal/steps.mjs';

/** @typedef {{ title: string, command: [string, ...string[]], cwd?: string, env?: Record<string, string> }} Check */

const bin = (/** @type {string} */ name) => join(CLONE, 'node_modules/.bin', name);
const scripts = JSON.parse(readFileSync(join(CLONE, 'package.json'), 'utf8')).scripts ?? {};
const goModules = hasGo()
  ? readdirSync(join(CLONE, 'apps'), { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('go.mod') && !path.includes('node_modules'),
    )
  : [];

const consoleTypes = /** @type {Check} */ ({
  title: 'types of the console',
  command: [bin('tsc'), '-p', 'apps/console', '--noEmit'],
});
const generated = /** @type {Check} */ ({
  title: 'generated files are current',
  command: ['npm', 'run', '--silent', 'generate', '--', '--check'],
});

/** @type {Check[][]} the longest of each lane first */
const LANES = [
  [
    { title: 'eslint, rules that need types', command: [bin('eslint'), '.'] },
    { title: 'knip, unused code and packages', command: [bin('knip'), '--no-progress'] },
    { title: 'biome, format and lint', command: [bin('biome'), 'ci', '--diagnostic-level=warn', '--colors=off', '.'] },
    {
      title: 'dependency-cruiser, direction of imports',
      command: [bin('depcruise'), 'apps', 'libs', 'deploy', 'test', '--output-type', 'err'],
    },
  ],
  [
    { title: 'types', command: [bin('tsc'), '-p', '.'] },
    { title: 'types of the setup', command: [bin('tsc'), '-p', 'deploy/jsconfig.json'] },
    ...(existsSync(join(CLONE, 'apps/console/tsconfig.json')) ? [consoleTypes] : []),
    ...(scripts.generate ? [generated] : []),
    ...goModules.flatMap((path) => goChecks(join('apps', path, '..'))),
    { title: 'unit tests', command: [process.execPath, join(CLONE, 'deploy/test.mjs'), '--layer', 'unit'] },
  ],
];

await main(async () => {
  const steps = createSteps(process.stdout);
  const begunAt = Date.now();
  /** @type {{ title: string, output: string }[]} */
  const failures = [];
  const runLane = async (/** @type {Check[]} */ lane) => {
    for (const check of lane) {
      await steps
        .run(check.title, () => runCheck(check))
        .catch((error) => failures.push({ title: check.title, output: error.message }));
    }
  };
  await Promise.all(LANES.map(runLane));
  for (const { title, output } of failures) process.stdout.write(`\n── ${title} ──\n${output.trimEnd()}\n`);
  const seconds = ((Date.now() - begunAt) / 1000).toFixed(0);
  process.stdout.write(
    failures.length === 0 ? `\nAll checks passed in ${seconds} s.\n` : `\n${failures.length} checks failed.\n`,
  );
  return failures.length === 0 ? 0 : 1;
});

/** @param {Check} check @returns {Promise<void>} rejects with the whole output */
function runCheck({ command: [program, ...args], cwd = CLONE, env = {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(output || `exit code ${code}`))));
  });
}

/** @param {string} folder of a Go module @returns {Check[]} */
function goChecks(folder) {
  const cwd = join(CLONE, folder);
  return [
    { title: `go vet, ${folder}`, command: ['go', 'vet', './...'], cwd, env: { CGO_ENABLED: '0' } },
    { title: `gofmt, ${folder}`, command: ['sh', '-c', 'files=$(gofmt -l .); echo "$files"; [ -z "$files" ]'], cwd },
  ];
}

function hasGo() {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, 'go')));
}
