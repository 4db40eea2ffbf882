import { Trunkline } from '../contenders/trunkline.js';
import { percentile, shown, shownSpread } from '../figures.js';
import { closedLoop } from '../load/closed-loop.js';
import { storeFinished } from '../load/stored.js';
import type { Options } from '../options.js';
import type { Report } from '../report.js';
import { rssMbOf } from '../processes.js';
import { Stage } from '../stage.js';

const storedByDefault = 100_000;
const details = 1_000;
const lists = 10;

/** (h) Reading one customer, and the whole list, with 100,000 stored. */
export async function reads(options: Options, report: Report): Promise<void> {
  const [stored = storedByDefault] = options.sizes;
  const stage = await Stage.open(options, report, { sbcs: 64 });
  const trunkline = await Trunkline.start('split', stage.simulators.addresses);
  try {
    await storeFinished(stage, trunkline, stored);
    const guids = (await trunkline.rows<{ guid: string }>('SELECT guid FROM provisioner.customer ORDER BY random() LIMIT 1000')).map(({ guid }) => guid);
    let next = 0;
    const read = async (path: string): Promise<number> => {
      const { status, text } = await trunkline.http.send('GET', path);
      if (status !== 200) throw new Error(`${path}: ${status} ${text.slice(0, 500)}`);
      return text.length;
    };
    const rows: string[][] = [];
    const before = rssMbOf(trunkline.pids());
    for (const [what, concurrency, most, path] of [
      ['one customer', 1, details, () => `/api/v2/customer/${guids[next++ % guids.length] ?? ''}`], ['one customer', 16, details, () => `/api/v2/customer/${guids[next++ % guids.length] ?? ''}`],
      ['the whole list', 1, lists, () => '/api/v2/customer'],
    ] as const) {
      await closedLoop({ concurrency, most: Math.ceil(most / 10) }, () => read(path()));
      const rounds: { p50: number; p95: number; p99: number; characters: number }[] = [];
      for (let index = 0; index < options.rounds; index += 1) {
        const { latenciesMs, results } = await closedLoop({ concurrency, most }, () => read(path()));
        const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map((share) => percentile(latenciesMs, share));
        rounds.push({ p50, p95, p99, characters: percentile(results, 0.5) });
        report.line({ scenario: options.scenario, stored, what, concurrency, round: index, ...rounds.at(-1) });
      }
      const spread = (figure: (round: (typeof rounds)[number]) => number) => shownSpread(rounds.map(figure));
      rows.push([
        what, String(concurrency), spread(({ p50 }) => p50), spread(({ p95 }) => p95), spread(({ p99 }) => p99), spread(({ characters }) => characters / 1_000),
      ]);
    }
    report.table([`${stored} stored`, 'C', 'p50 ms', 'p95', 'p99', 'kB'], rows);
    report.text(`RSS of all services: ${shown(before)} MB before, ${shown(rssMbOf(trunkline.pids()))} MB after`);
  } finally {
    await trunkline.stop();
    await stage.close();
  }
}
