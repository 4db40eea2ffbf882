import { monitorEventLoopDelay } from 'node:perf_hooks';

import { customerGuidOf } from '@trunkline/contracts';
import { eventually, ServerControl, Simulators } from '@trunkline/testing';

import { examplePairs } from '../../devices/example-pairs.js';
import { countActions } from '../checker/actions.js';
import { check } from '../checker/check.js';
import { countReturns, isExcused } from '../checker/dead-letters.js';
import type { Facts } from '../checker/facts.js';
import { countGateways } from '../checker/gateways.js';
import { measure } from '../checker/times.js';
import { countExcusedWriters } from '../checker/writers.js';
import { catalogue, possible } from '../faults/catalogue.js';
import type { Need, FaultContext } from '../faults/fault-case.js';
import { brokerDeadLetters, ServiceTables, queueLengths } from './service-tables.js';
import { BrokerTamperer } from './broker-tamperer.js';
import { Client, deploymentIdOf } from './client.js';
import { Cluster } from './cluster.js';
import { RunRecord } from './run-record.js';
import { runInLanes } from './fault-lanes.js';
import { DeadLetterOperator } from './dead-letter-operator.js';
import { askedAgain, driveLoad, nextOf, planLoad } from './load.js';
import { Operator } from './operator.js';
import { Peers } from './peers.js';
import { Progress } from './progress.js';
import { Random } from './random.js';
import { printReport, type RunReport } from './report.js';
import { onInterrupt, RunFolder } from './run-folder.js';
import type { RunOptions } from './run-options.js';
import { schedule, type ScheduledFault } from './schedule.js';
import { within } from './within.js';

/** Enough that Microsoft is asked all the time, although answers are remembered. */
const tenantCount = 60;
const drainedWithinMs = 15_000;
const healedWithinMs = 180_000;
const askedWithinMs = 600_000;
const stoppedWithinMs = 60_000;
const firstSbc = 3;
/** Room for a row of each customer where a device has little. */
const sizes = Object.fromEntries([
  'sbc routing alt-route-reasons-set', 'sbc routing ip-group-set', 'sbc routing condition-table', 'coders-and-profiles audio-coders-groups',
  'coders-and-profiles allowed-audio-coders-groups', 'coders-and-profiles ip-profile', 'realm', 'sip-interface', 'proxy-set', 'ip-group', 'message message-manipulations',
  'message call-setup-rules',
].map((table) => [table, 5_000]));
/** What a message that always fails is tried until it is given up. */
const givenUpWithinMs = 120_000;

/** One run: start, load under faults, heal, wait for rest, judge. Leaves a folder with what was seen, also when it is interrupted or its time is over. */
export async function runFaults(options: RunOptions, say: (line: string) => void): Promise<RunReport> {
  const folder = new RunFolder(options.seed);
  const servers = await ServerControl.open();
  const clockLibrary = process.env['TRUNKLINE_TEST_CLOCK_LIBRARY'] || undefined;
  const has = new Set<Need>([...(['broker', 'database'] as const).filter((server) => servers?.has(server)), ...(clockLibrary === undefined ? [] : ['clock' as const])]);
  const { faults, leftOut } = possible(catalogue, has);
  const planned = schedule({ seed: options.seed, withinMs: options.disturbedMs, only: options.only, isShort: options.isShort }, faults);
  folder.keep('schedule.json', { options, leftOut, faults: planned.map(({ atMs, fault, isFirst, seed }) => ({ atMs, fault: fault.name, isFirst, seed })) });

  const run = new Run(options, folder, planned, leftOut, servers, clockLibrary, say);
  const forget = onInterrupt((reason) => { run.keepUnfinished(reason); });
  try {
    return await within('the whole run', options.limitMs, run.go());
  } catch (error) {
    run.keepUnfinished(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    forget();
    await run.close();
  }
}

class Run {
  private readonly record = new RunRecord();
  private readonly progress: Progress;
  private readonly random: Random;
  private cluster: Cluster | undefined;
  private simulators: Simulators | undefined;
  private peers: Peers | undefined;

  constructor(
    private readonly options: RunOptions,
    private readonly folder: RunFolder,
    private readonly planned: readonly ScheduledFault[],
    private readonly leftOut: readonly string[],
    private readonly servers: ServerControl | undefined,
    private readonly clockLibrary: string | undefined,
    say: (line: string) => void,
  ) {
    this.progress = new Progress(say);
    this.random = new Random(options.seed);
  }

  async go(): Promise<RunReport> {
    const { record, folder, options, planned, progress } = this;
    progress.enter(`starting, everything goes to ${folder.path}`);
    const sbcIds = Array.from({ length: options.sbcCount }, (_unused, index) => firstSbc + index);
    const simulators = this.simulators = await Simulators.start({ SIM_SBC_IDS: sbcIds.join(','), SIM_SBC_SIZES: JSON.stringify(sizes) });
    const peers = this.peers = new Peers(simulators);
    await peers.plantForeign();
    const tenants = await Promise.all(Array.from({ length: tenantCount }, () => simulators.addTenant()));
    const before = await peers.state();
    const cluster = this.cluster = await Cluster.start(simulators, folder.path);
    const tables = new ServiceTables(cluster.database.superuserUrl);
    progress.begin(() => tables.progress(), planned.length);

    const patience = new AbortController();
    const plan = planLoad(this.random.fork(), { count: options.deployments, withinMs: options.disturbedMs, sbcIds, tenants, examples: examplePairs });
    const scripts = new Map(plan.map(({ order: { body, key } }) => [customerGuidOf(deploymentIdOf(key)), body.siteLocation.sbcOnboardingScript]));
    const operator = new Operator(new Client(cluster.gateways, new AbortController().signal), tables, peers, record, options.seed, scripts);
    const letters = new DeadLetterOperator(new Client(cluster.gateways, new AbortController().signal), record, this.random.fork());
    const startedAt = performance.now();
    const loopDelay = monitorEventLoopDelay({ resolution: 20 });
    loopDelay.enable();
    const stage: FaultContext = {
      cluster, tables, peers, simulators, record, operator, servers: this.servers, clockLibrary: this.clockLibrary,
      brokerTamperer: new BrokerTamperer(cluster.broker.url, cluster.broker.prefix),
      nextOrder: (isMeant) => nextOf(plan, performance.now() - startedAt, isMeant),
    };
    const load = driveLoad(new Client(cluster.gateways, patience.signal), plan, (asked) => { record.actions.push(asked); });
    load.catch(() => undefined);
    letters.begin();
    progress.enter('load and faults');
    await runInLanes(planned, stage, options, progress);
    folder.keep('faults.json', progress.faults);
    loopDelay.disable();

    progress.enter('healing');
    const healedAt = performance.now();
    await simulators.calm();
    await within('all services to run', healedWithinMs, cluster.heal());
    progress.enter('waiting for callers and for rest');
    const end = setTimeout(() => { patience.abort(); }, options.quietWithinMs);
    const placed = await within('the callers', options.quietWithinMs + 2 * healedWithinMs, load).finally(() => { clearTimeout(end); });
    await within('the last returns of dead letters', healedWithinMs, letters.leave());
    await within('the operator to do what he has begun', healedWithinMs, operator.leave());
    await this.rest(tables, operator);
    const quietAfterMs = Math.round(performance.now() - healedAt);

    progress.enter('asking again');
    const requests = await within('what callers are told now', askedWithinMs, askedAgain(new Client(cluster.gateways, new AbortController().signal), placed));
    await this.noticing(eventually('queues without messages', async () => Object.keys(await queueLengths(cluster.broker)).length === 0, drainedWithinMs));
    await this.noticing(this.lettersWritten(tables));
    progress.enter('stopping and judging');
    const signals = cluster.signals();
    // Who sends again what nobody answers to goes first, then those who read it.
    record.noticed.push(...await within('the provisioners to end', stoppedWithinMs, cluster.stop('provisioner')));
    await this.noticing(eventually('queues without messages', async () => Object.keys(await queueLengths(cluster.broker)).length === 0, drainedWithinMs));
    record.noticed.push(...await within('all services to end', stoppedWithinMs, cluster.stop()), ...cluster.deaths);
    const deadLetters = [...await tables.deadLetters(), ...await brokerDeadLetters(cluster.broker)];
    const { actions, agentDeaths, byHand, condemned, faultTimes, foreign, injected, noticed, pauses, recoveries, refusingFaults, returned, shutdowns } = record;
    const facts: Facts = {
      requests, ...await tables.read(), before, after: await peers.state(), calls: await peers.calls(), queues: await queueLengths(cluster.broker), deadLetters,
      hindered: plan.filter(({ hindrance }) => hindrance).map(({ order }) => order.key),
      actions, agentDeaths, byHand, condemned, faultTimes, foreign, injected, noticed, pauses, recoveries, refusingFaults, returned, shutdowns,
    };
    folder.keep('facts.json', facts);
    const report: RunReport = {
      seed: options.seed, folder: folder.path, faults: progress.faults, scheduled: planned.length, leftOut: this.leftOut, quietAfterMs, times: measure(facts),
      actions: countActions(actions), returns: countReturns(returned),
      told: [countGateways(facts), `signals: ${signals.join(', ')}`, countExcusedWriters(facts), addedBy(loopDelay)], ...check(facts),
    };
    folder.keep('report.json', report);
    folder.keepText('report.txt', printReport(report));
    return report;
  }

  /** What is known so far, with the reason why there will be no more. Synchronous. */
  keepUnfinished(reason: string): void {
    const { record, folder, progress } = this;
    folder.keep('faults.json', progress.faults);
    folder.keep('unfinished.json', { reason, phase: progress.phase, current: [...progress.current], record, deaths: this.cluster?.deaths ?? [] });
    if (this.cluster) folder.keep('errors.json', this.cluster.writeLogs(folder.path));
  }

  async close(): Promise<void> {
    this.progress.end();
    if (this.cluster) this.folder.keep('errors.json', this.cluster.writeLogs(this.folder.path));
    await within('everything to be cleared away', stoppedWithinMs, (async () => {
      await this.cluster?.dispose();
      await this.peers?.close();
      await this.simulators?.stop();
    })());
  }

  private async noticing(work: Promise<unknown>): Promise<void> {
    await work.catch((error: unknown) => { this.record.notice(error instanceof Error ? error.message : String(error)); });
  }

  /** Nothing is on its way any more; what is held until the end is undone. */
  private async rest(tables: ServiceTables, operator: Operator): Promise<void> {
    const { quietWithinMs } = this.options;
    let seen: readonly string[] = [];
    await this.noticing(eventually('rest', async () => {
      seen = [...await operator.clearAway(), ...await tables.unfinished()];
      return seen.length === 0;
    }, quietWithinMs).catch(() => { throw new Error(`not at rest ${quietWithinMs} ms after the faults: ${seen.length}: ${seen.slice(0, 10).join('; ')}`); }));
  }

  /** A message that keeps failing becomes a dead letter only in the end. */
  private async lettersWritten(tables: ServiceTables): Promise<void> {
    const { cluster, record } = this;
    const expected = record.injected.filter(({ mayBeMissing }) => mayBeMissing !== true).map(({ messageId }) => messageId);
    if (!cluster || expected.length === 0) return;
    await eventually('all injected messages to be dead letters', async () => {
      const letters = [...await tables.deadLetters(), ...await brokerDeadLetters(cluster.broker)];
      const found = new Set(letters.map(({ messageId }) => messageId));
      // One that was returned is refused again, unless a broker has lost it on the way.
      return expected.every((id) => found.has(id)) && letters.every((letter) => letter.state !== 'returned' || isExcused(letter, record));
    }, Math.min(givenUpWithinMs, this.options.quietWithinMs));
  }
}

/** All that the services say passes through this process: when it can't keep up, calls come later than any peer is allowed to be. */
function addedBy(loopDelay: { percentile(percent: number): number; readonly max: number }): string {
  const ms = (nanoseconds: number): string => `${Math.round(nanoseconds / 1e6)} ms`;
  return `added to what passes the links by the runner's own event loop: p50 ${ms(loopDelay.percentile(50))}, p99 ${ms(loopDelay.percentile(99))}, most ${ms(loopDelay.max)}`;
}
