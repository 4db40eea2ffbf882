import type { Contender } from '../contenders/contender.js';
import { longestChain, shownSpread } from '../figures.js';
import type { Options } from '../options.js';
import type { Report } from '../report.js';
import { interleaved, printRounds } from '../rounds.js';
import { Stage } from '../stage.js';

const sbcs = 64;
const usualMs = [50, 500];

/**
 * (b) Every call to a peer takes some time, an SBC each: how much of the rate is reached that callers would have if nothing but the calls took time,
 * those that a deployment makes at once counted as one.
 */
export async function slowPeers(options: Options, report: Report): Promise<void> {
  for (const ms of options.sizes.length > 0 ? options.sizes : usualMs) {
    const faults = (['microsoft', 'sbc', 'ovoc'] as const).map((peer) => ({ peer, kind: 'latency', params: { ms } }));
    await Stage.with(options, report, { sbcs, faults }, async (stage, contenders) => {
      const paths = new Map<string, number>();
      for (const contender of contenders) paths.set(contender.name, await callsOnPath(stage, contender));
      for (const concurrency of options.concurrency.map((callers) => Math.min(callers, sbcs))) {
        const rounds = await interleaved(stage, contenders, concurrency);
        printRounds(report, `${ms} ms a call, C=${concurrency}`, rounds);
        report.table(['contender', 'calls after one another', '% of C / (these x time of a call)'], contenders.map(({ name }) => {
          const path = paths.get(name) ?? NaN;
          return [name, String(path), shownSpread(
            rounds.filter(({ contender }) => contender === name).map(({ perSecond }) => 100 * perSecond * path * ms / 1_000 / concurrency))];
        }));
      }
    });
  }
}

/** Of one deployment that has the peers to itself. */
async function callsOnPath(stage: Stage, contender: Contender): Promise<number> {
  const since = await stage.simulators.mark();
  await stage.create(contender);
  const calls = await stage.simulators.calls({}, since);
  return longestChain(calls.flatMap(({ answeredAt, arrivedAt }) => (answeredAt === undefined ? [] : [{ from: arrivedAt, to: answeredAt }])));
}
