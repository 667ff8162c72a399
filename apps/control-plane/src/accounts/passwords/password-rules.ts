import { commonWords } from './common-words';

export const shortestPassword = 10;
export const longestPassword = 256;
const shortestWithoutLetters = 16;

/** What is wrong with a new password; null when it may be used. Length is checked in characters, as people count. */
export function passwordProblem(password: string, email: string): string | null {
  const characters = [...password];
  if (characters.length < shortestPassword) return `it has fewer than ${shortestPassword} characters`;
  if (characters.length > longestPassword) return `it has more than ${longestPassword} characters`;
  const plain = password.toLowerCase();
  if (isMail(plain, email)) return 'it is your mail address';
  if (new Set(plain).size < 4) return 'it repeats a few characters';
  if (isRepetition(plain)) return 'it repeats one part';
  if (isRow(plain)) return 'it is a row of the keyboard or the alphabet';
  if (!/\p{L}/u.test(plain) && characters.length < shortestWithoutLetters) return 'it has digits and signs alone';
  if (isCommon(plain)) return 'it is a common password';
  return null;
}

function isMail(plain: string, email: string): boolean {
  const local = email.split('@')[0] ?? '';
  return plain === email || (local.length >= 4 && trimmed(plain) === trimmed(local)) || plain === email.replace('@', '');
}

/** `abcabcabcabc`: found again in itself doubled, before the end. */
function isRepetition(plain: string): boolean {
  return (plain + plain).indexOf(plain, 1) < plain.length;
}

const rows = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1q2w3e4r5t6y7u8i9o0p',
  'qazwsxedcrfvtgbyhnujmikolp',
];

function isRow(plain: string): boolean {
  return rows.some((row) => row.includes(plain) || [...row].reverse().join('').includes(plain));
}

/** A common word, or two of them, with the usual disguises: digits and signs around, digits for letters. */
function isCommon(plain: string): boolean {
  return [plain, trimmed(plain), undisguised(plain), trimmed(undisguised(plain)), undisguised(trimmed(plain))].some(isWords);
}

function isWords(text: string): boolean {
  const letters = text.replace(/[\s._-]/g, '');
  if (commonWords.has(letters)) return true;
  for (let cut = 3; cut <= letters.length - 3; cut++)
    if (commonWords.has(letters.slice(0, cut)) && commonWords.has(letters.slice(cut))) return true;
  return rows.some((row) => letters.length >= 4 && row.includes(letters));
}

function trimmed(text: string): string {
  return text.replace(/^\P{L}+|\P{L}+$/gu, '');
}

const disguises: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '!': 'i',
  '3': 'e',
  '4': 'a',
  '@': 'a',
  '5': 's',
  $: 's',
  '7': 't',
};

function undisguised(text: string): string {
  return text.replace(/[01!34@5$7]/g, (character) => disguises[character] ?? character);
}
