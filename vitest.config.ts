import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const node = { environment: 'node' as const, pool: 'forks' as const, setupFiles: ['reflect-metadata'] };

/** The file is short, what it runs takes minutes: begun last, it would run alone. */
const longFiles = ['process-per-service', 'standalone-on-rabbitmq', 'standalone-in-process'].map((name) => `/test/flows/${name}.test.ts`);

class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => longFiles.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    sequence: { sequencer: LongFilesFirst },
    projects: [
      { extends: true, test: { ...node, name: 'unit', include: ['{apps,libs}/**/*.test.ts', 'test/architecture/**/*.test.ts', 'test/history/**/*.test.ts', 'test/safeguards/**/*.test.ts', 'scripts/**/*.test.ts', 'test/faults/*/**/*.test.ts'], exclude: ['**/*.int.test.ts'] } },
      // What waits for servers and processes goes two files at a time, on however many cores: a whole system is four processes already. vitest wants a
      // group of its own for each project with a number of its own.
      { extends: true, test: { ...node, name: 'int', include: ['{apps,libs,scripts}/**/*.int.test.ts'], testTimeout: 30_000, hookTimeout: 60_000, maxWorkers: 2, sequence: { groupOrder: 2 } } },
      { extends: true, test: { ...node, name: 'flows', include: ['test/flows/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000, maxWorkers: 2, sequence: { groupOrder: 1 } } },
      { extends: true, test: { ...node, name: 'load', include: ['test/load/*.test.ts'], testTimeout: 900_000, hookTimeout: 120_000, fileParallelism: false } },
      { extends: true, test: { ...node, name: 'faults', include: ['test/faults/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false } },
    ],
  },
});
