// Three layers, quick ones first: `npm run test:unit`, `test:integration`, `test:e2e`. A file's ending says its layer.
const swc = JSON.parse(require('node:fs').readFileSync(`${__dirname}/.swcrc`, 'utf8'));
delete swc.exclude;
delete swc.$schema;
swc.jsc.baseUrl = __dirname;

const layer = (displayName, testMatch, extra = {}) => ({
  displayName,
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  extensionsToTreatAsEsm: [],
  moduleNameMapper: {
    '^@berth/drivers/(.*)$': '<rootDir>/libs/drivers/$1',
    '^@berth/([a-z]+)/(.*)$': '<rootDir>/libs/$1/src/$2',
  },
  ...extra,
});

module.exports = {
  testTimeout: 30_000,
  projects: [
    layer('unit', ['<rootDir>/{apps,libs,deploy}/**/*.spec.ts']),
    layer('integration', ['<rootDir>/{apps,libs,deploy}/**/*.int.ts']),
    layer('e2e', ['<rootDir>/test/{e2e,browser}/**/*.e2e.ts']),
    layer('isolation', ['<rootDir>/test/isolation/**/*.e2e.ts']),
    layer('chaos', ['<rootDir>/test/chaos/**/*.e2e.ts']),
  ],
};
