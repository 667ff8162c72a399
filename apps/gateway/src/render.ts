import { readSettings, SettingsError } from '@berth/config/read-settings';
import { configOptions, renderGateway } from './haproxy/render-gateway';

/** Runs once before HAProxy starts, as the user HAProxy runs as. */
async function main(): Promise<void> {
  await renderGateway(await configOptions(readSettings()));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof SettingsError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
});
