import { slugMaxLength, slugProblem } from './slug-rules';

/** Letters that Unicode does not take apart by itself. Scripts without an alphabet have no entry: such a name becomes `app-…`. */
const transliterations: Readonly<Record<string, string>> = {
  ...{
    ß: 'ss',
    æ: 'ae',
    œ: 'oe',
    ø: 'o',
    đ: 'd',
    ð: 'd',
    ł: 'l',
    þ: 'th',
    ı: 'i',
    ħ: 'h',
    ŋ: 'ng',
    ə: 'e',
    '&': ' and ',
    '@': ' at ',
  },
  ...pairs('абвгґдезиіклмнопрстуфыэ', 'a b v g g d e z i i k l m n o p r s t u f y e'),
  ...pairs('жйхцчшщъьюяєї', 'zh i kh ts ch sh shch . . yu ya ye yi'),
  ...pairs('ђјљњћџ', 'dj j lj nj c dz'),
  ...pairs('αβγδεζηθικλμνξοπρσςτυφχψω', 'a v g d e z i th i k l m n x o p r s s t y f ch ps o'),
};

/**
 * The address name an app's name suggests: `Größe & Maß №1` → `groesse-and-mass-no1`. When nothing usable is left it is `app`, which is
 * reserved, so that a suffix is always added.
 */
export function slugFromName(name: string): string {
  const spelled = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[äöü]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue' })[letter] ?? letter)
    .replace(/./gu, (letter) => transliterations[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/./gu, (letter) => transliterations[letter] ?? letter)
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/[^a-z0-9]+/g, '-');
  return trimHyphens(trimHyphens(spelled).slice(0, slugMaxLength)) || 'app';
}

/** The slug itself when the rules allow it, else with a suffix; with one in any case when `suffix` is given. */
export function slugCandidate(base: string, suffix: string | null): string {
  if (suffix === null && slugProblem(base) === null) return base;
  const tail = suffix ?? 'app';
  return `${trimHyphens(base.slice(0, slugMaxLength - tail.length - 1))}-${tail}`;
}

function pairs(letters: string, spellings: string): Record<string, string> {
  const spelled = spellings.split(' ').map((each) => (each === '.' ? '' : each));
  return Object.fromEntries([...letters].map((letter, index) => [letter, spelled[index] ?? '']));
}

function trimHyphens(text: string): string {
  return text.replace(/^-+|-+$/g, '');
}
