import { eventually } from '@trunkline/testing';

import { Baseline } from '../contenders/baseline.js';
import { Trunkline } from '../contenders/trunkline.js';
import { percentile, shownSpread } from '../figures.js';
import { closedLoop } from '../load/closed-loop.js';
import { verifyEffects } from '../load/effects.js';
import type { Options } from '../options.js';
import type { Report } from '../report.js';
import { Stage } from '../stage.js';

const concurrency = 16;
const most = 1_000;

/** (g) Callers that want 202 as soon as the request is accepted, beside the baseline's callers that wait for the deployment. */
export async function respondAsync(options: Options, report: Report): Promise<void> {
  const stage = await Stage.open(options, report, { sbcs: 64 });
  const { addresses } = stage.simulators;
  const products = [await Trunkline.start('standalone', addresses), await Trunkline.start('split', addresses)];
  const baseline = await Baseline.start(addresses);
  const p50s = new Map<string, number[]>();
  const note = (name: string, ms: number) => {
    p50s.set(name, [...p50s.get(name) ?? [], ms]);
    report.line({ scenario: options.scenario, contender: name, p50: ms });
  };
  try {
    for (const contender of [...products, baseline]) await stage.warmUp(contender, concurrency);
    for (let index = 0; index < options.rounds; index += 1) {
      for (const product of products) {
        const { latenciesMs, results } = await closedLoop({ concurrency, seconds: options.seconds, most }, async () => {
          const order = stage.orders.next();
          await product.accept(order);
          return order;
        });
        note(product.name, percentile(latenciesMs, 0.5));
        const names = results.map(({ shortName }) => shortName);
        const deployed = async () => new Map((await product.rows<{ guid: string; short_name: string }>(`
          SELECT guid, c.short_name FROM provisioner.customer c JOIN provisioner.deployment d ON d.id = c.deployment_id
          WHERE c.short_name = ANY($1) AND d.state = 'Deployed'`, [names])).map(({ guid, short_name: name }) => [name, guid]));
        const guids = await eventually('all to be deployed', async () => {
          const known = await deployed();
          return known.size === names.length && known;
        }, 300_000);
        await verifyEffects(stage.simulators, results.map((order) => ({ ...order, customerGuid: guids.get(order.shortName) ?? '' })));
        await stage.clear();
      }
      note(baseline.name, (await stage.round(baseline, concurrency)).p50);
    }
  } finally {
    for (const contender of [...products, baseline]) await contender.stop();
    await stage.close();
  }
  const reference = p50s.get(baseline.name) ?? [];
  report.table(['contender', 'p50 ms', 'to the baseline\'s deployment'], [...p50s].map(([name, values]) => (
    [name, shownSpread(values), shownSpread(values.map((value, index) => value / (reference[index] ?? NaN)))])));
}
