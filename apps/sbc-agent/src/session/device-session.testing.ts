import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CustomerCreated, messageOf, SbcCleanupRequested, type Ticket } from '@trunkline/contracts';
import { InProcessBroker, InProcessTransport, MessagingTables1764000000000, Outbox, topology } from '@trunkline/messaging';
import { Database } from '@trunkline/persistence';
import { type Clock, createLogger, SystemClock } from '@trunkline/runtime';
import { Secrets } from '@trunkline/secrets';
import { JobStore, JobTables1764000001000 } from '@trunkline/steps';
import { checkoutDir, eventually, type FreshDatabase, freshDatabase, withClient } from '@trunkline/testing';
import { request } from 'undici';

import { startSimulators } from '../../../simulators/src/simulators.js';
import { SbcDevicesRest } from '../device/sbc-devices.rest.js';
import { OnboardingHandlers } from '../onboarding/onboarding.handlers.js';
import { cleanedCustomers } from '../onboarding/site-outcomes.js';
import { UndoNotes } from '../onboarding/undo-notes.js';
import { SbcAgentTables1764000003000 } from '../persistence/sbc-agent-tables.migration.js';
import { DeviceDispatcher } from './device-dispatcher.js';
import { LeaseStore } from './lease-store.js';

/** One call as the device's log has it. */
export interface DeviceCall {
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  readonly held?: boolean;
  readonly scriptRows?: readonly { readonly action: string; readonly name: string }[];
}

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

export interface Customer { readonly deploymentId: string; readonly ticket: Ticket }

/** The time, until it leaps: as for a process that was stopped and goes on. */
export class LeapingClock extends SystemClock {
  leapMs = 0;
  override monotonicMs(): number { return super.monotonicMs() + this.leapMs; }
}

const logger = createLogger({ service: 'test', level: 'silent' });
const schema = 'sbc_agent';
const leaseMs = 60_000;
export const responseTimeoutMs = 20_000;
const pathOf = { reading: '/files/cliScript', script: '/files/cliScript/incremental' } as const;
const { scriptTemplates } = JSON.parse(readFileSync(join(checkoutDir, 'inventory.json'), 'utf8')) as { scriptTemplates: { id: number; script: string[] }[] };
const pinned = (id: number) => ({ id, version: 1, text: scriptTemplates.find((template) => template.id === id)?.script.join('\n') ?? '' });

/** An agent's parts on a database of its own, and real devices that can be watched and held up. A test takes a device for itself. */
export class SessionBench {
  private readonly dispatchers: DeviceDispatcher[] = [];
  private readonly thieves: LeaseStore[] = [];
  private lastSbc = 100;

  private constructor(
    private readonly fresh: FreshDatabase, readonly database: Database, private readonly transport: InProcessTransport,
    private readonly simulators: Awaited<ReturnType<typeof startSimulators>>,
    readonly jobs: JobStore, readonly notes: UndoNotes, private readonly secrets: Secrets,
  ) {}

  static async start(): Promise<SessionBench> {
    const fresh = await freshDatabase();
    const database = await Database.open({
      url: fresh.sbc_agent, schema, applicationName: 'test', poolSize: 8, entities: [],
      migrations: [MessagingTables1764000000000, JobTables1764000001000, SbcAgentTables1764000003000],
    });
    const transport = new InProcessTransport(new InProcessBroker(topology));
    await transport.start();
    const simulators = await startSimulators({ sbcIds: Array.from({ length: 20 }, (_, at) => 101 + at) });
    const secrets = new Secrets(Buffer.alloc(32, 7).toString('base64'));
    const notes = new UndoNotes(database, secrets);
    const outbox = new Outbox(database, transport, logger);
    const jobs = new JobStore(database, outbox, (transaction, results) => notes.settle(transaction, cleanedCustomers(results)));
    return new SessionBench(fresh, database, transport, simulators, jobs, notes, secrets);
  }

  /** What one test started: nothing is held or disturbed any more, and no agent runs. */
  async calm(): Promise<void> {
    await this.control('DELETE', '/faults');
    await this.control('POST', '/release', {});
    await this.stopAgents();
    await Promise.all(this.thieves.splice(0).map((thief) => thief.close()));
  }

  async stop(): Promise<void> {
    await this.simulators.close();
    await this.transport.close();
    await this.database.close();
    await this.fresh.drop();
  }

  newSbc(): number {
    this.lastSbc += 1;
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

  /** Takes in the wish to have a customer on its device. */
  async want({ deploymentId, ticket }: Customer): Promise<void> {
    await new OnboardingHandlers(this.jobs).created(messageOf(CustomerCreated, {
      ...this.envelope(deploymentId), step: CustomerCreated.step,
      data: {
        ticket, progress: [], startBy: new Date(Date.now() + 3_600_000).toISOString(),
        script: {
          onboarding: pinned(7), cleanup: pinned(700),
          values: { IpGroupName: ticket.shortName, CustomerGuid: ticket.customerGuid, MsTenantId: ticket.msTenantId },
        },
      },
    }), undefined);
  }

  /** Takes in the wish to have a customer off its device, which closes it for forward work. */
  async unwant({ deploymentId, ticket }: Customer): Promise<void> {
    await new OnboardingHandlers(this.jobs).cleanupRequested(messageOf(SbcCleanupRequested, {
      ...this.envelope(deploymentId), round: 2, step: SbcCleanupRequested.step, data: { ticket, progress: [], closesRound: 1, cause: 'Cancelled' },
    }), undefined);
  }

  /** Starts an agent; sites that are wanted by then are claimed together. */
  startAgent(clock: Clock = new SystemClock()): void {
    const holder = `agent-${randomUUID()}`;
    const access = new Map(Object.entries(this.simulators.sbcs).map(([id, baseUrl]) => [Number(id), { baseUrl, user: 'admin', password: 'admin-pw', insecure: false }]));
    const leases = new LeaseStore(this.database, clock, { holder, databaseUrl: this.fresh.sbc_agent, schema, leaseMs }, logger);
    const dispatcher = new DeviceDispatcher({
      jobs: this.jobs, leases, notes: this.notes, database: this.database, secrets: this.secrets, clock, logger,
      settings: { holder, responseTimeoutMs, maxAttempts: Infinity, deadlineMs: 60_000, batchSize: 16 },
    }, new SbcDevicesRest({ access, version: 'test', responseTimeoutMs }), { concurrency: 4, leaseMs, drainMs: 200 });
    this.dispatchers.push(dispatcher);
    dispatcher.start();
  }

  /** Ends the agents; a script that is not answered at once is cut off, as if the answer had been lost. */
  async stopAgents(): Promise<void> {
    await Promise.all(this.dispatchers.splice(0).map((dispatcher) => dispatcher.stop()));
  }

  /** Another agent takes the device, whose lease seems to have run out. Answers the new epoch. */
  async stealLease(sbcId: number): Promise<string> {
    const thief = new LeaseStore(this.database, new SystemClock(), { holder: 'thief', databaseUrl: this.fresh.sbc_agent, schema, leaseMs }, logger);
    this.thieves.push(thief);
    await this.database.run({ name: '', text: `UPDATE device_lease SET expires_at = now() - interval '1 second' WHERE sbc_id = $1`, values: [sbcId] });
    const lease = await thief.acquire(sbcId);
    if (!lease) throw new Error('the lease could not be taken');
    return lease.grant.epoch;
  }

  /** Keeps a device's lease locked from before `meanwhile` until somebody waits for it; `whenWaitedFor` comes just before it is let go. */
  async lockLease(sbcId: number, meanwhile: () => Promise<void>, whenWaitedFor: () => void): Promise<void> {
    await withClient(this.fresh.superuserUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM sbc_agent.device_lease WHERE sbc_id = $1 FOR UPDATE', [sbcId]);
      await meanwhile();
      await eventually('somebody to wait for the lease', async () => {
        const { rowCount } = await client.query(`SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))`);
        return rowCount !== 0;
      });
      whenWaitedFor();
      await client.query('COMMIT');
    });
  }

  async leaseOf(sbcId: number): Promise<LeaseRow> {
    const [row] = await this.database.run<LeaseRow>({
      name: '', text: 'SELECT holder, epoch::text, save_owed, (extract(epoch FROM write_until - now()) * 1000)::float8 AS written_for_ms FROM device_lease WHERE sbc_id = $1', values: [sbcId],
    });
    if (!row) throw new Error(`nobody has ever held SBC ${sbcId}`);
    return row;
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

  async noteOf({ ticket }: Customer): Promise<string | undefined> {
    return (await this.notes.of([ticket.customerGuid])).get(ticket.customerGuid);
  }

  /** Holds the next call of a kind as it arrives at the device, before the device does anything. */
  async hold(sbcId: number, what: keyof typeof pathOf): Promise<void> {
    const match = { method: what === 'script' ? 'PUT' : 'GET', pathContains: pathOf[what] };
    await this.control('POST', '/faults', { peer: 'sbc', id: sbcId, kind: 'hold-before', times: 1, match });
  }

  async letGo(): Promise<void> {
    await this.control('POST', '/release', {});
  }

  /** The first call of a kind that is being held. */
  held(sbcId: number, what: keyof typeof pathOf): Promise<DeviceCall> {
    return eventually(`a ${what} to be held`, async () => (await this.calls(sbcId, what)).find((call) => call.held === true));
  }

  async calls(sbcId: number, what: keyof typeof pathOf): Promise<readonly DeviceCall[]> {
    const all = await this.control<DeviceCall[]>('GET', `/log?peer=sbc&id=${sbcId}`);
    return all.filter(({ method, path }) => method === (what === 'script' ? 'PUT' : 'GET') && path.endsWith(pathOf[what]));
  }

  async groups(sbcId: number): Promise<readonly unknown[]> {
    const { running } = await this.control<{ running: Record<string, readonly { name: unknown }[]> }>('GET', `/tables?sbc=${sbcId}`);
    return (running['ip-group'] ?? []).map(({ name }) => name);
  }

  private envelope(subject: string) {
    return { id: randomUUID(), source: 'test', subject, time: new Date().toISOString(), round: 1, sequence: 0 };
  }

  private async control<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
    const answer = await request(`${this.simulators.control}${path}`, {
      method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${await answer.body.text()}`);
    return await answer.body.json() as T;
  }
}
