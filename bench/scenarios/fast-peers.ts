import { type BarGroup, barChart } from '../chart.js';
import { percentile, shown } from '../figures.js';
import { openArrival } from '../load/open-arrival.js';
import type { Options } from '../options.js';
import type { Report } from '../report.js';
import { interleaved, printRounds, recorded } from '../rounds.js';
import { type Round, Stage } from '../stage.js';

const sbcs = 64;
/** Of the slowest contender's rate with most callers. */
const openShare = 0.5;

/** (a) Peers that answer at once, 64 SBCs: closed loops and open arrival. */
export function fastPeers(options: Options, report: Report): Promise<void> {
  return Stage.with(options, report, { sbcs }, async (stage, contenders) => {
    let slowest = 0;
    const groups: BarGroup[] = [];
    for (const concurrency of options.concurrency) {
      const rounds = await interleaved(stage, contenders, concurrency);
      printRounds(report, `C=${concurrency}`, rounds);
      const bars = contenders.map(({ name }) => (
        { name, value: percentile(rounds.filter(({ contender }) => contender === name).map(({ perSecond }) => perSecond), 0.5) }));
      groups.push({ title: concurrency === 1 ? '1 caller' : `${concurrency} callers`, bars });
      slowest = Math.min(...bars.map(({ value }) => value));
    }
    report.chart(() => barChart('Deployments a second, median of the rounds (longer is better)', groups));
    const perSecond = openShare * slowest;
    const open: Round[] = [];
    for (let index = 0; index < options.rounds; index += 1) {
      for (const contender of contenders) {
        const round = await stage.measured(contender, () => openArrival(perSecond, options.seconds, () => stage.create(contender)));
        open.push(round);
        report.line({ scenario: options.scenario, load: 'open', offeredPerSecond: perSecond, round: index, ...recorded(round) });
      }
    }
    printRounds(report, `open arrival, ${shown(perSecond)}/s`, open);
  });
}
