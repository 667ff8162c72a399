import { randomBytes } from 'node:crypto';
import { readSettings } from '@berth/config/read-settings';
import type { Settings } from '@berth/config/settings';

/** Settings as the processes read them, with what the tests need and an installation id of their own. */
export function testSettings(overrides: Record<string, string>): Settings {
  return readSettings({
    BERTH_INSTALLATION_ID: `t${randomBytes(5).toString('hex')}`,
    BERTH_LOG_LEVEL: 'silent',
    BERTH_REDUCE_PASSWORD_COST: 'true',
    ...overrides,
  });
}
