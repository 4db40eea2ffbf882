import type { PeerCall } from '@trunkline/testing';

import { shownSpread } from '../figures.js';
import { closedLoop } from '../load/closed-loop.js';
import type { Options } from '../options.js';
import type { Report } from '../report.js';
import { printRounds, recorded } from '../rounds.js';
import { type Round, Stage } from '../stage.js';

const waiting = 100;
const scriptMs = 200;

/** A round, and how busy the SBC was with scripts in it between the first and the last. */
interface BusyRound extends Round {
  readonly percentBusy: number;
  readonly scriptsSeconds: number;
}

/** (c) A hundred customers at once for one SBC whose scripts take 200 ms. */
export function oneSbc(options: Options, report: Report): Promise<void> {
  return Stage.with(options, report, { sbcs: 1, simulators: { SIM_SCRIPT_TIME_MS: String(scriptMs) } }, async (stage, contenders) => {
    const rounds: BusyRound[] = [];
    for (const contender of contenders) await stage.round(contender, 1);
    for (let index = 0; index < options.rounds; index += 1) {
      for (const contender of contenders) {
        let scripts: readonly PeerCall[] = [];
        const round = await stage.measured(
          contender, () => closedLoop({ concurrency: waiting, most: waiting }, () => stage.create(contender)),
          async () => { scripts = await stage.simulators.calls({ peer: 'sbc', method: 'PUT', path: '/incremental' }); });
        const [first = 0, last = 0] = [scripts[0]?.arrivedAt, Math.max(...scripts.map(({ answeredAt = 0 }) => answeredAt))];
        const busyMs = scripts.reduce((sum, { answeredAt = 0, arrivedAt }) => sum + answeredAt - arrivedAt, 0);
        const scriptsSeconds = (last - first) / 1_000;
        const busy = { ...round, perSecond: waiting / scriptsSeconds, percentBusy: 100 * busyMs / (last - first), scriptsSeconds };
        rounds.push(busy);
        report.line({ scenario: options.scenario, round: index, percentBusy: busy.percentBusy, scriptsSeconds, ...recorded(busy) });
      }
    }
    printRounds(report, `${waiting} customers at once for one SBC, ${scriptMs} ms a script`, rounds);
    report.table(['contender', '% of the time in scripts', `s for ${waiting}`], contenders.map(({ name }) => {
      const own = rounds.filter(({ contender }) => contender === name);
      return [name, shownSpread(own.map(({ percentBusy }) => percentBusy)), shownSpread(own.map(({ scriptsSeconds }) => scriptsSeconds))];
    }));
  });
}
