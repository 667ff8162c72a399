// @ts-check

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
  const { buildRuntimeImage } = await import('../../apps/runtime/image/build.mjs');
  const tag = await buildRuntimeImage({ cacheDir: home.cache, progress: step.progress });
  step.outcome(tag);
  return tag;
}
