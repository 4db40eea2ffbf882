// Direction of dependencies. Paths are the resolved ones: aliases have no reliable dependency type.
const libraries = 'contracts|runtime|persistence|messaging|dead-letters|steps|scripts|inventory|secrets|hosting|embedded|testing';
const test = '(\\.(test|testing|conformance)\\.ts$|/conformance/)';

/** A library may import only these libraries. */
const may = (name, others) => ({
  name: `lib-${name}`,
  comment: `libs/${name} may import ${others.length > 0 ? others.join(', ') : 'no other library'}.`,
  severity: 'error',
  from: { path: `^libs/${name}/`, pathNot: test },
  to: { path: `^libs/(?!(${[name, ...others].join('|')})/)` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', comment: 'Cycles hide who depends on whom.', severity: 'error', from: { pathNot: test }, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'apps-never-import-apps', comment: 'Services talk by messages. Only standalone composes them, by their root files.', severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: ['^apps/standalone/', test] }, to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'standalone-imports-root-files', comment: 'standalone composes services by what stands at the root of their src.', severity: 'error',
      from: { path: '^apps/standalone/' }, to: { path: '^apps/(?!standalone/)[^/]+/src/.+/' },
    },
    { name: 'libs-never-import-apps', comment: 'Dependencies point from apps to libs.', severity: 'error', from: { path: '^libs/', pathNot: test }, to: { path: '^apps/' } },
    { name: 'testing-is-for-tests', comment: 'Test code is never part of what runs.', severity: 'error', from: { path: '^(apps|libs)/', pathNot: [test, '^libs/testing/'] }, to: { path: ['^libs/testing/', test, '^test/'] } },
    { name: 'nothing-imports-the-benchmark', comment: 'It measures what is there; nothing may depend on it.', severity: 'error', from: { path: '^(apps|libs|scripts)/' }, to: { path: '^bench/' } },
    { name: 'baseline-stands-apart', comment: 'A baseline that shared code with the product would share its costs.', severity: 'error', from: { path: '^bench/baseline/' }, to: { path: '^(apps|libs|test|bench/(?!baseline/))' } },
    { name: 'benchmark-sees-no-app', comment: 'It runs the built programs.', severity: 'error', from: { path: '^bench/' }, to: { path: '^apps/' } },
    { name: 'embedded-is-for-standalone', comment: 'A service is given its database.', severity: 'error', from: { path: '^apps/(?!standalone/)', pathNot: test }, to: { path: '^libs/embedded/' } },
    { name: 'simulators-stand-apart', comment: 'A simulator that shared code with the product would share its mistakes.', severity: 'error', from: { path: '^apps/simulators/', pathNot: test }, to: { path: `^libs/(?!runtime/)(${libraries})/` } },
    { name: 'amqplib-in-messaging', comment: 'One library speaks AMQP.', severity: 'error', from: { path: '^(apps|libs)/', pathNot: ['^libs/messaging/', test] }, to: { path: 'node_modules/amqplib/' } },
    { name: 'typeorm-in-persistence', comment: 'TypeORM stays in persistence, migrations, entities and repositories.', severity: 'error', from: { path: '^(apps|libs)/', pathNot: ['^libs/persistence/', '/persistence/', '\\.(migration|entity|repository)\\.ts$', test] }, to: { path: 'node_modules/typeorm/' } },
    {
      name: 'pure-files', comment: 'Decisions and the fold import values and types, never I/O.', severity: 'error',
      from: { path: ['\\.decide\\.ts$', '/(fold|evolve)\\.ts$', '^libs/scripts/src/'], pathNot: test },
      to: { path: ['^node:(?!crypto)', 'node_modules/(undici|pg|typeorm|amqplib|@nestjs|fastify|pino)/', '^libs/(messaging|dead-letters|persistence|runtime|hosting|embedded)/', '\\.(rest|repository|http)\\.ts$'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'pure-files-no-builtins', comment: 'Decisions and the fold do no I/O.', severity: 'error', from: { path: ['\\.decide\\.ts$', '/(fold|evolve)\\.ts$', '^libs/scripts/src/'], pathNot: test }, to: { dependencyTypes: ['core'], pathNot: '^(node:)?(path|url)(/posix)?$' } },
    { name: 'no-undeclared-packages', comment: 'Every package stands in package.json.', severity: 'error', from: { path: '^(apps|libs)/' }, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },
    { name: 'no-dev-packages-in-production', comment: 'What runs in production is a dependency.', severity: 'error', from: { path: '^(apps|libs)/', pathNot: [test, '^libs/testing/'] }, to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] } },
    { name: 'unresolvable', comment: 'An import must lead somewhere.', severity: 'error', from: {}, to: { couldNotResolve: true } },
    may('contracts', []),
    may('runtime', []),
    may('persistence', ['runtime']),
    may('messaging', ['contracts', 'persistence', 'runtime']),
    may('dead-letters', ['contracts', 'messaging', 'persistence', 'runtime']),
    may('steps', ['contracts', 'messaging', 'persistence', 'runtime']),
    may('scripts', ['contracts']),
    may('inventory', ['contracts', 'scripts']),
    may('secrets', []),
    may('hosting', ['contracts', 'dead-letters', 'messaging', 'persistence', 'runtime', 'steps']),
    may('embedded', ['contracts', 'runtime']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
