import { parseCommand, UsageError } from './commands';

it('reads the words', () => {
  expect(parseCommand(['reset-password', ' Ada@Example.com', '--password-stdin'])).toEqual({
    email: 'ada@example.com',
    passwordFromStdin: true,
    revokeTokens: false,
  });
});

it.each([
  [[]],
  [['drop-all']],
  [['reset-password']],
  [['reset-password', 'nobody']],
  [['reset-password', 'a@b.cd', 'e@f.gh']],
  [['reset-password', 'a@b.cd', '--force']],
])('refuses %j', (words) => {
  expect(() => parseCommand(words)).toThrow(UsageError);
});
