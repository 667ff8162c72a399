import { changeCommands, formatMapFile, parseMapDump, parseMapFile, replaceCommands } from './map-commands';

const map = (entries: Record<string, string>) => new Map(Object.entries(entries));

describe('changeCommands', () => {
  it('says only what differs, removals apart', () => {
    const current = map({ same: '1', old: '1', gone: '1' });
    const wanted = map({ same: '1', old: '2', fresh: '3' });
    expect(changeCommands('hosts', ['same', 'old', 'gone', 'fresh', 'never'], current, wanted)).toEqual({
      removals: ['del map hosts.map gone'],
      settings: ['set map hosts.map old 2', 'add map hosts.map <<\nfresh 3\n'],
    });
  });

  it('keeps each command within what HAProxy reads at once', () => {
    const wanted = new Map(
      Array.from({ length: 1000 }, (_, i) => [`app-${i}.example.com`, `env_${String(i).padStart(20, '0')}`]),
    );
    const { settings } = changeCommands('hosts', wanted.keys(), new Map(), wanted);
    expect(settings.length).toBeGreaterThan(3);
    for (const command of settings) expect(command.length).toBeLessThan(16 * 1024);
    const lines = settings.flatMap((command) => command.trim().split('\n').slice(1));
    expect(lines).toHaveLength(1000);
  });
});

it('replaces a map under one version', () => {
  expect(replaceCommands('slugs', 7, map({ a: '1' }))).toEqual(['add map @7 slugs.map <<\na 1\n', 'commit map @7 slugs.map']);
  expect(replaceCommands('slugs', 7, map({}))).toEqual(['commit map @7 slugs.map']);
});

it('reads what HAProxy holds, and sees a doubled key', () => {
  expect(parseMapDump('0x1 a 1\n0x2 b 2')).toEqual({ entries: map({ a: '1', b: '2' }), doubled: false });
  expect(parseMapDump('0x1 a 1\n0x2 a 2').doubled).toBe(true);
  expect(parseMapDump('')).toEqual({ entries: map({}), doubled: false });
});

it('reads a map file as it wrote it', () => {
  const entries = map({ 'one.localhost': 'env_1', two: '127.0.0.1/1337' });
  expect(parseMapFile(formatMapFile(entries))).toEqual(entries);
  expect(parseMapFile('# comment\n\nhalf\n')).toEqual(map({}));
});
