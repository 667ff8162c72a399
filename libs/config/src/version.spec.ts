import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from './version';

it('is the version of package.json', () => {
  const root = join(__dirname, '..', '..', '..', 'package.json');
  expect(version).toBe(JSON.parse(readFileSync(root, 'utf8')).version);
});
