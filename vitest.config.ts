import { defineConfig } from 'vitest/config';

const node = { environment: 'node' as const, pool: 'forks' as const, setupFiles: ['reflect-metadata'] };

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    projects: [
      { extends: true, test: { ...node, name: 'unit', include: ['{apps,libs}/**/*.test.ts', 'test/architecture/**/*.test.ts', 'test/history/**/*.test.ts', 'test/safeguards/**/*.test.ts', 'scripts/**/*.test.ts', 'test/faults/*/**/*.test.ts'], exclude: ['**/*.int.test.ts'] } },
      { extends: true, test: { ...node, name: 'int', include: ['{apps,libs,scripts}/**/*.int.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 } },
      { extends: true, test: { ...node, name: 'flows', include: ['test/flows/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false } },
      { extends: true, test: { ...node, name: 'load', include: ['test/load/*.test.ts'], testTimeout: 900_000, hookTimeout: 120_000, fileParallelism: false } },
      { extends: true, test: { ...node, name: 'faults', include: ['test/faults/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false } },
    ],
  },
});
