import { readFileSync } from 'node:fs';
import { join } from 'node:path';

describe('package-lock.json', () => {
  it('names the packages for other systems too: if this fails, run node deploy/complete-lockfile.mjs', async () => {
    const { missingEntries } = await import('./complete-lockfile.mjs');
    const { packages } = JSON.parse(readFileSync(join(__dirname, '../package-lock.json'), 'utf8'));
    expect(Object.keys(missingEntries(packages))).toEqual([]);
  });

  it('is completed with what an optional package is for', async () => {
    const { missingEntries } = await import('./complete-lockfile.mjs');
    const versions = { '@x/core-linux-x64-musl': '1.0.0', '@x/core-linux-x64-gnu': '1.0.0', '@x/core-darwin-arm64': '1.0.0' };
    const packages = {
      'apps/a/node_modules/@x/core': { dev: true, optionalDependencies: versions },
      'node_modules/@x/core-linux-x64-gnu': { version: '1.0.0' },
    };
    expect(missingEntries(packages)).toEqual({
      'node_modules/@x/core-linux-x64-musl': {
        version: '1.0.0',
        dev: true,
        cpu: ['x64'],
        os: ['linux'],
        libc: ['musl'],
        optional: true,
      },
      'node_modules/@x/core-darwin-arm64': { version: '1.0.0', dev: true, cpu: ['arm64'], os: ['darwin'], optional: true },
    });
  });
});
