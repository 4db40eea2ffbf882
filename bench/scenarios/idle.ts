import { setTimeout as delay } from 'node:timers/promises';

import { Trunkline } from '../contenders/trunkline.js';
import { since, totalsOf } from '../counts/counts.js';
import { shown } from '../figures.js';
import type { Options } from '../options.js';
import { cpuMsOf, rssMbOf, serversCpu } from '../processes.js';
import type { Report } from '../report.js';
import { Stage } from '../stage.js';

const windowMs = 3_000;
const least = 30;

/** (j) Nothing to do: processor time, memory and statements; and how long a start takes. */
export async function idle(options: Options, report: Report): Promise<void> {
  const seconds = Math.max(options.seconds, least);
  for (const way of ['standalone', 'split'] as const) {
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
      const names = [...trunkline.processes.map(({ name }) => name), 'broker', 'database'];
      report.text(`\n${way}: ready ${shown(trunkline.readyMs)} ms after its start, servers running; idle ${shown(statements)} statements and ${shown(messages)} messages a second`);
      report.table(['process', '% of a core', 'RSS MB at start'], names.map((name, index) => [name, shown(shares[index] ?? 0), rss[index] === undefined ? '' : shown(rss[index])]));
      report.line({
        scenario: options.scenario, way, readyMs: trunkline.readyMs, statementsPerSecond: statements, messagesPerSecond: messages, shares, rss, names,
      });
    } finally {
      await trunkline.stop();
      await stage.close();
    }
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
