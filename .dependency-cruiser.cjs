/** The arrows of ARCHITECTURE.md: cli, workers → workflows, activities → core; nobody points back. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      comment: 'core/ holds the domain: no I/O, no Temporal, no Node APIs, no other room.',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(activities|workflows|workers|cli|infra|scripts|test)/' },
    },
    {
      name: 'core-without-node',
      severity: 'error',
      from: { path: '^core/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-without-services',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: 'node_modules/(@temporalio|@aws-sdk|dockerode|openai|execa)' },
    },
    {
      name: 'workflows-see-core-and-types',
      comment: 'A workflow imports core/ and only the types of activities/.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(activities|workers|cli|infra|scripts)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'activities-do-not-look-up',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: '^(workflows|workers|cli|scripts)/' },
    },
    {
      name: 'infra-is-below',
      severity: 'error',
      from: { path: '^infra/' },
      to: { path: '^(activities|workflows|workers|cli|scripts)/' },
    },
    {
      name: 'workers-do-not-see-cli',
      severity: 'error',
      from: { path: '^workers/' },
      to: { path: '^(cli|scripts)/' },
    },
    { name: 'nobody-imports-tests', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.json'] },
  },
};
