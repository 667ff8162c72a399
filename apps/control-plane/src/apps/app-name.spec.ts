import { appName, printableText } from './app-name';

describe('app name', () => {
  it.each([
    ['Hello', 'Hello'],
    ['  Hello  ', 'Hello'],
    ['你好', '你好'],
    ['🚀', '🚀'],
    ['👨‍👩‍👧‍👦'.repeat(60), '👨‍👩‍👧‍👦'.repeat(60)],
    ['e\u0301te\u0301', 'été'],
    ['x'.repeat(60), 'x'.repeat(60)],
  ])('takes %j', (given, name) => {
    expect(appName.parse(given)).toBe(name);
  });

  it.each([
    [''],
    ['   '],
    ['\u200b'],
    ['x'.repeat(61)],
    ['x'.repeat(1001)],
    ['👨‍👩‍👧‍👦'.repeat(61)],
    ['a\u0000b'],
    ['a\nb'],
    ['a\u202eb'],
    ['a\ud800b'],
    [7],
    [null],
  ])('refuses %j', (given) => {
    expect(appName.safeParse(given).success).toBe(false);
  });
});

describe('printable text', () => {
  const key = printableText(200);

  it.each(['a', 'with space', 'ключ', '🔑', 'x'.repeat(200), '!"§$%&/()=?'])('takes %j', (text) => {
    expect(key.parse(text)).toBe(text);
  });

  it.each(['', ' ', ' a', 'a ', 'a\tb', 'a\r\nb', 'x'.repeat(201), 'a\u0000'])('refuses %j', (text) => {
    expect(key.safeParse(text).success).toBe(false);
  });
});
