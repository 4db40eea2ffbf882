import { setTimeout as delay } from 'node:timers/promises';

import { ApplicationUnderTest, type PeerCall, ServiceProcess, Simulators } from '@trunkline/testing';
import { Client } from 'pg';

import { agentsToRun, type Reading } from './autoscaler.js';

export interface ScalingOptions {
  readonly devicesPerAgent: number;
  readonly mostAgents: number;
  readonly scriptMs: number;
  /** How many devices are given work from a time in s on; changes evenly between two points. The last is the end of the load. At most 32. */
  readonly load: readonly (readonly [atS: number, devices: number])[];
  readonly stabilizationMs: number;
  /** So long one agent is waited for once there is no work. */
  readonly quietMs: number;
}

export interface Sample {
  readonly atS: number;
  readonly busyDevices: number;
  readonly agents: number;
  readonly agentsWanted: number;
  readonly oldestWaitSeconds: number;
}

export interface ScalingRun {
  readonly samples: readonly Sample[];
  readonly deployed: number;
  /** What callers were answered instead. */
  readonly otherAnswers: readonly string[];
  readonly left: number;
  /** Agents that did not end by themselves when they were asked to. */
  readonly badEnds: readonly string[];
  /** Scripts whose caller was gone before they had ended. */
  readonly cut: number;
  /** How often, looking every second, a device with an open job was held by an agent that was gone. */
  readonly waitingForDead: number;
  /** Time in scripts through the time in which a device had an open job, over all devices. */
  readonly busyShare: number;
  /** From the end of the work on. Infinite when it took longer than it may. */
  readonly backToOneMs: number;
}

const everyMs = 1_000;
const shownCharacters = 500;
/** An autoscaler asks less often than the curve is drawn. */
const decideEvery = 5;
/** So many for a device that it is not without work between two of them. */
const callersADevice = 2;
/** Of an SBC's tables: none is to be full. */
const rows = 5_000;

/** Load that grows and falls, while an autoscaler that knows nothing but the view starts agents and asks them to end. */
export async function followTheNumber({ devicesPerAgent, load: points, mostAgents, quietMs, scriptMs, stabilizationMs }: ScalingOptions): Promise<ScalingRun> {
  const sbcIds = Array.from({ length: Math.max(...points.map(([, devices]) => devices)) }, (_unused, index) => index + 3);
  const simulators = await Simulators.start({
    SIM_SBC_IDS: sbcIds.join(','), SIM_SCRIPT_TIME_MS: String(scriptMs), SIM_SBC_SIZES: JSON.stringify({ 'ip-group': rows, 'sbc routing ip2ip-routing': rows }),
  });
  const application = await ApplicationUnderTest.start({
    mode: 'one process per service on RabbitMQ', simulators,
    settings: {
      LOG_LEVEL: 'info', DRAIN_MS: String(4 * scriptMs), SBC_RESPONSE_TIMEOUT_MS: String(4 * scriptMs), STEP_DEADLINE_MS: '3600000', REDRIVE_AFTER_MS: '60000',
      // In the proportion of the defaults: a device has a place before the next agent is there.
      SCALING_DEVICES_PER_AGENT: String(devicesPerAgent), AGENT_DEVICES: String(4 * devicesPerAgent),
    },
  });
  const scaler = new Client({ connectionString: application.database.trunkline_scaler });
  try {
    await scaler.connect();
    const agents = await Agents.of(application);
    const load = new Load(application, sbcIds);
    const samples: Sample[] = [];
    const readings: Reading[] = [];
    const startedAt = performance.now();
    const [endS = 0] = points.at(-1) ?? [];
    let waitingForDead = 0;
    let quietAtMs = Infinity;
    let atMs = 0;
    const isOver = (): boolean => atMs - quietAtMs > quietMs || (quietAtMs < Infinity && agents.count === 1);
    for (let tick = 0; !isOver(); tick += 1) {
      await delay(startedAt + tick * everyMs - performance.now());
      atMs = performance.now() - startedAt;
      load.keepBusy(Math.round(devicesAt(points, atMs / 1_000)));
      const sample = await read(scaler);
      const agentsWanted = Math.ceil(sample.busyDevices / devicesPerAgent);
      if (tick % decideEvery === 0) {
        readings.push({ atMs, wanted: agentsWanted });
        agents.scaleTo(agentsToRun(readings, { most: mostAgents, stabilizationMs }));
      }
      samples.push({ atS: atMs / 1_000, ...sample, agentsWanted: Math.max(1, agentsWanted), agents: agents.count });
      waitingForDead += await agents.devicesOfTheGone();
      if (atMs >= endS * 1_000 && sample.busyDevices === 0) quietAtMs = Math.min(quietAtMs, atMs);
    }
    const backToOneMs = agents.count === 1 ? atMs - quietAtMs : Infinity;
    return { samples, ...await load.over(), ...await agents.over(), ...await scriptsOf(simulators, application, sbcIds), waitingForDead, backToOneMs };
  } finally {
    await scaler.end();
    await application.stop();
    await simulators.stop();
  }
}

/** Evenly between the points. */
function devicesAt(points: ScalingOptions['load'], atS: number): number {
  const next = points.findIndex(([pointS]) => pointS > atS);
  if (next === -1) return 0;
  const [fromS, from] = points[next - 1] ?? [0, 0];
  const [toS, to] = points[next] ?? [0, 0];
  return from + (to - from) * (atS - fromS) / (toS - fromS);
}

async function read(scaler: Client): Promise<Pick<Sample, 'busyDevices' | 'oldestWaitSeconds'>> {
  const { rows } = await scaler.query<{ busy_devices: number; oldest_wait_seconds: number }>('SELECT * FROM sbc_agent.scaling');
  return { busyDevices: rows[0]?.busy_devices ?? 0, oldestWaitSeconds: rows[0]?.oldest_wait_seconds ?? 0 };
}

/** Callers that have customers deployed, one after the other, on so many of the devices. */
class Load {
  private deployed = 0;
  private readonly otherAnswers: string[] = [];
  private readonly callers = new Map<string, Promise<void>>();
  private busy = 0;
  private count = 0;

  constructor(private readonly application: ApplicationUnderTest, private readonly sbcIds: readonly number[]) {}

  keepBusy(devices: number): void {
    this.busy = devices;
    for (const [index, sbcId] of this.sbcIds.slice(0, devices).entries()) {
      for (let place = 0; place < callersADevice; place += 1) {
        const name = `${sbcId}/${place}`;
        if (!this.callers.has(name)) this.callers.set(name, this.call(index, sbcId).finally(() => { this.callers.delete(name); }));
      }
    }
  }

  async over(): Promise<Pick<ScalingRun, 'deployed' | 'otherAnswers'>> {
    this.busy = 0;
    await Promise.all(this.callers.values());
    return { deployed: this.deployed, otherAnswers: this.otherAnswers };
  }

  private async call(index: number, sbcId: number): Promise<void> {
    while (index < this.busy) {
      const answer = await this.application.http.post('/api/v2/customer', {
        shortName: `Scale${this.count++}`, fullName: 'Scaling Ltd', siteLocation: { sbcId, sbcOnboardingScript: 7, sbcCleanupScript: 700 }, ovocCustomerType: 'IPGROUP_TYPE',
        msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de',
      }).catch((error: unknown) => ({ status: 0, text: String(error), json: undefined }));
      if ((answer.json as { deploymentState?: string } | undefined)?.deploymentState === 'Deployed') this.deployed += 1;
      else this.otherAnswers.push(`${answer.status} ${answer.text.slice(0, shownCharacters)}`);
    }
  }
}

interface Agent {
  readonly process: ServiceProcess;
  /** As it names itself in its leases. */
  readonly holder: string;
}

/** The agents that an autoscaler has running. */
class Agents {
  private readonly gone: Agent[] = [];
  private readonly badEnds: string[] = [];
  private readonly pending = new Set<Promise<void>>();
  private starting = 0;
  private left = 0;

  private constructor(private readonly application: ApplicationUnderTest, private readonly running: Agent[]) {}

  static async of(application: ApplicationUnderTest): Promise<Agents> {
    return new Agents(application, [await agentOf(application.processOf('sbc-agent'))]);
  }

  /** Those that have started and have not been asked to end. */
  get count(): number {
    return this.running.length;
  }

  /** Begins what is wanted for it; the newest go first. */
  scaleTo(count: number): void {
    for (; this.running.length + this.starting < count; this.starting += 1) this.follow(this.start());
    for (const agent of this.running.splice(Math.max(count - this.starting, 1))) this.follow(this.end(agent));
  }

  async devicesOfTheGone(): Promise<number> {
    if (this.gone.length === 0) return 0;
    const rows = await this.application.rows(`
      SELECT 1 FROM sbc_agent.device_lease l WHERE holder = ANY($1) AND expires_at > now()
        AND EXISTS (SELECT FROM sbc_agent.job WHERE lane = l.sbc_id::text AND state IN ('waiting', 'running'))`, [this.gone.map(({ holder }) => holder)]);
    return rows.length;
  }

  async over(): Promise<Pick<ScalingRun, 'left' | 'badEnds'>> {
    await Promise.all(this.pending);
    return { left: this.left, badEnds: this.badEnds };
  }

  private async start(): Promise<void> {
    try {
      this.running.push(await agentOf((await this.application.startAnother('sbc-agent')).process));
    } finally {
      this.starting -= 1;
    }
  }

  private async end(agent: Agent): Promise<void> {
    this.left += 1;
    const { code, signal } = await agent.process.stop();
    this.gone.push(agent);
    if (code !== 0) this.badEnds.push(`${agent.process.name}: ${code ?? signal}`);
  }

  private follow(work: Promise<void>): void {
    const followed = work.catch((error: unknown) => { this.badEnds.push(String(error)); }).finally(() => { this.pending.delete(followed); });
    this.pending.add(followed);
  }
}

async function agentOf(process: ServiceProcess): Promise<Agent> {
  return { process, holder: await process.logged('its name', ({ instance }) => (typeof instance === 'string' ? instance : undefined)) };
}

interface OpenJob extends Record<string, unknown> {
  readonly sbc_id: number;
  /** In ms since 1970. */
  readonly opened: number;
  readonly finished: number;
}

/** By what the devices have seen, and what the agents had to do. */
async function scriptsOf(simulators: Simulators, application: ApplicationUnderTest, sbcIds: readonly number[]): Promise<Pick<ScalingRun, 'cut' | 'busyShare'>> {
  const scripts = await simulators.calls({ peer: 'sbc', method: 'PUT', path: '/incremental' });
  const jobs = await application.rows<OpenJob>(`
    SELECT lane::int AS sbc_id, (1000 * extract(epoch FROM created_at))::float8 AS opened, (1000 * extract(epoch FROM coalesce(finished_at, now())))::float8 AS finished
    FROM sbc_agent.job ORDER BY created_at`);
  const inScriptsMs = scripts.reduce((sum, { answeredAt, arrivedAt }: PeerCall) => sum + (answeredAt ?? arrivedAt) - arrivedAt, 0);
  const withWorkMs = sbcIds.reduce((sum, sbcId) => sum + covered(jobs.filter(({ sbc_id: id }) => id === sbcId)), 0);
  return { cut: scripts.filter(({ goneAt }) => goneAt !== undefined).length, busyShare: inScriptsMs / withWorkMs };
}

/** Time in ms in which one of them, of which each begins no sooner than the one before, was open. */
function covered(jobs: readonly OpenJob[]): number {
  let [sum, until] = [0, -Infinity];
  for (const { finished, opened } of jobs) {
    sum += Math.max(0, finished - Math.max(opened, until));
    until = Math.max(until, finished);
  }
  return sum;
}
