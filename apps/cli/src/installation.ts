import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, exitCodes } from './failures';

const defaultHome = '/var/lib/berth';
const defaultApiUrl = 'http://127.0.0.1:4000';
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** What the CLI learns from the Berth of this machine; most of it is readable by root alone, and then missing. */
export interface Installation {
  home: string;
  apiUrl: string | undefined;
  consoleOrigin: string | undefined;
}

export function readInstallation(environment: NodeJS.ProcessEnv): Installation {
  const home = environment.BERTH_HOME || defaultHome;
  try {
    const platform = JSON.parse(readFileSync(join(home, 'run', 'platform.json'), 'utf8')) as {
      environment?: Record<string, string>;
      addresses?: { api?: string };
    };
    const { BERTH_CONSOLE_ORIGIN, BERTH_API_PORT = '4000' } = platform.environment ?? {};
    return {
      home,
      apiUrl: platform.addresses?.api,
      consoleOrigin: BERTH_CONSOLE_ORIGIN ?? `http://localhost:${BERTH_API_PORT}`,
    };
  } catch {
    return { home, apiUrl: undefined, consoleOrigin: undefined };
  }
}

/**
 * The API's origin: `BERTH_API_URL`, else that of the Berth on this machine.
 * @throws CliError for an address that is none
 */
export function apiUrlOf(environment: NodeJS.ProcessEnv, installation: Installation): string {
  const given = environment.BERTH_API_URL;
  if (!given) return installation.apiUrl ?? defaultApiUrl;
  if (/^https?:\/\//i.test(given) && URL.canParse(given)) return new URL(given).href.replace(/\/+(v1\/*)?$/, '');
  throw new CliError(
    'USAGE',
    `BERTH_API_URL: read ${JSON.stringify(given)}; allowed: an address that begins with http:// or https://.`,
    `For example BERTH_API_URL=${defaultApiUrl}`,
    exitCodes.usage,
  );
}

/**
 * The token for the first account, when API and CLI are on the same machine: it is never sent to another one.
 * @throws CliError when it is there but not readable
 */
export function localSetupToken(apiUrl: string, installation: Installation): string | undefined {
  if (apiUrl !== installation.apiUrl && !loopback.test(new URL(apiUrl).hostname)) return undefined;
  const path = join(installation.home, 'secrets', 'setup-token');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') return undefined;
    throw new CliError(
      'SETUP_TOKEN_UNREADABLE',
      'The first account needs the setup token, and this user may not read it.',
      'Run this once with sudo, or give --setup-token; npm start shows it in the address of the console.',
    );
  }
}
