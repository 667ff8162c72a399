/** Direction of imports: controllers and processors -> use cases -> domain and ports; libs never import apps; no cycles. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'libs-never-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'apps-never-import-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'use-cases-do-not-know-http',
      comment: 'A use case is called by a controller or a processor, never the other way round.',
      severity: 'error',
      from: { path: '^apps/control-plane/src/.+/use-cases/' },
      to: { path: '(\\.controller|\\.processor)\\.ts$' },
    },
    {
      name: 'models-stay-in-repositories',
      comment: 'Only repositories touch Mongoose models, so that every query carries its tenant scope.',
      severity: 'error',
      from: { path: '^apps/control-plane/src/', pathNot: '(\\.repository|\\.module|\\.schema|\\.int|\\.spec)\\.ts$|^apps/control-plane/src/[^/]+\\.ts$|migrations/' },
      to: { path: '\\.schema\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: '(\\.d\\.ts|\\.spec\\.ts|\\.int\\.ts|main\\.ts|worker\\.ts)$|^(deploy|test)/' }, to: {} },
    { name: 'tests-are-not-imported', severity: 'error', from: { pathNot: '\\.(spec|int|e2e)\\.ts$' }, to: { path: '\\.(spec|int|e2e)\\.ts$' } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/|^apps/console/' },
  },
};
