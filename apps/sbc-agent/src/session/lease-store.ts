import { randomInt } from 'node:crypto';

import { type Database, serverKeepAlive, type Transaction } from '@trunkline/persistence';
import type { Clock, Logger } from '@trunkline/runtime';
import { Client } from 'pg';

import type { HealthVerdict } from '../breaker/breaker.decide.js';
import { type InFlight, Lease } from './lease.js';

export interface LeaseStoreOptions {
  readonly holder: string;
  readonly databaseUrl: string;
  readonly schema: string;
  readonly leaseMs: number;
}

/** How a visit to a device ended. */
export interface LeaseEnd {
  /** Every script has been answered; else the next holder waits for `write_until`. */
  readonly isQuiet: boolean;
  readonly health: HealthVerdict;
  readonly lastFault: string | undefined;
}

interface GrantRow {
  epoch: string; quiet_for_ms: string; save_owed: boolean; in_flight_customer: string | null; in_flight_is_undo: boolean | null;
  fault_count: number; failed_visits: number; sweep_due: string | null;
}

const advisoryClass = 84_113;
const lockTimeoutMs = 2_000;
/** A session that is not used for so long is ended by the server, and its lock is free. */
const sessionIdleMs = 15_000;
/** Twice within that time, with room for a slow answer. */
const proofEveryMs = 5_000;
const lockIsHeld = `EXISTS (
  SELECT 1 FROM pg_locks p WHERE p.locktype = 'advisory' AND p.classid = ${advisoryClass}::oid AND p.objid = device_lease.holder_lock::oid AND p.objsubid = 2)`;
/** Parameter 2 is the own lock: what it still holds after the own visit has ended is only left over. */
const isFree = `(device_lease.holder IS NULL OR device_lease.expires_at < now() OR device_lease.holder_lock = $2 OR NOT ${lockIsHeld})`;
/**
 * Another holder had begun to write and has not given the lease back. Dead or only paused, its session proves neither: what it may still send is looked for
 * when that can't be running any more.
 */
const mayWakeUp = /* safeguard: sweep-after-dead-holder */ '(holder IS NOT NULL AND write_until IS NOT NULL AND holder_lock <> $2)';

/**
 * Device leases by the database's clock. A holder also keeps a database session with an advisory lock: when that lock is free the
 * holder is dead, and the others need not wait for the lease to run out.
 */
export class LeaseStore {
  /** Random, so that no two instances share one; small, so that it fits PostgreSQL's two-part advisory locks. */
  private readonly holderLock = randomInt(1, 2_147_483_647);
  private session: Client | undefined;
  private provenAtMs = 0;
  private reviving: Promise<void> | undefined;
  private isClosing = false;

  constructor(
    private readonly database: Database, private readonly clock: Clock, private readonly options: LeaseStoreOptions, private readonly logger: Logger,
  ) {}

  /** Makes sure the session that proves this process alive is there. Leases are taken only with it. */
  async ensureAlive(): Promise<void> {
    const isProven = this.session !== undefined && /* safeguard: session-proof */ this.clock.monotonicMs() - this.provenAtMs < proofEveryMs;
    if (isProven || this.isClosing) return;
    // Asked for by many at once; each further session would wait for the lock of the first.
    this.reviving ??= this.prove().finally(() => { this.reviving = undefined; });
    await this.reviving;
  }

  /** A link can be dead without a word from either side. */
  private async prove(): Promise<void> {
    const askedAtMs = this.clock.monotonicMs();
    const { session } = this;
    try {
      await session?.query('SELECT 1');
    } catch (err) {
      this.lose(session, err);
      await session?.end().catch(() => undefined);
    }
    if (!this.session) await this.revive();
    this.provenAtMs = askedAtMs;
  }

  private lose(session: Client | undefined, err: unknown): void {
    if (this.session !== session) return;
    this.session = undefined;
    this.logger.warn({ err }, 'the session that holds this agent\'s leases was lost');
  }

  private async revive(): Promise<void> {
    const session = new Client({
      connectionString: this.options.databaseUrl, application_name: `${this.options.holder} alive`, keepAlive: true, lock_timeout: lockTimeoutMs,
      connectionTimeoutMillis: proofEveryMs, query_timeout: proofEveryMs, options: `-c idle_session_timeout=${/* safeguard: idle-session-timeout */ sessionIdleMs} ${serverKeepAlive}`,
    });
    session.on('error', (err) => { this.lose(session, err); });
    session.on('end', () => { if (this.session === session) this.session = undefined; });
    try {
      await session.connect();
      await session.query('SELECT pg_advisory_lock($1, $2)', [advisoryClass, this.holderLock]);
    } catch (error) {
      /* safeguard: one-lease-session */
      await session.end().catch(() => undefined);
      throw error;
    }
    this.session = session;
  }

  /** SBCs with work that nobody alive holds and that may be visited now: those that have waited longest for a visit first. */
  async waitingDevices(limit: number, except: readonly number[] = []): Promise<number[]> {
    const rows = await this.database.run<{ sbc_id: number }>({
      name: 'lease-waiting',
      text: `
        SELECT w.sbc_id FROM (
          SELECT DISTINCT lane::int AS sbc_id FROM job WHERE (state = 'waiting' AND run_at <= now()) OR state = 'running'
          UNION SELECT sbc_id FROM device_lease WHERE save_owed OR sweep_owed_from <= now()
        ) w LEFT JOIN device_lease ON device_lease.sbc_id = w.sbc_id
        WHERE w.sbc_id <> ALL($3::int[]) AND device_lease.opened_at IS NULL AND coalesce(device_lease.rest_until <= now(), true)
          AND (device_lease.sbc_id IS NULL OR ${isFree})
        ORDER BY device_lease.taken_at NULLS FIRST, w.sbc_id LIMIT $1`,
      values: [limit, this.holderLock, except],
    });
    return rows.map((row) => row.sbc_id);
  }

  /** SBCs whose breaker is open, that have work, and whose next probe is due. */
  async silentDevices(limit: number, except: readonly number[] = []): Promise<number[]> {
    const rows = await this.database.run<{ sbc_id: number }>({
      name: 'lease-silent',
      text: `
        SELECT sbc_id FROM device_lease
        WHERE opened_at IS NOT NULL AND coalesce(rest_until <= now(), true) AND sbc_id <> ALL($3::int[]) AND ${isFree}
          AND (save_owed OR sweep_owed_from IS NOT NULL OR EXISTS (SELECT 1 FROM job WHERE lane = device_lease.sbc_id::text AND state IN ('waiting', 'running')))
        ORDER BY rest_until NULLS FIRST LIMIT $1`,
      values: [limit, this.holderLock, except],
    });
    return rows.map((row) => row.sbc_id);
  }

  /** Takes the lease of a device, or undefined when somebody alive has it. The caller makes sure that no visit of its own is under way. */
  async acquire(sbcId: number): Promise<Lease | undefined> {
    await this.ensureAlive();
    const askedAtMs = this.clock.monotonicMs();
    const rows = await this.database.transaction(async (transaction) => {
      await transaction.run({ name: 'lease-row', text: 'INSERT INTO device_lease (sbc_id) VALUES ($1) ON CONFLICT DO NOTHING', values: [sbcId] });
      return transaction.run<GrantRow>({
        name: 'lease-acquire',
        text: `
          UPDATE device_lease SET holder = $3, holder_lock = $2, epoch = epoch + 1, expires_at = now() + $4 * interval '1 millisecond', taken_at = now(),
            sweep_owed_from = CASE WHEN ${mayWakeUp} THEN greatest(sweep_owed_from, write_until, now()) ELSE sweep_owed_from END
          WHERE sbc_id = $1 AND ${isFree}
          RETURNING epoch::text, save_owed, in_flight_customer, in_flight_is_undo,
            -- Each script is named before it is sent: who had announced his writing and named none has sent none.
            CASE
              /* safeguard: wait-for-named-script */ WHEN in_flight_customer IS NULL THEN '0'
              ELSE greatest(0, coalesce(extract(epoch FROM write_until - now()) * 1000, 0))::bigint::text
            END AS quiet_for_ms,
            fault_count, failed_visits, CASE WHEN sweep_owed_from <= now() THEN sweep_owed_from::text END AS sweep_due`,
        values: [sbcId, this.holderLock, this.options.holder, this.options.leaseMs],
      });
    });
    const [row] = rows;
    if (!row) return undefined;
    return new Lease(
      {
        sbcId, epoch: row.epoch, quietForMs: Number(row.quiet_for_ms), saveOwed: row.save_owed, inFlight: inFlightOf(row),
        health: { faults: row.fault_count, failedVisits: row.failed_visits }, sweepDue: row.sweep_due ?? undefined,
      },
      askedAtMs, this.options.leaseMs, () => this.clock.monotonicMs(),
    );
  }

  /** Prolongs a lease, and with `writeForMs` the time within which scripts, of late that of `inFlight`, may run. False: it is somebody else's now. */
  async renew(lease: Lease, writeForMs: number | undefined, inFlight?: InFlight): Promise<boolean> {
    const askedAtMs = this.clock.monotonicMs();
    const rows = await this.database.run({ ...this.renewal(lease, writeForMs, inFlight) });
    if (rows.length === 0) {
      lease.lost();
      return false;
    }
    lease.renewed(askedAtMs, this.options.leaseMs, writeForMs);
    return true;
  }

  /** The same inside the transaction that notes what the writes will owe. */
  async beginWriting(transaction: Transaction, lease: Lease, writeForMs: number): Promise<boolean> {
    const askedAtMs = this.clock.monotonicMs();
    const rows = await transaction.run(this.renewal(lease, writeForMs, undefined));
    if (rows.length === 0) return false;
    lease.renewed(askedAtMs, this.options.leaseMs, writeForMs);
    return true;
  }

  /** A save of this epoch has gone through: nothing is owed, and nothing of it runs any more. */
  async saved(lease: Lease): Promise<void> {
    await this.database.run({
      name: 'lease-saved', text: 'UPDATE device_lease SET save_owed = false WHERE sbc_id = $1 /* safeguard: save-owed-epoch */ AND epoch = $2',
      values: [lease.grant.sbcId, lease.grant.epoch],
    });
  }

  /** Gives the lease back, with what the visit has shown of the device. False: it had been taken, and nothing is noted. */
  async release(lease: Lease, { health, isQuiet, lastFault }: LeaseEnd): Promise<boolean> {
    const rows = await this.database.run({
      name: 'lease-release',
      text: `UPDATE device_lease SET holder = NULL, holder_lock = NULL, expires_at = NULL, write_until = CASE WHEN $3 THEN NULL ELSE write_until END,
               in_flight_customer = CASE WHEN $3 THEN NULL ELSE in_flight_customer END,
               fault_count = $4, failed_visits = $5, last_fault = coalesce($6, last_fault), opened_at = CASE WHEN $7 THEN coalesce(opened_at, now()) END,
               rest_until = CASE WHEN $8::int > 0 THEN now() + $8::int * interval '1 millisecond' END
             WHERE sbc_id = $1 AND epoch = $2 RETURNING sbc_id`,
      values: [lease.grant.sbcId, lease.grant.epoch, isQuiet, health.faults, health.failedVisits, lastFault ?? null, health.isOpen, health.restMs],
    });
    return rows.length > 0;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.reviving?.catch(() => undefined);
    await this.session?.end();
  }

  private renewal(lease: Lease, writeForMs: number | undefined, inFlight: InFlight | undefined) {
    return {
      name: 'lease-renew',
      text: `UPDATE device_lease SET expires_at = now() + $3 * interval '1 millisecond',
               write_until = CASE WHEN $4::bigint IS NULL THEN write_until ELSE greatest(coalesce(write_until, now()), now() + $4 * interval '1 millisecond') END,
               /* safeguard: save-owed */ save_owed = save_owed OR $4::bigint IS NOT NULL,
               in_flight_customer = coalesce($5::uuid, in_flight_customer), in_flight_is_undo = coalesce($6::boolean, in_flight_is_undo)
             WHERE sbc_id = $1 /* safeguard: lease-epoch */ AND epoch = $2
             RETURNING sbc_id`,
      values: [lease.grant.sbcId, lease.grant.epoch, this.options.leaseMs, writeForMs ?? null, inFlight?.customerGuid ?? null, inFlight?.isUndo ?? null],
    };
  }
}

function inFlightOf({ in_flight_customer: customerGuid, in_flight_is_undo: isUndo }: GrantRow): InFlight | undefined {
  return customerGuid === null ? undefined : { customerGuid, isUndo: isUndo ?? false };
}
