// @ts-check
// npm run stop: ends everything in order, the apps too. Their data stays; the next start finds every app again.
import { dockerEngine } from './lib/docker.mjs';
import { readJson } from './lib/files.mjs';
import { main, requireRoot } from './lib/main.mjs';
import { ourProcesses } from './lib/our-processes.mjs';
import { readSetupSettings } from './lib/settings.mjs';
import { stopPlatform } from './supervisor/stop-platform.mjs';
import { runningRuntimes } from './supervisor/stop-runtimes.mjs';

await main(async () => {
  requireRoot('npm run stop');
  const { home } = readSetupSettings();
  const platform = readJson(home.platform, /** @type {any} */ (undefined));
  if (!platform) return void process.stdout.write(`Berth has never been started in ${home.home}.\n`);
  const runtimes = await runningRuntimes(dockerEngine(platform.dockerSocket), platform.installationId).catch(() => []);
  const ours = [...ourProcesses(home).values()].filter((name) => name !== 'dockerd');
  if (ours.length === 0 && runtimes.length === 0) process.stdout.write('Berth does not run.\n');
  await stopPlatform(home, platform, (message) => process.stdout.write(`  ${message}\n`));
  if (ours.length > 0 || runtimes.length > 0) process.stdout.write('Berth has stopped. Start it again: npm start\n');
});
