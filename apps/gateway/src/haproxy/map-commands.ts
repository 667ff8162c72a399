import { fileNames, type MapName } from './gateway-files';

/** HAProxy takes a command of at most its buffer's 16 KiB. */
const payloadBytes = 8 * 1024;

/** The commands that make a map hold `wanted` for the given keys, where it now holds `current`. */
export function changeCommands(
  map: MapName,
  keys: Iterable<string>,
  current: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
): { removals: string[]; settings: string[] } {
  const file = fileNames.map(map);
  const removals: string[] = [];
  const settings: string[] = [];
  const added: [string, string][] = [];
  for (const key of keys) {
    const value = wanted.get(key);
    const before = current.get(key);
    if (value === before) continue;
    if (value === undefined) removals.push(`del map ${file} ${key}`);
    else if (before === undefined) added.push([key, value]);
    else settings.push(`set map ${file} ${key} ${value}`);
  }
  return { removals, settings: [...settings, ...addCommands(file, added)] };
}

/** The commands that replace a whole map at once, for a version that `prepare map` gave. */
export function replaceCommands(map: MapName, version: number, wanted: ReadonlyMap<string, string>): string[] {
  const file = fileNames.map(map);
  return [...addCommands(`@${version} ${file}`, wanted), `commit map @${version} ${file}`];
}

function addCommands(destination: string, entries: Iterable<[string, string]>): string[] {
  const commands: string[] = [];
  let lines = '';
  for (const [key, value] of entries) {
    lines += `${key} ${value}\n`;
    if (lines.length > payloadBytes) {
      commands.push(`add map ${destination} <<\n${lines}`);
      lines = '';
    }
  }
  if (lines !== '') commands.push(`add map ${destination} <<\n${lines}`);
  return commands;
}

/** What `show map <file>` answers. `doubled` when a key is there twice, which only a replacement mends. */
export function parseMapDump(text: string): { entries: Map<string, string>; doubled: boolean } {
  const entries = new Map<string, string>();
  let doubled = false;
  for (const line of text.split('\n')) {
    const [, key, value] = line.split(' ');
    if (key === undefined || value === undefined) continue;
    doubled ||= entries.has(key);
    entries.set(key, value);
  }
  return { entries, doubled };
}

/** Text of a map file. */
export function formatMapFile(entries: ReadonlyMap<string, string>): string {
  let text = '';
  for (const [key, value] of entries) text += `${key} ${value}\n`;
  return text;
}

export function parseMapFile(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [key, value] = line.split(' ');
    if (key && value && !key.startsWith('#')) entries.set(key, value);
  }
  return entries;
}
