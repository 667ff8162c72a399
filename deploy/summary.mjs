// @ts-check
import { readFileSync } from 'node:fs';
import { fetchText } from './lib/http.mjs';
import { box } from './terminal/box.mjs';

/**
 * What a person needs to know once everything runs.
 * @param {import('./lib/home.mjs').Home} home
 * @param {import('./supervisor/platform.mjs').Platform} platform
 * @returns {Promise<string>}
 */
export async function summary(home, platform) {
  const { BERTH_CONSOLE_ORIGIN, BERTH_API_PORT = '4000' } = platform.environment;
  const console = BERTH_CONSOLE_ORIGIN ?? `http://localhost:${BERTH_API_PORT}`;
  const setup = await needsSetup(platform.addresses.api);
  const token = setup ? `/#setup=${readFileSync(home.secret('setup-token'), 'utf8').trim()}` : '';
  const firstApp = ['npx berth apps create hello'];
  if (setup) firstApp.unshift('npx berth signup --email you@example.com --password …');
  return box([
    'Berth is running',
    '',
    `Console    ${console}${token}`,
    `API        ${console}/v1`,
    `Data       ${home.home}`,
    '',
    setup ? 'Your account and first app' : 'A new app',
    ...firstApp.map((line) => `  ${line}`),
    '',
    'npm run stop · npm run restart · npm run doctor',
  ]);
}

/** @param {string} api @returns {Promise<boolean>} whether the first account is still to be made */
async function needsSetup(api) {
  try {
    return JSON.parse((await fetchText(`${api}/v1/setup`)).text).needsSetup === true;
  } catch {
    return false;
  }
}
