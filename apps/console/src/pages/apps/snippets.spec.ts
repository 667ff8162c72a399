import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { dart, javascript, kotlin, shell, swift } from './quote';
import { hiddenKeys, snippetsFor } from './snippets';

const awkward = `it's "a" $key\\ \`x\` of mine`;

const environment = {
  serverUrl: 'http://hello.localhost:4080/parse',
  liveQueryUrl: 'ws://hello.localhost:4080/parse',
  graphqlUrl: 'http://hello.localhost:4080/graphql',
  applicationId: 'app-id',
} as Parameters<typeof snippetsFor>[0];

describe('literals of keys', () => {
  it('reads back as it was in a shell', () => {
    expect(execFileSync('sh', ['-c', `printf %s ${shell(awkward)}`]).toString()).toBe(awkward);
  });

  it('reads back as it was in JavaScript', () => {
    expect(runInNewContext(javascript(awkward))).toBe(awkward);
  });

  it.each([
    ['Swift', swift, `"it's \\"a\\" $key\\\\ \`x\` of mine"`],
    ['Kotlin', kotlin, `"it's \\"a\\" \\$key\\\\ \`x\` of mine"`],
    ['Dart', dart, `'it\\'s "a" \\$key\\\\ \`x\` of mine'`],
  ])('is escaped in %s', (_, quote, literal) => {
    expect(quote(awkward)).toBe(literal);
  });
});

describe('snippets', () => {
  const keys = { applicationId: 'app-id', javascriptKey: 'js-key', restApiKey: 'rest-key', clientKey: 'client-key' };

  it.each([
    ['curl', ['app-id', 'rest-key', environment.serverUrl]],
    ['javascript', ['app-id', 'js-key', environment.serverUrl]],
    ['live-query', ['app-id', 'js-key', environment.serverUrl, environment.liveQueryUrl]],
    ['graphql', ['app-id', 'rest-key', environment.graphqlUrl]],
    ['react-native', ['app-id', 'js-key', environment.serverUrl]],
    ['swift', ['app-id', 'client-key', environment.serverUrl]],
    ['kotlin', ['app-id', 'client-key', environment.serverUrl]],
    ['flutter', ['app-id', 'client-key', environment.serverUrl, environment.liveQueryUrl]],
  ])('%s holds the values of the environment', (id, values) => {
    const code = snippetsFor(environment, keys).find((snippet) => snippet.id === id)?.code ?? '';
    for (const value of values) expect(code).toContain(value);
  });

  it('hides all keys but the application id', () => {
    const shown = snippetsFor(environment, hiddenKeys(environment))
      .map((snippet) => snippet.code)
      .join('\n');
    expect(shown).toContain('app-id');
    expect(shown).not.toMatch(/(js|rest|client)-key/);
  });
});
