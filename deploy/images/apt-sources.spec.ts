import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let apt: typeof import('./apt-sources.mjs');

beforeAll(async () => {
  apt = await import('./apt-sources.mjs');
});

describe('one-line sources', () => {
  it.each([
    ['a plain line', 'deb http://mirror.test/debian trixie main', ['http://mirror.test/debian', ['trixie'], ['main']]],
    [
      'several components',
      'deb http://m.test/debian trixie main contrib',
      ['http://m.test/debian', ['trixie'], ['main', 'contrib']],
    ],
    [
      'options',
      'deb [arch=amd64 signed-by=/k.gpg] https://m.test/debian trixie main',
      ['https://m.test/debian', ['trixie'], ['main']],
    ],
    ['a slash at the end', 'deb http://m.test/debian/ trixie main', ['http://m.test/debian', ['trixie'], ['main']]],
    ['tabs and a comment', '  deb\thttp://m.test/debian\ttrixie  main # ours', ['http://m.test/debian', ['trixie'], ['main']]],
    ['a flat repository', 'deb http://m.test/flat ./', ['http://m.test/flat', ['./'], []]],
  ])('reads %s', (_case, line, [uri, suites, components]) => {
    expect(apt.parseOneLine(line)).toEqual([{ uri, suites, components }]);
  });

  it.each([
    ['a comment', '# deb http://m.test/debian trixie main'],
    ['a source package line', 'deb-src http://m.test/debian trixie main'],
    ['an empty line', ''],
    ['half a line', 'deb http://m.test/debian'],
  ])('leaves out %s', (_case, line) => {
    expect(apt.parseOneLine(line)).toEqual([]);
  });
});

describe('deb822 sources', () => {
  it('gives one source for each address', () => {
    const text =
      'Types: deb deb-src\nURIs: http://a.test/debian http://b.test/debian/\nSuites: trixie trixie-updates\nComponents: main\n';
    expect(apt.parseDeb822(text)).toEqual([
      { uri: 'http://a.test/debian', suites: ['trixie', 'trixie-updates'], components: ['main'] },
      { uri: 'http://b.test/debian', suites: ['trixie', 'trixie-updates'], components: ['main'] },
    ]);
  });

  it('reads stanzas, comments, continued lines, an embedded key and Windows line ends', () => {
    const text = [
      '# first',
      'types: deb',
      'uris: http://a.test/debian',
      'Suites: trixie',
      ' trixie-updates',
      '# in between',
      'Components: main',
      'Signed-By:',
      ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
      ' .',
      ' URIs: http://not-an-address.test',
      '',
      'Types: deb',
      'URIs: http://s.test/debian-security',
      'Suites: trixie-security',
      'Components: main',
      '',
    ].join('\r\n');
    expect(apt.parseDeb822(text)).toEqual([
      { uri: 'http://a.test/debian', suites: ['trixie', 'trixie-updates'], components: ['main'] },
      { uri: 'http://s.test/debian-security', suites: ['trixie-security'], components: ['main'] },
    ]);
  });

  it.each(['no', 'No', 'false', 'off'])('leaves out a stanza with Enabled: %s', (value) => {
    expect(
      apt.parseDeb822(`Types: deb\nEnabled: ${value}\nURIs: http://a.test/debian\nSuites: trixie\nComponents: main`),
    ).toEqual([]);
  });

  it('leaves out source packages alone', () => {
    expect(apt.parseDeb822('Types: deb-src\nURIs: http://a.test/debian\nSuites: trixie\nComponents: main')).toEqual([]);
  });
});

describe('which sources may be Debian’s own', () => {
  it.each([
    ['the release', 'http://a.test/debian', 'trixie', 'main', true],
    ['its security updates', 'https://a.test/debian-security', 'trixie-security', 'main', true],
    ['security updates as they were called', 'http://a.test/', 'buster/updates', 'main', true],
    ['backports', 'http://a.test/debian', 'trixie-backports', 'main', false],
    ['another project’s suite', 'https://a.test/apt', 'nodistro', 'stable', false],
    ['a disk', 'cdrom:[Debian]/', 'trixie', 'main', false],
    ['a folder', 'file:///srv/debian', 'trixie', 'main', false],
  ])('%s', (_case, uri, suite, component, kept) => {
    expect(apt.debianSources([{ uri, suites: [suite], components: [component] }])).toHaveLength(kept ? 1 : 0);
  });
});

describe('the settings of a machine', () => {
  const root = mkdtempSync(join(tmpdir(), 'apt-sources-spec-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('are read in apt’s order, both formats, with mirror lists resolved and other files left out', async () => {
    mkdirSync(join(root, 'sources.list.d'));
    writeFileSync(join(root, 'sources.list'), 'deb http://one.test/debian trixie main\n');
    writeFileSync(join(root, 'mirrors'), '# near ones first\nhttps://near.test/debian\tpriority:1\n\nhttps://far.test/debian/\n');
    writeFileSync(
      join(root, 'sources.list.d', 'debian.sources'),
      `Types: deb\nURIs: mirror+file://${root}/mirrors\nSuites: trixie\nComponents: main\n`,
    );
    writeFileSync(join(root, 'sources.list.d', 'a.list'), 'deb http://two.test/debian trixie main\n');
    writeFileSync(join(root, 'sources.list.d', 'old.list.disabled'), 'deb http://off.test/debian trixie main\n');
    const uris = (await apt.hostSources(root)).map(({ uri }) => uri);
    expect(uris).toEqual([
      'http://one.test/debian',
      'http://two.test/debian',
      'https://near.test/debian',
      'https://far.test/debian',
    ]);
  });

  it('may be missing', async () => {
    expect(await apt.hostSources(join(root, 'nowhere'))).toEqual([]);
  });
});
