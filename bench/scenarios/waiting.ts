import { eventually } from '@trunkline/testing';

import type { Answer } from '../contenders/http.js';
import { Trunkline, type Way } from '../contenders/trunkline.js';
import { countsAtRest } from '../counts/counts.js';
import { shownSpread } from '../figures.js';
import { closedLoop } from '../load/closed-loop.js';
import type { Options } from '../options.js';
import { rssMbOf } from '../processes.js';
import type { Report } from '../report.js';
import { Stage } from '../stage.js';

const waitingByDefault = 10_000;
const warmUp = 2_000;
const atOnce = 32;

/** (e) Ten thousand accepted deployments wait for SBCs that refuse every call: memory, when callers have gone with a 202 and when they hold on. */
export async function waitingDeployments(options: Options, report: Report): Promise<void> {
  const [count = waitingByDefault] = options.sizes;
  const rows: string[][] = [];
  for (const way of ['standalone', 'split'] as const satisfies readonly Way[]) {
    for (const kind of ['accepted', 'held open'] as const) {
      const rounds: Grown[][] = [];
      for (let index = 0; index < options.rounds; index += 1) {
        const grown = await oneRound(way, kind, count, options, report);
        rounds.push(grown);
        for (const each of grown) report.line({ scenario: options.scenario, way, kind, waiting: count, round: index, ...each });
      }
      for (const [index, { process }] of (rounds[0] ?? []).entries()) {
        const spread = (figure: (grown: Grown) => number) => shownSpread(rounds.flatMap((grown) => grown[index] ?? []).map(figure));
        rows.push([way, kind, process, spread(({ rssBefore }) => rssBefore), spread(({ rss }) => rss), spread(({ rss, rssBefore }) => rss - rssBefore)]);
      }
    }
  }
  report.table(['', `${count}`, 'process', 'RSS MB before', 'after', 'growth'], rows);
}

/** Memory of a process in MB. */
interface Grown {
  readonly process: string;
  readonly rssBefore: number;
  readonly rss: number;
}

async function oneRound(way: Way, kind: 'accepted' | 'held open', count: number, options: Options, report: Report): Promise<Grown[]> {
  const stage = await Stage.open(options, report, { sbcs: 64 });
  const trunkline = await Trunkline.start(way, stage.simulators.addresses, { settings: { STEP_DEADLINE_MS: '3600000', SYNC_WAIT_MS: '600000' } });
  try {
    await closedLoop({ concurrency: 16, most: warmUp }, () => stage.create(trunkline));
    await countsAtRest(trunkline);
    await stage.simulators.fault({ peer: 'sbc', kind: 'refuse' });
    const before = trunkline.processes.map(({ pid }) => rssMbOf([pid ?? 0]));
    if (kind === 'accepted') await closedLoop({ concurrency: atOnce, most: count }, () => trunkline.accept(stage.orders.next()));
    else {
      const refused: Answer[] = [];
      for (let index = 0; index < count; index += 1) {
        trunkline.post(stage.orders.next()).then((answer) => refused.push(answer), () => undefined);
        // As fast as they are taken in: what comes faster is refused.
        if (index % atOnce === 0) await eventually(`${index} to wait`, async () => await waiting(trunkline) >= index - atOnce || refused.length > 0, 60_000);
      }
      if (refused[0]) throw new Error(`${refused.length} did not wait: ${refused[0].status} ${refused[0].text}`);
    }
    await eventually(`${count} to wait`, async () => await waiting(trunkline) >= count, 300_000);
    await countsAtRest(trunkline);
    return trunkline.processes.map(({ name, pid }, index) => ({ process: name, rssBefore: before[index] ?? 0, rss: rssMbOf([pid ?? 0]) }));
  } finally {
    await trunkline.stop();
    await stage.close();
  }
}

async function waiting(trunkline: Trunkline): Promise<number> {
  const [row] = await trunkline.rows(`SELECT count(*) AS n FROM sbc_agent.job WHERE state IN ('waiting', 'running')`);
  return Number(row?.['n']);
}
