import { shownSpread } from '../figures.js';
import { closedLoop } from '../load/closed-loop.js';
import type { Options } from '../options.js';
import type { Report } from '../report.js';
import { recorded } from '../rounds.js';
import { Stage } from '../stage.js';

const waiting = 100;
const scriptMs = 200;

/** (c) A hundred customers at once for one SBC whose scripts take 200 ms: how busy the SBC is with scripts between the first and the last. */
export function oneSbc(options: Options, report: Report): Promise<void> {
  return Stage.with(options, report, { sbcs: 1, simulators: { SIM_SCRIPT_TIME_MS: String(scriptMs) } }, async (stage, contenders) => {
    const rows: string[][] = [];
    for (const contender of contenders) {
      await stage.round(contender, 1);
      const busy: number[] = [];
      const seconds: number[] = [];
      for (let index = 0; index < options.rounds; index += 1) {
        const round = await stage.measured(
          contender, () => closedLoop({ concurrency: waiting, most: waiting }, () => stage.create(contender)),
          async () => {
            const scripts = await stage.simulators.calls({ peer: 'sbc', method: 'PUT', path: '/incremental' });
            const [first = 0, last = 0] = [scripts[0]?.arrivedAt, Math.max(...scripts.map(({ answeredAt = 0 }) => answeredAt))];
            busy.push(100 * scripts.reduce((sum, { answeredAt = 0, arrivedAt }) => sum + answeredAt - arrivedAt, 0) / (last - first));
            seconds.push((last - first) / 1_000);
          });
        report.line({ scenario: options.scenario, round: index, percentBusy: busy.at(-1), seconds: seconds.at(-1), ...recorded(round) });
      }
      rows.push([contender.name, shownSpread(busy), shownSpread(seconds)]);
    }
    report.table(['contender', '% of the time in scripts', `s for ${waiting}`], rows);
  });
}
