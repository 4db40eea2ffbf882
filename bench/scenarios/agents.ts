import { Trunkline } from '../contenders/trunkline.js';
import type { Options } from '../options.js';
import type { Report } from '../report.js';
import { interleaved, printRounds } from '../rounds.js';
import { Stage } from '../stage.js';

const sbcs = 16;
const devicesEach = 4;
/** With the shorter ones four agents have more to do than two cores can. */
const scriptTimesMs = [200, 2_000];
const concurrency = 64;
const usualSizes = [1, 2, 4];

/** (f) Agents that work on four SBCs at a time each, over 16 SBCs whose scripts take 200 ms, and 2 s; the last is the one alone. */
export async function agents(options: Options, report: Report): Promise<void> {
  for (const scriptMs of scriptTimesMs) await withScripts(scriptMs, options, report);
}

async function withScripts(scriptMs: number, options: Options, report: Report): Promise<void> {
  const stage = await Stage.open(options, report, { sbcs, simulators: { SIM_SCRIPT_TIME_MS: String(scriptMs) } });
  const contenders: Trunkline[] = [];
  try {
    for (const count of [...options.sizes.length > 0 ? options.sizes : usualSizes].sort((one, other) => other - one)) {
      contenders.push(await Trunkline.start('split', stage.simulators.addresses, {
        name: `with ${count} agents`, agents: count, settings: { AGENT_DEVICES: String(devicesEach), SBC_RESPONSE_TIMEOUT_MS: '120000' },
      }));
    }
    printRounds(report, `${sbcs} SBCs, scripts of ${scriptMs} ms, C=${concurrency}`, await interleaved(stage, contenders, concurrency));
  } finally {
    for (const contender of contenders) await contender.stop();
    await stage.close();
  }
}
