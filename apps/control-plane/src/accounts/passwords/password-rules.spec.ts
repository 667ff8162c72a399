import { passwordProblem } from './password-rules';

const email = 'ada.lovelace@example.com';

describe('passwordProblem', () => {
  it.each([
    ['short', 'fewer than 10'],
    ['ninechars', 'fewer than 10'],
    ['x'.repeat(257), 'more than 256'],
    [email, 'mail address'],
    [email.toUpperCase(), 'mail address'],
    ['ada.lovelace1815', 'mail address'],
    ['aaaaaaaaaaaa', 'repeats a few'],
    ['abcdeabcdeabcde', 'repeats one part'],
    ['1234567890', 'a row of'],
    ['qwertyuiop', 'a row of'],
    ['0987654321', 'a row of'],
    ['8273645192', 'digits and signs'],
    ['password12', 'common'],
    ['Password123!', 'common'],
    ['P@ssw0rd2024', 'common'],
    ['iloveyou1234', 'common'],
    ['welcome-admin', 'common'],
    ['changeme123456', 'common'],
    ['1234qwerty1234', 'common'],
    ['Summer2025!!', 'common'],
  ])('refuses %s', (password, problem) => {
    expect(passwordProblem(password, email)).toContain(problem);
  });

  it.each([
    'correct horse battery',
    'Tr0ub4dor&3xyz',
    'мой-пароль-длинный',
    '密码密码长一点的密码啊好',
    'kj3h4kj5h34kjh',
    'operation-2024-harbour',
  ])('takes %s', (password) => {
    expect(passwordProblem(password, email)).toBeNull();
  });
});
