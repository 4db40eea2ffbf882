import { describe, expect, it } from 'vitest';

import { printReport } from './runner/report.js';
import { runFaults } from './runner/run-faults.js';
import { readRunOptions } from './runner/run-options.js';

describe('the whole system under seeded faults', () => {
  const { options, timeoutMs } = readRunOptions(process.env);

  it('loses nothing, does nothing twice and leaves nothing behind', async () => {
    const report = await runFaults(options, (line) => { process.stdout.write(`${line}\n`); });
    process.stdout.write(`\n${printReport(report)}\n`);
    expect(report.violations, report.folder).toEqual([]);
    expect(report.faults.length).toBeGreaterThan(0);
  }, timeoutMs);
});
