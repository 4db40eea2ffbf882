import { Trunkline } from '../contenders/trunkline.js';
import { storeFinished } from '../load/stored.js';
import type { Options } from '../options.js';
import type { Report } from '../report.js';
import { interleaved, printRounds } from '../rounds.js';
import { Stage } from '../stage.js';

const sbcs = 64;
const usualSizes = [0, 10_000, 100_000];

/** (d) The load of (a) with finished deployments stored: what they cost. One contender a number, in turn; the last is the empty one. */
export async function storedDeployments(options: Options, report: Report): Promise<void> {
  const stage = await Stage.open(options, report, { sbcs });
  const contenders: Trunkline[] = [];
  try {
    for (const stored of [...options.sizes.length > 0 ? options.sizes : usualSizes].sort((one, other) => other - one)) {
      const contender = await Trunkline.start('standalone', stage.simulators.addresses, { name: `with ${stored} stored` });
      contenders.push(contender);
      await storeFinished(stage, contender, stored);
    }
    for (const concurrency of options.concurrency) printRounds(report, `C=${concurrency}`, await interleaved(stage, contenders, concurrency));
  } finally {
    for (const contender of contenders) await contender.stop();
    await stage.close();
  }
}
