import { totalsOf } from '../counts/counts.js';
import { shown, shownSpread } from '../figures.js';
import type { Options } from '../options.js';
import type { Report } from '../report.js';
import { recorded } from '../rounds.js';
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
      const rows: string[][] = [];
      for (const concurrency of options.concurrency.map((callers) => Math.min(callers, sbcs))) {
        for (const contender of contenders) {
          const shares: number[] = [];
          const rates: number[] = [];
          for (let index = 0; index < options.rounds; index += 1) {
            const round = await stage.round(contender, concurrency);
            const { calls } = totalsOf(round.counts, round.deployments);
            rates.push(round.perSecond);
            shares.push(100 * round.perSecond * calls * ms / 1_000 / concurrency);
            report.line({ scenario: options.scenario, callMs: ms, concurrency, round: index, percentOfIdeal: shares.at(-1), ...recorded(round) });
          }
          rows.push([contender.name, shown(concurrency), shownSpread(rates), shownSpread(shares)]);
        }
      }
      report.text(`\n${ms} ms a call`);
      report.table(['contender', 'C', '/s', '% of C / (calls x time of a call)'], rows);
    });
  }
}
