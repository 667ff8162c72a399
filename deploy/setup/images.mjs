// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CLONE } from '../lib/clone.mjs';

/**
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('../terminal/steps.mjs').StepContext} step
 * @returns {Promise<string>} tag of the control plane's MongoDB
 */
export async function ensureMongodbImage(home, step) {
  const { buildMongodbImage } = await import('../mongodb/build.mjs');
  const tag = await buildMongodbImage({ cacheDir: home.cache, progress: step.progress });
  step.outcome(tag);
  return tag;
}

/**
 * Needs the npm packages: Parse Server is bundled into the image.
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('../terminal/steps.mjs').StepContext} step
 * @returns {Promise<string>} tag of new runtimes
 */
export async function ensureRuntimeImage(home, step) {
  const recipe = join(CLONE, 'apps/runtime/image/build.mjs');
  if (!existsSync(recipe)) {
    step.outcome('there is no recipe yet');
    return 'berth/runtime:none';
  }
  const { buildRuntimeImage } = await import(pathToFileURL(recipe).href);
  const tag = await buildRuntimeImage({ cacheDir: home.cache, progress: step.progress });
  step.outcome(tag);
  return tag;
}
