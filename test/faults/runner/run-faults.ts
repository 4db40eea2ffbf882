import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { checkoutDir, eventually, Simulators } from '@trunkline/testing';

import { check } from '../checker/check.js';
import type { Facts } from '../checker/facts.js';
import { catalogue } from '../faults/catalogue.js';
import type { Stage } from '../faults/fault-case.js';
import { Ledgers, queueLengths } from './books.js';
import { Client } from './client.js';
import { Cluster } from './cluster.js';
import { driveLoad, type Placed, planLoad } from './load.js';
import { Peers } from './peers.js';
import { Random } from './random.js';
import { type FaultRecord, printReport, type RunReport } from './report.js';
import { schedule, type ScheduledFault } from './schedule.js';

export interface RunOptions {
  readonly seed: number;
  /** How many customers are created. */
  readonly deployments: number;
  /** How long load and faults go on. */
  readonly disturbedMs: number;
  /** Only faults whose name begins so. */
  readonly only?: string | undefined;
  readonly perLane?: number | undefined;
  /** How long everything may take to come to rest once nothing disturbs it. */
  readonly quietWithinMs: number;
}

/** Enough that Microsoft is asked all the time, although answers are remembered. */
const tenantCount = 60;
const drainedWithinMs = 10_000;

/** One run: start, load under faults, heal, wait for rest, judge. Leaves a folder with all that was seen. */
export async function runFaults(options: RunOptions): Promise<RunReport> {
  const folder = join(checkoutDir, 'node_modules/.cache/trunkline/faults', `${new Date().toISOString().replaceAll(':', '-')}-seed-${options.seed}`);
  mkdirSync(folder, { recursive: true });
  const keep = (name: string, content: unknown) => { writeFileSync(join(folder, name), JSON.stringify(content, undefined, 1)); };
  const random = new Random(options.seed);
  const planned = schedule({ ...options, withinMs: options.disturbedMs }, catalogue);
  keep('schedule.json', planned.map(({ atMs, fault, seed }) => ({ atMs, fault: fault.name, seed })));

  const simulators = await Simulators.start();
  const peers = new Peers(simulators);
  try {
    await peers.plantForeign();
    const tenants = await Promise.all(Array.from({ length: tenantCount }, () => simulators.addTenant()));
    const before = await peers.state();
    const cluster = await Cluster.start(simulators, folder);
    try {
      const ledgers = new Ledgers(cluster.database.superuserUrl);
      const [noticed, refusing]: [string[], string[]] = [[], []];
      const noticeFailure = (error: unknown) => { noticed.push(error instanceof Error ? error.message : String(error)); };
      const stage: Stage = { cluster, ledgers, peers, simulators, notice: (text) => { noticed.push(text); }, refuses: (id) => { refusing.push(id); } };
      const patience = new AbortController();
      const client = new Client(cluster.http, patience.signal);
      const load = driveLoad(client, planLoad(random.fork(), options.deployments, options.disturbedMs, tenants));

      const faults = await inLanes(planned, stage, options.disturbedMs);
      keep('faults.json', faults);
      const healedAt = performance.now();
      await simulators.calm();
      await cluster.heal();
      const end = setTimeout(() => { patience.abort(); }, options.quietWithinMs);
      const placed = await load;
      clearTimeout(end);
      await rest(ledgers, options.quietWithinMs).catch(noticeFailure);
      const quietAfterMs = Math.round(performance.now() - healedAt);

      const wishes = await askedAgain(new Client(cluster.http, new AbortController().signal), placed);
      await eventually('queues without messages', async () => Object.keys(await queueLengths(cluster.broker)).length === 0, drainedWithinMs).catch(noticeFailure);
      noticed.push(...await cluster.stop(), ...cluster.deaths);
      const facts: Facts = {
        wishes, ...await ledgers.read(), before, after: await peers.state(), calls: await peers.calls(), queues: await queueLengths(cluster.broker),
        refusingFaults: refusing, noticed,
      };
      keep('facts.json', facts);
      const report: RunReport = { seed: options.seed, folder, faults, scheduled: planned.length, quietAfterMs, ...check(facts) };
      keep('report.json', report);
      writeFileSync(join(folder, 'report.txt'), `${printReport(report)}\n`);
      return report;
    } finally {
      keep('errors.json', cluster.writeLogs(folder));
      await cluster.dispose();
    }
  } finally {
    await peers.close();
    await simulators.stop();
  }
}

async function inLanes(planned: readonly ScheduledFault[], stage: Stage, withinMs: number): Promise<readonly FaultRecord[]> {
  const startedAt = performance.now();
  const sinceStart = () => Math.round(performance.now() - startedAt);
  const lanes = await Promise.all((['processes', 'peers'] as const).map(async (lane) => {
    const records: FaultRecord[] = [];
    for (const { atMs, fault, seed } of planned.filter((each) => each.fault.lane === lane)) {
      // What the faults before it took time for is left out.
      if (sinceStart() > withinMs) break;
      await delay(Math.max(0, atMs - sinceStart()));
      const [beganMs, random] = [sinceStart(), new Random(seed)];
      const said = await fault.run(stage, random).catch((error: unknown) => {
        stage.notice(`fault ${fault.name}: ${error instanceof Error ? error.message : String(error)}`);
        return 'went wrong itself';
      });
      records.push({ name: fault.name, atMs: beganMs, tookMs: sinceStart() - beganMs, said });
    }
    return records;
  }));
  return lanes.flat().sort((a, b) => a.atMs - b.atMs);
}

async function rest(ledgers: Ledgers, withinMs: number): Promise<void> {
  let seen: readonly string[] = [];
  await eventually('rest', async () => {
    seen = await ledgers.unfinished();
    return seen.length === 0;
  }, withinMs).catch(() => { throw new Error(`not at rest ${withinMs} ms after the faults: ${seen.slice(0, 10).join('; ')}`); });
}

async function askedAgain(client: Client, placed: readonly Placed[]) {
  const answers = [];
  for (const { order, wish } of placed) answers.push(await client.ask(wish, order));
  return answers;
}
