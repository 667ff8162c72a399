// @ts-check
// npm run build: what `npm start` builds, without starting it.
import { main } from './lib/main.mjs';
import { buildRelease } from './setup/build.mjs';
import { createSteps } from './terminal/steps.mjs';

await main(async () => {
  await createSteps(process.stdout).run('Building API, worker, node agent, gateway, console', buildRelease);
});
