// Text as a literal of a language. Keys of imported apps may hold any printable character.

export const shell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

export const javascript = (text: string) => `'${escaped(text, "'")}'`;

export const dart = (text: string) => `'${escaped(text, "'$")}'`;

export const swift = (text: string) => `"${escaped(text, '"')}"`;

export const kotlin = (text: string) => `"${escaped(text, '"$')}"`;

/** Puts a backslash before backslashes and the given characters. */
function escaped(text: string, characters: string): string {
  return [...text]
    .map((character) => (character === '\\' || characters.includes(character) ? `\\${character}` : character))
    .join('');
}
