import { describe, expect, it } from 'vitest';

import { readRunOptions } from './runner/run-options.js';
import { printReport } from './runner/report.js';
import { runFaults } from './runner/run-faults.js';

describe('the whole system under seeded faults', () => {
  const { options, timeoutMs } = readRunOptions(process.env);

  it('loses nothing, does nothing twice and leaves nothing behind', async () => {
    const report = await runFaults(options);
    process.stdout.write(`\n${printReport(report)}\n`);
    expect(report.violations, report.folder).toEqual([]);
    expect(report.faults.length).toBeGreaterThan(0);
  }, timeoutMs);
});
