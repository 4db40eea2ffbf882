import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const node = { environment: 'node' as const, pool: 'forks' as const, setupFiles: ['reflect-metadata'] };

/**
 * Known only once they have run here; begun last, one of them would go on alone. Those that start many servers come apart from each other: a start
 * keeps a core busy.
 */
const longest = [
  ...['process-per-service', 'process-per-service-failures', 'standalone-on-rabbitmq', 'standalone-in-process', 'leaving-agents', 'demo', 'broker-killed'].map((name) => `/test/flows/${name}.test.ts`),
  ...[
    '/site/site.work', '/scripts/server-control', '/session/breaker', '/session/device-session', '/src/start-embedded-postgres', '/lease/liveness',
    '/sweep/device-sweep', '/scripts/services',
  ].map((name) => `${name}.int.test.ts`),
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => longest.findIndex((name) => moduleId.endsWith(name)) + 1 || longest.length + 1;
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { ...node, name: 'unit', isolate: false, testTimeout: 30_000, include: ['{apps,libs}/**/*.test.ts', 'test/architecture/**/*.test.ts', 'test/history/**/*.test.ts', 'test/safeguards/**/*.test.ts', 'scripts/**/*.test.ts', 'test/faults/*/**/*.test.ts', 'bench/{chart,figures}.test.ts'], exclude: ['**/*.int.test.ts'] } },
      // On however many cores: a file that speaks with servers keeps a fifth of a core busy, a whole system half of one; the rest of their time is waiting.
      // In one group: what is short fills the time that what is long leaves.
      { extends: true, test: { ...node, name: 'int', setupFiles: [...node.setupFiles, './test/plans/plans.setup.ts'], isolate: false, include: ['{apps,libs,scripts}/**/*.int.test.ts'], testTimeout: 30_000, hookTimeout: 60_000, maxWorkers: 4, sequence: { groupOrder: 2 } } },
      { extends: true, test: { ...node, name: 'flows', include: ['test/flows/**/*.test.ts', 'bench/counts/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000, maxWorkers: 4, sequence: { groupOrder: 2 } } },
      { extends: true, test: { ...node, name: 'modes', include: ['test/modes/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false } },
      { extends: true, test: { ...node, name: 'bench', include: ['bench/bench.test.ts'], testTimeout: 10_800_000, hookTimeout: 120_000, fileParallelism: false } },
      { extends: true, test: { ...node, name: 'load', include: ['test/load/*.test.ts'], testTimeout: 900_000, hookTimeout: 120_000, fileParallelism: false } },
      { extends: true, test: { ...node, name: 'devices', include: ['test/devices/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false } },
      { extends: true, test: { ...node, name: 'faults', include: ['test/faults/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false } },
    ],
  },
});
