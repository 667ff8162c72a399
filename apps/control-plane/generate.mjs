// npm run generate: writes the files that are made from the code. With --check it writes nothing and fails when one is stale.
// Needs no MongoDB, no Redis and no BERTH_HOME.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const require = createRequire(import.meta.url);

loadTypeScript();
const { generatedFiles } = require('./src/generate/generated-files.ts');
const stale = [];
for (const [path, content] of await generatedFiles()) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
  stale.push(path);
  if (!process.argv.includes('--check')) writeFileSync(file, content);
}
if (process.argv.includes('--check') && stale.length > 0) {
  process.stderr.write(`Stale: ${stale.join(', ')}. Run \`npm run generate\` and commit what it writes.\n`);
  process.exit(1);
}
process.stdout.write(stale.length > 0 ? `Written: ${stale.join(', ')}\n` : 'All generated files are current.\n');
process.exit(0);

/** Lets this process require TypeScript, compiled as the release is. */
function loadTypeScript() {
  const { $schema: _, exclude: __, ...options } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
  options.jsc.baseUrl = root;
  Module._extensions['.ts'] = (module, filename) => {
    const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, swcrc: false, filename, sourceMaps: 'inline' });
    module._compile(code, filename);
  };
}
