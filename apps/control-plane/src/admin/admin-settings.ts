import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, SettingsError } from '@berth/config/read-settings';
import type { Settings } from '@berth/config/settings';

const defaultHome = '/var/lib/berth';

/**
 * The settings of the installation on this machine, as the start left them for its supervisor, passwords included: root alone can read them.
 * @throws SettingsError when there is none, or this user may not read it
 */
export function installedSettings(environment: NodeJS.ProcessEnv): Settings {
  const home = environment.BERTH_HOME || defaultHome;
  return readSettings({ ...platformEnvironment(home), ...environment, BERTH_HOME: home });
}

function platformEnvironment(home: string): Record<string, string> {
  const path = join(home, 'run', 'platform.json');
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { environment?: Record<string, string> }).environment ?? {};
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') throw new SettingsError(`${path} is root's alone: run this as root (sudo).`);
    if (code === 'ENOENT') return {};
    throw new SettingsError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
