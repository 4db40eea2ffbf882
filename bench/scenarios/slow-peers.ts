import { totalsOf } from '../counts/counts.js';
import { shownSpread } from '../figures.js';
import type { Options } from '../options.js';
import type { Report } from '../report.js';
import { interleaved, printRounds } from '../rounds.js';
import { Stage } from '../stage.js';

const sbcs = 64;
const usualMs = [50, 500];

/**
 * (b) Every call to a peer takes some time, an SBC each: how much of the rate is reached that callers would have if nothing but the calls, one after
 * the other, took time.
 */
export async function slowPeers(options: Options, report: Report): Promise<void> {
  for (const ms of options.sizes.length > 0 ? options.sizes : usualMs) {
    const faults = (['microsoft', 'sbc', 'ovoc'] as const).map((peer) => ({ peer, kind: 'latency', params: { ms } }));
    await Stage.with(options, report, { sbcs, faults }, async (stage, contenders) => {
      for (const concurrency of options.concurrency.map((callers) => Math.min(callers, sbcs))) {
        const rounds = await interleaved(stage, contenders, concurrency);
        printRounds(report, `${ms} ms a call, C=${concurrency}`, rounds);
        report.table(['contender', '% of C / (calls x time of a call)'], contenders.map(({ name }) => [name, shownSpread(
          rounds.filter(({ contender }) => contender === name).map(({ counts, deployments, perSecond }) => (
            100 * perSecond * totalsOf(counts, deployments).calls * ms / 1_000 / concurrency))),
        ]));
      }
    });
  }
}
