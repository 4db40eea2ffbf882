import { Trunkline } from '../contenders/trunkline.js';
import { shownSpread } from '../figures.js';
import { closedLoop } from '../load/closed-loop.js';
import type { Options } from '../options.js';
import { cpuMsOf, serversCpu } from '../processes.js';
import type { Report } from '../report.js';
import { recorded } from '../rounds.js';
import { type Round, Stage } from '../stage.js';

const sbcs = 64;

/** Processor time of one process while it was under load: in ms a deployment, and in percent of a core. */
interface Part {
  readonly name: string;
  readonly cpu: number;
  readonly percent: number;
}

/** (k) One process per service under more and more callers: the rate, and what each process takes of the processor. */
export async function saturation(options: Options, report: Report): Promise<void> {
  const stage = await Stage.open(options, report, { sbcs });
  const trunkline = await Trunkline.start('split', stage.simulators.addresses);
  try {
    for (const concurrency of options.concurrency) {
      await stage.warmUp(trunkline, concurrency);
      const rounds: { readonly round: Round; readonly parts: readonly Part[] }[] = [];
      for (let index = 0; index < options.rounds; index += 1) {
        let parts: readonly Part[] = [];
        const round = await stage.measured(trunkline, async () => {
          const [before, startedAt] = [cpuByName(trunkline, stage), performance.now()];
          const run = await closedLoop({ concurrency, seconds: options.seconds }, () => stage.create(trunkline));
          const tookMs = performance.now() - startedAt;
          parts = cpuByName(trunkline, stage).map(({ cpuMs, name }, place) => {
            const spent = cpuMs - (before[place]?.cpuMs ?? 0);
            return { name, cpu: spent / run.results.length, percent: 100 * spent / tookMs };
          });
          return run;
        });
        rounds.push({ round, parts });
        report.line({ scenario: options.scenario, concurrency, round: index, parts, ...recorded(round) });
      }
      const spread = (figure: (round: Round) => number) => shownSpread(rounds.map(({ round }) => figure(round)));
      const [first] = rounds;
      const sum = rounds.map(({ parts }) => parts.reduce((all, { percent }) => all + percent, 0));
      report.text(`\nC=${concurrency}: ${spread(({ perSecond }) => perSecond)} a second, p50 ${spread(({ p50 }) => p50)} ms, p99 ${spread(({ p99 }) => p99)} ms; all together ${shownSpread(sum)} % of a core`);
      report.table(['process', 'CPU ms a deployment', '% of a core'], (first?.parts ?? []).map(({ name }, place) => [
        name, ...(['cpu', 'percent'] as const).map((figure) => shownSpread(rounds.map(({ parts }) => parts[place]?.[figure] ?? 0))),
      ]));
    }
  } finally {
    await trunkline.stop();
    await stage.close();
  }
}

function cpuByName(trunkline: Trunkline, { options, simulators }: Stage): readonly { readonly name: string; readonly cpuMs: number }[] {
  const { broker, database } = serversCpu(options.serversPid);
  return [
    ...trunkline.processes.map(({ name, pid }) => ({ name, cpuMs: cpuMsOf([pid ?? 0]) })), { name: 'broker', cpuMs: broker }, { name: 'database', cpuMs: database },
    { name: 'simulated peers', cpuMs: cpuMsOf([simulators.process.pid ?? 0]) }, { name: 'callers', cpuMs: cpuMsOf([process.pid]) },
  ];
}
