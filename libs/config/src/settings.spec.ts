import { readSettings, SettingsError } from './read-settings';

describe('MONGODB_URL', () => {
  it.each([
    ['mongodb://h:1/own', 'mongodb://h:1/own'],
    ['mongodb://u:p@h:1/own?w=1', 'mongodb://u:p@h:1/own?w=1'],
    ['mongodb://h:1', 'mongodb://h:1/berth'],
    ['mongodb://h:1/', 'mongodb://h:1/berth'],
    ['mongodb://a:1,b:2/?replicaSet=x', 'mongodb://a:1,b:2/berth?replicaSet=x'],
    ['mongodb://u:p@h:1', 'mongodb://u:p@h:1/berth?authSource=admin'],
    ['mongodb://u:p@h:1/?tls=true', 'mongodb://u:p@h:1/berth?tls=true&authSource=admin'],
    ['mongodb+srv://u:p@h/?authSource=x', 'mongodb+srv://u:p@h/berth?authSource=x'],
  ])('%s means %s', (given, meant) => {
    expect(readSettings({ MONGODB_URL: given }).MONGODB_URL).toBe(meant);
  });
});

describe('a wrong value', () => {
  it.each([
    [{ BERTH_API_PORT: '99999' }, 'BERTH_API_PORT: read "99999"; allowed: 65535 or less'],
    [{ BERTH_SIGN_UP: 'maybe' }, 'BERTH_SIGN_UP: read "maybe"; allowed: open, invitation, closed'],
    [{ BERTH_TRUSTED_PROXIES: 'everyone' }, 'BERTH_TRUSTED_PROXIES: read "everyone"; allowed: loopback, '],
    [{ BERTH_TRUSTED_PROXIES: '10.0.0.0/99' }, 'BERTH_TRUSTED_PROXIES: read "10.0.0.0/99"'],
    [
      { MONGODB_URL: 'postgres://u:secret@h' },
      'MONGODB_URL: read a value that is not shown; allowed: an address that begins with',
    ],
    [{ BERTH_SINGUP: 'open' }, 'BERTH_SINGUP: there is no such setting'],
  ])('%j is named with what is allowed', (environment, sentence) => {
    expect(() => readSettings(environment as NodeJS.ProcessEnv)).toThrow(SettingsError);
    expect(() => readSettings(environment as NodeJS.ProcessEnv)).toThrow(sentence);
  });

  it('is named together with all the others, and never with a secret in it', () => {
    const read = () => readSettings({ BERTH_API_PORT: 'x', REDIS_URL: 'http://:secret@h', BERTH_HOME: 'relative' });
    expect(read).toThrow(/BERTH_API_PORT[\s\S]*|REDIS_URL|BERTH_HOME/);
    expect(read).not.toThrow(/secret/);
  });
});

it('proxies are a list', () => {
  expect(readSettings({ BERTH_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,::1' }).BERTH_TRUSTED_PROXIES).toEqual([
    'loopback',
    '10.0.0.0/8',
    '::1',
  ]);
});

it('an empty value is none', () => {
  expect(readSettings({ BERTH_API_PORT: '' }).BERTH_API_PORT).toBe(4000);
});
