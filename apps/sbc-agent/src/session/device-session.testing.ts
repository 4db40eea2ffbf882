import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CustomerCreated, DeploymentAbandoned, messageOf, SbcCleanupRequested, type Ticket } from '@trunkline/contracts';
import { InProcessBroker, InProcessTransport, Outbox, topology } from '@trunkline/messaging';
import { Database } from '@trunkline/persistence';
import { type Clock, createLogger, SystemClock } from '@trunkline/runtime';
import { ownerMark } from '@trunkline/scripts';
import { Secrets } from '@trunkline/secrets';
import { JobStore } from '@trunkline/steps';
import { checkoutDir, eventually, type FreshDatabase, freshDatabase, withClient } from '@trunkline/testing';

import { startSimulators } from '../../../simulators/src/simulators.js';
import { DeviceCommits } from '../commits/device-commits.js';
import { SbcDevicesRest } from '../device/sbc-devices.rest.js';
import { Lease } from '../lease/lease.js';
import { LeaseStore } from '../lease/lease-store.js';
import { Liveness } from '../lease/liveness.js';
import { sbcAgentMigrations } from '../persistence/sbc-agent-migrations.js';
import { SiteHandlers } from '../site/site.handlers.js';
import type { CleanupNote } from '../site/site-work.js';
import { UndoNotes } from '../site/undo-notes.js';
import { SweepDebts } from '../sweep/sweep-debts.js';
import { DeviceControls } from './device-controls.testing.js';
import { DeviceDispatcher } from './device-dispatcher.js';
import type { SessionParts } from './session-parts.js';

export interface JobRow {
  readonly kind: string;
  readonly state: string;
  readonly attempts: number;
  readonly outcome: string | null;
  readonly outcome_type: string | null;
  readonly note: string | null;
}

/** `written_for_ms`: how long from now on a script may still take effect, as the other agents are told. */
export interface LeaseRow { readonly holder: string | null; readonly epoch: string; readonly save_owed: boolean; readonly written_for_ms: number | null }

/** What the agents know together of a device. */
export interface HealthRow { readonly fault_count: number; readonly last_fault: string | null; readonly is_open: boolean; readonly sweep_owed: boolean }

export interface AgentTimes { readonly responseTimeoutMs: number; readonly deadlineMs: number; readonly maxAttempts: number }

/** Scripts other than the shipped ones; `isEarlier`: pinned by a version that made no owner mark. */
export interface Pair { readonly onboarding?: readonly string[]; readonly cleanup?: readonly string[]; readonly isEarlier?: boolean }

export interface Customer { readonly deploymentId: string; readonly ticket: Ticket }

/** The time, until it leaps: as for a process that was stopped and goes on. */
export class LeapingClock extends SystemClock {
  leapMs = 0;
  override monotonicMs(): number { return super.monotonicMs() + this.leapMs; }
}

const sbcs = 40;
const logger = createLogger({ service: 'test', level: 'silent' });
const schema = 'sbc_agent';
const leaseMs = 60_000;
const blockedByMe = 'SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))';
export const responseTimeoutMs = 20_000;
const { scriptTemplates } = JSON.parse(readFileSync(join(checkoutDir, 'inventory.json'), 'utf8')) as { scriptTemplates: { id: number; script: string[] }[] };
const pinned = (id: number) => ({ id, version: 1, text: scriptTemplates.find((template) => template.id === id)?.script.join('\n') ?? '' });

/** An agent's parts on a database of its own, and real devices that can be watched and held up. A test takes a device for itself. */
export class SessionBench extends DeviceControls {
  private readonly dispatchers: DeviceDispatcher[] = [];
  private readonly others: Liveness[] = [];
  private lastSbc = 100;

  private constructor(
    private readonly fresh: FreshDatabase, readonly database: Database, private readonly transport: InProcessTransport,
    private readonly simulators: Awaited<ReturnType<typeof startSimulators>>,
    readonly jobs: JobStore, readonly notes: UndoNotes, private readonly secrets: Secrets,
  ) {
    super(simulators.control);
  }

  static async start(): Promise<SessionBench> {
    const fresh = await freshDatabase();
    const database = await Database.open({
      url: fresh.sbc_agent, schema, applicationName: 'test', poolSize: 8, entities: [],
      migrations: sbcAgentMigrations,
    });
    const transport = new InProcessTransport(new InProcessBroker(topology));
    await transport.start();
    const simulators = await startSimulators({ sbcIds: Array.from({ length: sbcs }, (_, at) => 101 + at), extraTables: ['message pre-parsing-manip-sets'] });
    const secrets = new Secrets(Buffer.alloc(32, 7).toString('base64'));
    const notes = new UndoNotes(database, secrets);
    const outbox = new Outbox(database, transport, logger);
    const jobs = new JobStore(database, outbox, notes.withJobs);
    return new SessionBench(fresh, database, transport, simulators, jobs, notes, secrets);
  }

  /** What one test started: nothing is held or disturbed any more, and no agent runs. */
  async reset(): Promise<void> {
    await this.heal();
    await this.release();
    await this.stopAgents();
    await Promise.all(this.others.splice(0).map((other) => other.close()));
  }

  async stop(): Promise<void> {
    await this.simulators.close();
    await this.transport.close();
    await this.database.close();
    await this.fresh.drop();
  }

  newSbc(): number {
    this.lastSbc += 1;
    if (this.lastSbc > 100 + sbcs) throw new Error(`the bench has ${sbcs} SBCs`);
    return this.lastSbc;
  }

  newCustomer(sbcId: number, shortName: string): Customer {
    return {
      deploymentId: randomUUID(),
      ticket: {
        provider: 'test', customerGuid: randomUUID(), siteGuid: randomUUID(), shortName, fullName: `${shortName} Ltd`, msTenantId: randomUUID(),
        ovocCustomerType: 'IPGROUP_TYPE',
        sbc: { id: sbcId, ovocSbcId: sbcId + 400, fqdn: `sbc${sbcId}.example.net` },
      },
    };
  }

  /** Takes in the request to onboard a customer. */
  async requestOnboarding({ deploymentId, ticket }: Customer, startBy = new Date(Date.now() + 3_600_000), pair: Pair = {}): Promise<void> {
    await new SiteHandlers(this.jobs).begin(messageOf(CustomerCreated, {
      ...this.envelope(deploymentId), step: CustomerCreated.step,
      data: {
        ticket, progress: [], startBy: startBy.toISOString(),
        script: {
          onboarding: pair.onboarding === undefined ? pinned(7) : { id: 1, version: 1, text: pair.onboarding.join('\n') },
          cleanup: pair.cleanup === undefined ? pinned(700) : { id: 2, version: 1, text: pair.cleanup.join('\n') },
          values: {
            IpGroupName: ticket.shortName, CustomerGuid: ticket.customerGuid, MsTenantId: ticket.msTenantId,
            ...pair.isEarlier !== true && { OwnerMark: ownerMark(ticket.customerGuid) },
          },
        },
      },
    }), undefined);
  }

  /** Takes in the request to clean a customer up, which closes it for forward work. */
  async requestCleanup({ deploymentId, ticket }: Customer, round = 2): Promise<void> {
    await new SiteHandlers(this.jobs).undo(messageOf(SbcCleanupRequested, {
      ...this.envelope(deploymentId), round, step: SbcCleanupRequested.step, data: { ticket, progress: [], closesRound: 1, cause: 'Cancelled' },
    }), undefined);
  }

  /** Takes in that an operator has abandoned a customer's deployment. */
  async abandon({ deploymentId, ticket }: Customer): Promise<void> {
    const { customerGuid, provider, shortName, siteGuid } = ticket;
    await new SiteHandlers(this.jobs).abandon(messageOf(DeploymentAbandoned, {
      ...this.envelope(deploymentId), round: 2, step: DeploymentAbandoned.step,
      data: { ticket: { provider, customerGuid, siteGuid, shortName }, progress: [], reason: 'done by hand', caller: 'operator', closesRound: 2 },
    }));
  }

  /** Starts an agent; sites that are wanted by then are claimed together. */
  startAgent(clock: Clock = new SystemClock(), times: Partial<AgentTimes> = {}): DeviceDispatcher {
    return this.run(this.partsOf(`agent-${randomUUID()}`, clock, times), 4);
  }

  /** Starts an agent that hears of no work but its own, as one of several processes does. */
  startAgentApart(concurrency: number): DeviceDispatcher {
    const jobs = new JobStore(this.database, new Outbox(this.database, this.transport, logger), this.notes.withJobs);
    return this.run(this.partsOf(`agent-${randomUUID()}`, new SystemClock(), {}, jobs), concurrency);
  }

  private run(parts: SessionParts, concurrency: number): DeviceDispatcher {
    const dispatcher = new DeviceDispatcher(parts, this.devices(parts.settings.responseTimeoutMs), { concurrency, leaseMs });
    this.dispatchers.push(dispatcher);
    dispatcher.start();
    return dispatcher;
  }

  /** An agent's commits; it lives until the bench is reset. */
  async commits(holder = `agent-${randomUUID()}`): Promise<DeviceCommits> {
    const { commits, liveness } = this.partsOf(holder);
    this.others.push(liveness);
    await liveness.ensureAlive();
    return commits;
  }

  /** An agent dies when it has taken a device's lease and claimed its jobs. */
  async dieWithLease(sbcId: number): Promise<void> {
    const { commits, liveness } = this.partsOf('doomed');
    await liveness.ensureAlive();
    if (!(await commits.take(sbcId))) throw new Error('the lease could not be taken');
    await liveness.close();
  }

  private partsOf(holder: string, clock: Clock = new SystemClock(), times: Partial<AgentTimes> = {}, jobs = this.jobs): SessionParts {
    const { database, notes, secrets } = this;
    const liveness = new Liveness(clock, { holder, databaseUrl: this.fresh.sbc_agent }, logger);
    const leases = new LeaseStore(database, liveness, clock, { holder, leaseMs });
    const batchSize = 16;
    return {
      jobs, commits: new DeviceCommits({ database, leases, jobs, notes, logger, batchSize }), leases, liveness, debts: new SweepDebts(database),
      notes, database, secrets, clock, logger, factsOf: () => ({ defaults: {}, limits: {} }),
      settings: { responseTimeoutMs, deadlineMs: 60_000, maxAttempts: Infinity, batchSize, ...times },
    };
  }

  /** Runs a script on a device as somebody else would. */
  async runOn(sbcId: number, script: string): Promise<void> {
    const device = await this.devices(responseTimeoutMs).open(sbcId);
    await device.runScript(script, { signal: AbortSignal.timeout(responseTimeoutMs), timeoutMs: responseTimeoutMs, mayStart: () => true });
    await device.close();
  }

  /** Ends the agents; a script that is not answered at once is cut off, as if the answer had been lost. */
  async stopAgents(): Promise<void> {
    await Promise.all(this.dispatchers.splice(0).map((dispatcher) => dispatcher.stop(AbortSignal.timeout(200))));
  }

  /** Another agent takes the device, whose lease seems to have run out. Answers the new epoch. */
  async takeOverLease(sbcId: number): Promise<string> {
    const thief = this.newHolder();
    const leases = new LeaseStore(this.database, thief, new SystemClock(), { holder: 'thief', leaseMs });
    await thief.ensureAlive();
    await this.database.run({ name: '', text: `UPDATE device_lease SET expires_at = now() - interval '1 second' WHERE sbc_id = $1`, values: [sbcId] });
    const lease = (await this.database.transaction((transaction) => leases.acquireIn(transaction, [sbcId], { isAlone: true }))).get(sbcId);
    if (!(lease instanceof Lease)) throw new Error('the lease could not be taken');
    return lease.grant.epoch;
  }

  /** While `meanwhile` runs, another agent is about to commit that the device is its own; afterwards it has it, and lives. */
  async loseRace(sbcId: number, meanwhile: () => Promise<void>): Promise<void> {
    const thief = this.newHolder();
    await thief.ensureAlive();
    await this.setLease(sbcId, 'holder = NULL');
    await withClient(this.fresh.superuserUrl, async (client) => {
      await client.query('BEGIN');
      await client.query(`UPDATE sbc_agent.device_lease SET holder = 'thief', holder_lock = $2, expires_at = now() + interval '1 hour' WHERE sbc_id = $1`, [sbcId, thief.lock]);
      await meanwhile();
      await client.query('COMMIT');
    });
  }

  /** Resolves when a session waits for a lock on a lease row. */
  async isWaitedFor(): Promise<void> {
    await eventually('somebody to wait for a lock', async () => (
      await this.database.run({ name: '', text: `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`, values: [] })).length > 0);
  }

  /** Somebody who has stopped in the middle of a commit holds locks: `lock` is the statement that takes them. */
  async whileLocked(lock: string, values: readonly unknown[], meanwhile: () => Promise<void>): Promise<void> {
    await withClient(this.fresh.superuserUrl, async (client) => {
      await client.query('BEGIN');
      await client.query(lock, [...values]);
      await meanwhile();
      await client.query('COMMIT');
    });
  }

  private newHolder(): Liveness {
    const alive = new Liveness(new SystemClock(), { holder: 'thief', databaseUrl: this.fresh.sbc_agent }, logger);
    this.others.push(alive);
    return alive;
  }

  /** Keeps a device's lease locked from before `meanwhile` until somebody waits for it; `whenWaitedFor` comes just before it is let go. */
  async lockLease(sbcId: number, meanwhile: () => Promise<void>, whenWaitedFor: () => void): Promise<void> {
    await withClient(this.fresh.superuserUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM sbc_agent.device_lease WHERE sbc_id = $1 FOR UPDATE', [sbcId]);
      await meanwhile();
      await eventually('somebody to wait for the lease', async () => (await client.query(blockedByMe)).rowCount !== 0);
      whenWaitedFor();
      await client.query('COMMIT');
    });
  }

  /**
   * Somebody else seems to store the note of a customer, from before `meanwhile` until the agent that stores it waits for the outcome; it is given up after
   * `whenWaitedFor`.
   */
  async holdNote({ ticket }: Customer, meanwhile: () => void, whenWaitedFor: () => Promise<void>): Promise<void> {
    await withClient(this.fresh.superuserUrl, async (client) => {
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO sbc_agent.undo_owed (customer_guid, site_guid, sealed_cleanup, sbc_id, epoch) VALUES ($1, $2, '', $3, 0)`,
        [ticket.customerGuid, ticket.siteGuid, ticket.sbc.id],
      );
      meanwhile();
      await eventually('the note to be stored', async () => (await client.query(blockedByMe)).rowCount !== 0);
      await whenWaitedFor();
      await client.query('ROLLBACK');
    });
  }

  /** Whether work of a customer, or its close, waits to be taken in. */
  async isIntakeWaiting(): Promise<boolean> {
    const rows = await this.database.run({
      name: '',
      text: `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 84114 AND NOT granted
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      values: [],
    });
    return rows.length > 0;
  }

  async leaseOf(sbcId: number): Promise<LeaseRow> {
    const [row] = await this.database.run<LeaseRow>({
      name: '', text: 'SELECT holder, epoch::text, save_owed, (extract(epoch FROM write_until - now()) * 1000)::float8 AS written_for_ms FROM device_lease WHERE sbc_id = $1', values: [sbcId],
    });
    if (!row) throw new Error(`nobody has ever held SBC ${sbcId}`);
    return row;
  }

  async healthOf(sbcId: number): Promise<HealthRow> {
    const [row] = await this.database.run<HealthRow>({
      name: '', text: 'SELECT fault_count, last_fault, opened_at IS NOT NULL AS is_open, sweep_owed_from IS NOT NULL AS sweep_owed FROM device_lease WHERE sbc_id = $1', values: [sbcId],
    });
    return row ?? { fault_count: 0, last_fault: null, is_open: false, sweep_owed: false };
  }

  /** The sweep that is owed, and in how many whole seconds it is due; undefined when none is. */
  async debtOf(sbcId: number): Promise<{ debt: string; inSeconds: number } | undefined> {
    const [row] = await this.database.run<{ debt: string | null; in_s: number }>({
      name: '', text: `SELECT sweep_owed_from::text AS debt, greatest(0, round(extract(epoch FROM sweep_owed_from - now())))::int AS in_s FROM device_lease WHERE sbc_id = $1`, values: [sbcId],
    });
    return row?.debt == null ? undefined : { debt: row.debt, inSeconds: row.in_s };
  }

  /** A lease as its holder has it in hand, whoever holds the device by now. */
  grantedLease(sbcId: number, epoch: string): Lease {
    const health = { faults: 0, failedVisits: 0 };
    return new Lease({ sbcId, epoch, quietForMs: 0, inFlight: undefined, saveOwed: false, health, sweepDue: undefined }, 0, leaseMs, () => 0);
  }

  /** Changes what the agents know of a device, as time or others would. `assignments` is SQL. */
  async setLease(sbcId: number, assignments: string): Promise<void> {
    await this.database.run({ name: '', text: 'INSERT INTO device_lease (sbc_id) VALUES ($1) ON CONFLICT DO NOTHING', values: [sbcId] });
    await this.database.run({ name: '', text: `UPDATE device_lease SET ${assignments} WHERE sbc_id = $1`, values: [sbcId] });
  }

  /** The pause before a customer's next attempt is long. */
  async postpone({ ticket }: Customer): Promise<void> {
    await this.database.run({ name: '', text: `UPDATE job SET run_at = now() + interval '1 hour' WHERE customer_guid = $1 AND state = 'waiting'`, values: [ticket.customerGuid] });
  }

  /** Pauses between attempts, visits and probes are over. */
  async skipPauses(sbcId: number): Promise<void> {
    await this.database.run({ name: '', text: 'UPDATE device_lease SET rest_until = NULL WHERE sbc_id = $1', values: [sbcId] });
    await this.database.run({ name: '', text: `UPDATE job SET run_at = now() WHERE lane = $1 AND state = 'waiting'`, values: [String(sbcId)] });
  }

  /** The jobs of one customer, the oldest first. */
  jobsOf({ ticket }: Customer): Promise<readonly JobRow[]> {
    return this.database.run<JobRow>({
      name: '', text: 'SELECT kind, state, attempts, outcome, outcome_type, note FROM job WHERE customer_guid = $1 ORDER BY id', values: [ticket.customerGuid],
    });
  }

  /** The jobs once each is in its state. */
  jobsIn(customer: Customer, ...states: string[]): Promise<readonly JobRow[]> {
    return eventually(`jobs to be ${states.join(', ')}`, async () => {
      const jobs = await this.jobsOf(customer);
      return jobs.map(({ state }) => state).join() === states.join() && jobs;
    });
  }

  /** Writes down what a customer may have on its device, as some agent has done before. */
  async note({ ticket }: Customer, note: CleanupNote): Promise<void> {
    const sealedCleanup = await this.notes.seal(note);
    await this.database.run({
      name: '',
      text: `INSERT INTO undo_owed (customer_guid, site_guid, sealed_cleanup, sbc_id, epoch) VALUES ($1, $2, $3, $4, 1)
             ON CONFLICT (customer_guid) DO UPDATE SET settled_at = NULL, sealed_cleanup = excluded.sealed_cleanup`,
      values: [ticket.customerGuid, ticket.siteGuid, sealedCleanup, ticket.sbc.id],
    });
  }

  async noteOf({ ticket }: Customer): Promise<string | undefined> {
    return this.notes.of(ticket.customerGuid);
  }

  private devices(timeoutMs: number): SbcDevicesRest {
    const access = new Map(Object.entries(this.simulators.sbcs).map(([id, baseUrl]) => [Number(id), { baseUrl, user: 'admin', password: 'admin-pw', insecure: false }]));
    return new SbcDevicesRest({ access, version: 'test', responseTimeoutMs: timeoutMs });
  }

  private envelope(subject: string) {
    return { id: randomUUID(), source: 'test', subject, time: new Date().toISOString(), round: 1, sequence: 0 };
  }
}
