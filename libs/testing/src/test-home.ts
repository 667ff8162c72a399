import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyRing } from '@berth/keyring/key-ring';

export const testSetupToken = 'setup-token-of-the-tests';

export interface TestHome {
  path: string;
  remove(): void;
}

/** A BERTH_HOME with the secrets that the setup would make. */
export function testHome(): TestHome {
  const path = mkdtempSync(join(tmpdir(), 'berth-home-'));
  mkdirSync(join(path, 'secrets'));
  mkdirSync(join(path, 'run'));
  writeFileSync(join(path, 'secrets', 'root.key'), KeyRing.newKeyLine('k1'), { mode: 0o600 });
  writeFileSync(join(path, 'secrets', 'setup-token'), `${testSetupToken}\n`, { mode: 0o600 });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
