// @ts-check
// npm test: sets up what the tests need, runs each layer, and says at the end how many passed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dockerEngine } from './lib/docker.mjs';
import { main, requireRoot } from './lib/main.mjs';
import { describeError } from './lib/setup-error.mjs';
import { createSteps } from './terminal/steps.mjs';
import { closingLine, countResults, runLayer } from './testing/jest.mjs';
import { removeLeftTestPlatforms, startTestPlatform } from './testing/platform.mjs';
import { prepareTests } from './testing/prepare-tests.mjs';
import { removeLeftTestStores, startTestStores } from './testing/stores.mjs';

const HELP = `npm test [-- OPTIONS] [-- FILES]

  --layer NAME   unit, integration, e2e (all three by default), isolation or chaos; may be said more than once
  FILES          only test files whose path holds one of these words
`;
const DEFAULT_LAYERS = ['unit', 'integration', 'e2e'];
const LAYERS = [...DEFAULT_LAYERS, 'isolation', 'chaos'];

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { layer: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const layers = values.layer ?? DEFAULT_LAYERS;
  const unknown = layers.filter((layer) => !LAYERS.includes(layer));
  if (values.help || unknown.length > 0) {
    process.stdout.write(unknown.length > 0 ? `There is no layer ${unknown.join(', ')}.\n\n${HELP}` : HELP);
    return unknown.length > 0 ? 2 : 0;
  }
  const onlyUnit = layers.every((layer) => layer === 'unit');
  if (!onlyUnit) requireRoot('npm test');
  const stopped = new AbortController();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => stopped.abort());

  const steps = createSteps(process.stdout);
  const reports = mkdtempSync(join(tmpdir(), 'berth-reports-'));
  const results = [];
  try {
    const { mongodbImage } = await prepareTests(layers, steps);
    for (const layer of layers) {
      if (stopped.signal.aborted) break;
      results.push(
        await withWhatItNeeds(layer, mongodbImage, steps, (environment) =>
          runLayer(layer, { files: positionals, report: join(reports, `${layer}.json`), environment, signal: stopped.signal }),
        ),
      );
    }
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    results.push({ passed: 0, failed: 1, skipped: 0 });
  } finally {
    rmSync(reports, { recursive: true, force: true });
    if (!onlyUnit) await removeLeftovers();
  }
  const sum = countResults(results);
  if (stopped.signal.aborted) process.stderr.write('The tests were stopped.\n');
  process.stdout.write(`\n${closingLine(sum)}\n`);
  return sum.failed > 0 || sum.passed === 0 || stopped.signal.aborted ? 1 : 0;
});

/**
 * @template T
 * @param {string} layer
 * @param {string | undefined} mongodbImage
 * @param {import('./terminal/steps.mjs').Steps} steps
 * @param {(environment: Record<string, string>) => Promise<T>} task
 * @returns {Promise<T>}
 */
async function withWhatItNeeds(layer, mongodbImage, steps, task) {
  if (layer === 'integration' && mongodbImage) {
    const stores = await steps.run('Starting MongoDB and Redis for the tests', () => startTestStores(mongodbImage));
    try {
      return await task({ BERTH_TEST_MONGODB_URL: stores.mongodbUrl, BERTH_TEST_REDIS_URL: stores.redisUrl });
    } finally {
      await stores.stop();
    }
  }
  if (layer === 'unit') return task({});
  const platform = await steps.run('Starting a whole platform for the tests', (step) =>
    startTestPlatform({ onLine: step.progress }),
  );
  try {
    return await task({ BERTH_TEST_PLATFORM: platform.home });
  } finally {
    await steps.run('Removing the platform of the tests', () => platform.stop());
  }
}

async function removeLeftovers() {
  if (!(await dockerEngine('/var/run/docker.sock').answers())) return;
  await removeLeftTestPlatforms();
  await removeLeftTestStores();
}
