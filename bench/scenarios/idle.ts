import { setTimeout as delay } from 'node:timers/promises';

import { ownStarts } from '../contenders/own-standalone.js';
import { Trunkline, type Way } from '../contenders/trunkline.js';
import { since, totalsOf } from '../counts/counts.js';
import { shown, shownSpread } from '../figures.js';
import type { Options } from '../options.js';
import { cpuMsOf, rssMbOf, serversCpu } from '../processes.js';
import type { Report } from '../report.js';
import { Stage } from '../stage.js';

const windowMs = 3_000;
const least = 30;
const leastStarts = 3;

/** (j) Nothing to do: processor time, memory and statements; and how long a start takes. */
export async function idle(options: Options, report: Report): Promise<void> {
  for (const way of ['standalone', 'split'] as const) {
    const passes: Pass[] = [];
    for (let index = 0; index < options.rounds; index += 1) {
      const pass = await onePass(way, options, report);
      passes.push(pass);
      report.line({ scenario: options.scenario, way, round: index, ...pass });
    }
    const spread = (figure: (pass: Pass) => number) => shownSpread(passes.map(figure));
    report.text(`\n${way}: ready ${spread(({ readyMs }) => readyMs)} ms after its start, servers running; idle ${spread(({ statementsPerSecond }) => statementsPerSecond)} statements and `
      + `${spread(({ messagesPerSecond }) => messagesPerSecond)} messages a second`);
    report.table(['process', '% of a core', 'RSS MB at start'], (passes[0]?.names ?? []).map((name, index) => [
      name, spread(({ shares }) => shares[index] ?? 0), passes[0]?.rss[index] === undefined ? '' : spread(({ rss }) => rss[index] ?? 0),
    ]));
  }
  const stage = await Stage.open(options, report, { sbcs: 64 });
  const [first = NaN, ...later] = await ownStarts(1 + Math.max(options.rounds, leastStarts), stage.simulators.addresses).finally(() => stage.close());
  report.line({ scenario: options.scenario, way: 'standalone, embedded PostgreSQL', firstReadyMs: first, readyMs: later });
  report.text(`\nstandalone with its embedded PostgreSQL: ready ${shownSpread(later)} ms after its start, data present; ${shown(first)} ms the first time`);
}

/** Memory in MB and time to start in ms; shares of a core in percent, of each process and then of the servers. */
interface Pass {
  readonly names: readonly string[];
  readonly readyMs: number;
  readonly statementsPerSecond: number;
  readonly messagesPerSecond: number;
  readonly shares: readonly number[];
  readonly rss: readonly number[];
}

async function onePass(way: Way, options: Options, report: Report): Promise<Pass> {
  const seconds = Math.max(options.seconds, least);
  const stage = await Stage.open(options, report, { sbcs: 64 });
  const trunkline = await Trunkline.start(way, stage.simulators.addresses);
  try {
    const rss = trunkline.processes.map(({ pid }) => rssMbOf([pid ?? 0]));
    const cpu = () => {
      const { broker, database } = serversCpu(options.serversPid);
      return [...trunkline.pids().map((pid) => cpuMsOf([pid])), broker, database];
    };
    await startedUp(() => cpuMsOf(trunkline.pids()));
    const [before, counts] = [cpu(), await trunkline.counts()];
    await delay(seconds * 1_000);
    const shares = cpu().map((ms, index) => (ms - (before[index] ?? 0)) / seconds / 10);
    const { messages, statements } = totalsOf(since(counts, await trunkline.counts()), seconds);
    return {
      names: [...trunkline.processes.map(({ name }) => name), 'broker', 'database'],
      readyMs: trunkline.readyMs, statementsPerSecond: statements, messagesPerSecond: messages, shares, rss,
    };
  } finally {
    await trunkline.stop();
    await stage.close();
  }
}

/** Waits until a window takes no less processor time than the one before it: what belongs to a start is done. */
async function startedUp(cpuMs: () => number): Promise<void> {
  for (let last = Infinity; ;) {
    const before = cpuMs();
    await delay(windowMs);
    const spent = cpuMs() - before;
    if (spent >= last) return;
    last = spent;
  }
}
