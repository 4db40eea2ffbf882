import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { devicePrint } from '../../test/load/device-print.js';
import type { Options } from '../options.js';
import type { Report } from '../report.js';
import { interleaved, printRounds } from '../rounds.js';
import { Stage } from '../stage.js';

const usualSizes = [0, 1_000, 5_000];
const sbcId = 4;

/** (i) One SBC that has many customers already, one caller: every deployment reads its whole configuration. */
export async function fullSbc(options: Options, report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    for (const customers of options.sizes.length > 0 ? options.sizes : usualSizes) {
      const file = join(folder, `${customers}.txt`);
      writeFileSync(file, devicePrint(customers));
      const simulators = { SIM_DEVICE_PRINT: JSON.stringify({ [sbcId]: file }), SIM_SBC_PRINT: JSON.stringify({ [sbcId]: 'A' }) };
      await Stage.with(options, report, { sbcs: 1, simulators }, async (stage, contenders) => {
        printRounds(report, `${customers} customers on the SBC, C=1`, await interleaved(stage, contenders, 1));
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
