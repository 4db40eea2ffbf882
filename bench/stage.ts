import { type Fault, type Settings, Simulators } from '@trunkline/testing';

import { contenderNames, startContender } from './contenders/contenders.js';
import type { Contender, Deployed } from './contenders/contender.js';
import { type Counts, countsAtRest, since } from './counts/counts.js';
import { agree, percentile, shown } from './figures.js';
import { closedLoop, type Run } from './load/closed-loop.js';
import { verifyEffects } from './load/effects.js';
import { Orders } from './load/orders.js';
import type { Options } from './options.js';
import { cpuMsOf, rssMbOf, serversCpu } from './processes.js';
import type { Report } from './report.js';

/** One round of one contender. Times in ms, CPU in ms a deployment, memory in MB. */
export interface Round {
  readonly contender: string;
  readonly deployments: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly servicesCpu: number;
  readonly brokerCpu: number;
  readonly databaseCpu: number;
  /** Of the peers and of the callers: what both contenders have to share the machine with. */
  readonly simulatorsCpu: number;
  readonly driverCpu: number;
  readonly rss: number;
  readonly counts: Counts;
}

export interface StageOptions {
  readonly sbcs: number;
  readonly simulators?: Settings;
  /** What the peers do to calls throughout. */
  readonly faults?: readonly Fault[];
}

const tenantsOfRound = 2_048;
const tenantsOfWarmUp = 64;
const firstSbcId = 4;
const warmUpAgreement = 0.1;
const mostWindows = 20;

/** Simulated peers in a process of their own, and rounds of load on contenders that use them. */
export class Stage {
  private readonly deployed = new WeakMap<Contender, number>();

  private constructor(
    readonly options: Options, readonly report: Report, readonly simulators: Simulators, readonly sbcIds: readonly number[], readonly orders: Orders,
    private readonly faults: readonly Fault[],
  ) {}

  static async open(options: Options, report: Report, { faults = [], sbcs, simulators: settings = {} }: StageOptions): Promise<Stage> {
    // The SBC before them is a small one, and one of the shipped inventory: it is there and gets no work.
    const sbcIds = Array.from({ length: sbcs }, (_unused, index) => index + firstSbcId);
    const simulators = await Simulators.start({
      SIM_SBC_IDS: [...new Set([3, 4, 5, ...sbcIds])].join(','), SIM_SCRIPT_TIME_MS: '0', SIM_SBC_SIZES: JSON.stringify({ 'ip-group': 20_000, 'sbc routing ip2ip-routing': 20_000 }), ...settings,
    });
    const stage = new Stage(options, report, simulators, sbcIds, new Orders(simulators, sbcIds), faults);
    await stage.clear();
    return stage;
  }

  /** Stage and contenders for one scenario; both are gone afterwards, however it ends. */
  static async with(
    options: Options, report: Report, stageOptions: StageOptions,
    scenario: (stage: Stage, contenders: readonly Contender[]) => Promise<void>,
  ): Promise<void> {
    const stage = await Stage.open(options, report, stageOptions);
    const contenders: Contender[] = [];
    try {
      for (const name of contenderNames) {
        if (options.only.length === 0 || options.only.includes(name)) contenders.push(await startContender(name, stage.simulators.addresses));
      }
      await scenario(stage, contenders);
    } finally {
      for (const contender of contenders) await contender.stop();
      await stage.close();
    }
  }

  /** Peers as they were at the start. */
  async clear(): Promise<void> {
    await this.simulators.reset();
    await this.orders.prepare(tenantsOfWarmUp);
    for (const fault of this.faults) await this.simulators.fault(fault);
  }

  /** Windows of load until the rates of two agree, and the contender has had some practice. */
  async warmUp(contender: Contender, concurrency: number): Promise<void> {
    let before = NaN;
    let isSteady = false;
    for (let window = 0; window < mostWindows; window += 1) {
      const { perSecond, results } = await this.load(contender, concurrency, this.options.seconds / 2);
      const practice = (this.deployed.get(contender) ?? 0) + results.length;
      this.deployed.set(contender, practice);
      this.report.progress(`${contender.name}, C=${concurrency}, warm-up: ${shown(perSecond)}/s`);
      isSteady = agree(before, perSecond, warmUpAgreement);
      if (practice >= this.options.leastWarmUps && isSteady) return;
      before = perSecond;
    }
    if (!isSteady) this.report.text(`${contender.name}: the last two windows of the warm-up at C=${concurrency} do not agree`);
  }

  /** A round of closed-loop load; the effects of every deployment are verified. */
  round(contender: Contender, concurrency: number): Promise<Round> {
    return this.measured(contender, () => closedLoop({ concurrency, seconds: this.options.seconds }, () => this.create(contender)));
  }

  /** Any load, measured: processor time until nothing is left to do. `look` sees the peers before they are cleared. */
  async measured(contender: Contender, load: () => Promise<Run<Deployed>>, look: () => Promise<void> = async () => undefined): Promise<Round> {
    await this.orders.prepare(tenantsOfRound);
    const cpu = () => {
      const { broker, database } = serversCpu(this.options.serversPid);
      return [cpuMsOf(contender.pids()), broker, database, cpuMsOf([this.simulators.process.pid ?? 0]), cpuMsOf([process.pid])];
    };
    const before = { cpu: cpu(), counts: await contender.counts() };
    const { latenciesMs, perSecond, results } = await load();
    const counts = since(before.counts, await countsAtRest(contender));
    const rss = rssMbOf(contender.pids());
    const spent = cpu().map((ms, index) => (ms - (before.cpu[index] ?? 0)) / results.length);
    await verifyEffects(this.simulators, results);
    await look();
    await this.clear();
    this.report.progress(`${contender.name}: ${results.length} deployments, ${shown(perSecond)}/s`);
    const [servicesCpu = 0, brokerCpu = 0, databaseCpu = 0, simulatorsCpu = 0, driverCpu = 0] = spent;
    const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map((share) => percentile(latenciesMs, share));
    return {
      contender: contender.name, deployments: results.length, perSecond, p50, p95, p99,
      servicesCpu, brokerCpu, databaseCpu, simulatorsCpu, driverCpu, rss, counts,
    };
  }

  /** @throws with what the contender has written last when the customer is not deployed */
  async create(contender: Contender): Promise<Deployed> {
    try {
      return await contender.create(this.orders.next());
    } catch (error) {
      throw new Error(`${contender.name}: ${error instanceof Error ? error.message : String(error)}\n${contender.lastLines()}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.simulators.stop();
  }

  private async load(contender: Contender, concurrency: number, seconds: number): Promise<Run<Deployed>> {
    const run = await closedLoop({ concurrency, seconds }, () => this.create(contender));
    await this.clear();
    return run;
  }
}
