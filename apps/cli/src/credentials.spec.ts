import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Credentials } from './credentials';

const folder = mkdtempSync(join(tmpdir(), 'berth-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const kept = (token: string) => ({ token, email: 'a@example.com', expiresAt: null });

it('keeps a token for each API in a file of mode 600', () => {
  const credentials = Credentials.of({ XDG_CONFIG_HOME: folder });
  expect(credentials.find('http://one')).toBeUndefined();
  credentials.save('http://one', kept('brt_1'));
  credentials.save('http://two', kept('brt_2'));
  credentials.remove('http://one');
  expect(credentials.path).toBe(join(folder, 'berth', 'credentials.json'));
  expect(statSync(credentials.path).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(credentials.path, 'utf8'))).toEqual({ 'http://two': kept('brt_2') });
});

it('takes the rights of others away from a file that had them', () => {
  const credentials = new Credentials(join(folder, 'open.json'));
  writeFileSync(credentials.path, '{}', { mode: 0o644 });
  credentials.save('http://one', kept('brt_1'));
  expect(statSync(credentials.path).mode & 0o777).toBe(0o600);
});

it('names a file that it cannot read instead of replacing it', () => {
  const credentials = new Credentials(join(folder, 'broken.json'));
  writeFileSync(credentials.path, '{"http://one":');
  expect(() => credentials.save('http://one', kept('brt_1'))).toThrow(/broken\.json cannot be used/);
  expect(readFileSync(credentials.path, 'utf8')).toBe('{"http://one":');
});
