import type { Database, Transaction } from '@trunkline/persistence';
import type { Clock } from '@trunkline/runtime';
import { hasOpenJobs, isJobClosing, lanesWithWork } from '@trunkline/steps';

import type { HealthVerdict } from '../device/breaker.decide.js';
import { type InFlight, Lease } from './lease.js';
import { isAlive, type Liveness } from './liveness.js';

export interface LeaseStoreOptions {
  readonly holder: string;
  readonly leaseMs: number;
}

/** How a visit to a device ended. */
export interface LeaseEnd {
  /** Every script has been answered; else the next holder waits for `write_until`. */
  readonly isQuiet: boolean;
  /** All that was sent under this lease and before it has been saved since. */
  readonly isSaved: boolean;
  readonly health: HealthVerdict;
  readonly lastFault: string | undefined;
}

/** A script that is to be sent next. */
export interface Announcement extends InFlight {
  /** Within which it is over, from now. */
  readonly writeForMs: number;
  /** The job it is sent for; a sweep has none. */
  readonly jobId: string | undefined;
}

/** `closed`: the job's work was closed meanwhile. `lost`: the device is somebody else's now. */
export type Announced = 'announced' | 'closed' | 'lost';

interface GrantRow {
  epoch: string; quiet_for_ms: string; save_owed: boolean; in_flight_customer: string | null; in_flight_is_undo: boolean | null;
  fault_count: number; failed_visits: number; sweep_due: string | null;
}

/** Parameter 2 is the own lock: what it still holds after the own visit has ended is only left over. */
const isFree = `(device_lease.holder IS NULL OR device_lease.expires_at < now() OR device_lease.holder_lock = $2 OR NOT ${isAlive('device_lease.holder_lock')})`;
/**
 * Another holder had begun to write and has not given the lease back. Dead or only paused, its session proves neither: what it may still send is looked for
 * when that can't be running any more.
 */
const mayWakeUp = /* safeguard: sweep-after-dead-holder */ '(holder IS NOT NULL AND write_until IS NOT NULL AND holder_lock <> $2)';

/**
 * Condition of a statement that travels behind the one that takes a lease, in its transaction: the lease has been given, and the device is to be visited
 * without anything else before. Arguments are SQL expressions.
 */
export const isJustTaken = (sbcId: string, lock: string): string => /* safeguard: claim-under-lease */ `EXISTS (
  SELECT 1 FROM device_lease WHERE device_lease.sbc_id = ${sbcId} AND device_lease.holder_lock = ${lock} AND taken_at = now()
    AND opened_at IS NULL AND coalesce(sweep_owed_from > now(), true))`;

/** Condition: nobody has taken the device since the lease of this epoch was given. Arguments are SQL expressions. */
export const isUnderEpoch = (sbcId: string, epoch: string): string => `EXISTS (SELECT 1 FROM device_lease WHERE device_lease.sbc_id = ${sbcId} AND device_lease.epoch = ${epoch})`;

const isHeld = 'sbc_id = $1 /* safeguard: lease-epoch */ AND epoch = $2';

/** The lanes of SBCs whose breaker is open, since when, and with what fault; select for `BlockedLanes`. */
export const silentLanes = 'SELECT sbc_id::text AS lane, opened_at AS blocked_since, last_fault AS blocked_for FROM device_lease WHERE opened_at IS NOT NULL';

/** Device leases by the database's clock. Of a holder that is not alive any more the others need not wait for the lease to run out. */
export class LeaseStore {
  /** Devices that have a row. */
  private readonly known = new Set<number>();

  constructor(
    private readonly database: Database, private readonly liveness: Liveness, private readonly clock: Clock, private readonly options: LeaseStoreOptions,
  ) {}

  /** SBCs with work that nobody alive holds and that may be visited now: those that have waited longest for a visit first. */
  async waitingDevices(limit: number, except: readonly number[] = []): Promise<number[]> {
    const rows = await this.database.run<{ sbc_id: number }>({
      name: 'lease-waiting',
      text: `
        SELECT w.sbc_id FROM (
          SELECT lane::int AS sbc_id FROM (${lanesWithWork}) lanes
          UNION SELECT sbc_id FROM device_lease WHERE save_owed OR sweep_owed_from <= now()
        ) w LEFT JOIN device_lease ON device_lease.sbc_id = w.sbc_id
        WHERE w.sbc_id <> ALL($3::int[]) AND device_lease.opened_at IS NULL AND coalesce(device_lease.rest_until <= now(), true)
          AND (device_lease.sbc_id IS NULL OR ${isFree})
        ORDER BY device_lease.taken_at NULLS FIRST, w.sbc_id LIMIT $1`,
      values: [limit, this.liveness.lock, except],
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
          AND (save_owed OR sweep_owed_from IS NOT NULL OR ${hasOpenJobs('device_lease.sbc_id::text')})
        ORDER BY rest_until NULLS FIRST LIMIT $1`,
      values: [limit, this.liveness.lock, except],
    });
    return rows.map((row) => row.sbc_id);
  }

  /** Takes the lease of a device, or undefined when somebody alive has it. The caller makes sure that no visit of its own is under way. */
  async acquire(sbcId: number): Promise<Lease | undefined> {
    return (await this.acquireWith(sbcId, () => undefined)).lease;
  }

  /** The same, with statements that travel in its transaction: see `isJustTaken`. */
  async acquireWith<T>(
    sbcId: number, alongside: (transaction: Transaction, lock: number) => T,
  ): Promise<{ readonly lease: Lease | undefined; readonly found: T }> {
    await this.liveness.ensureAlive();
    const askedAtMs = this.clock.monotonicMs();
    const { found, taken } = await this.database.transaction((transaction) => {
      if (!this.known.has(sbcId)) transaction.send({ name: 'lease-row', text: 'INSERT INTO device_lease (sbc_id) VALUES ($1) ON CONFLICT DO NOTHING', values: [sbcId] });
      const rows = transaction.run<GrantRow>({
        name: 'lease-acquire',
        text: `
          UPDATE device_lease SET holder = $3, holder_lock = $2, epoch = epoch + 1, expires_at = now() + $4 * interval '1 millisecond', taken_at = now(),
            sweep_owed_from = CASE WHEN ${mayWakeUp} THEN greatest(sweep_owed_from, write_until, now()) ELSE sweep_owed_from END
          WHERE sbc_id = $1 AND ${isFree}
          RETURNING epoch::text, save_owed, in_flight_customer, in_flight_is_undo,
            greatest(0, coalesce(extract(epoch FROM write_until - now()) * 1000, 0))::bigint::text AS quiet_for_ms,
            fault_count, failed_visits, CASE WHEN sweep_owed_from <= now() THEN sweep_owed_from::text END AS sweep_due`,
        values: [sbcId, this.liveness.lock, this.options.holder, this.options.leaseMs],
      });
      return { taken: rows, found: alongside(transaction, this.liveness.lock) };
    });
    const [row] = await taken;
    if (!row) {
      this.known.delete(sbcId);
      return { lease: undefined, found };
    }
    this.known.add(sbcId);
    const lease = new Lease(
      {
        sbcId, epoch: row.epoch, quietForMs: Number(row.quiet_for_ms), saveOwed: row.save_owed, inFlight: inFlightOf(row),
        health: { faults: row.fault_count, failedVisits: row.failed_visits }, sweepDue: row.sweep_due ?? undefined,
      },
      askedAtMs, this.options.leaseMs, () => this.clock.monotonicMs(),
    );
    return { lease, found };
  }

  /** Prolongs a lease. False: it is somebody else's now. */
  async renew(lease: Lease): Promise<boolean> {
    const askedAtMs = this.clock.monotonicMs();
    const rows = await this.database.run({
      name: 'lease-renew', text: `UPDATE device_lease SET expires_at = now() + $3 * interval '1 millisecond' WHERE ${isHeld} RETURNING sbc_id`,
      values: [lease.grant.sbcId, lease.grant.epoch, this.options.leaseMs],
    });
    if (rows.length === 0) lease.lost();
    else lease.renewed(askedAtMs, this.options.leaseMs);
    return rows.length > 0;
  }

  /** Names a script before its first byte, prolongs the lease, and notes that a save will be owed; in one statement, which may be part of a transaction. */
  async announce(lease: Lease, { customerGuid, isUndo, jobId, writeForMs }: Announcement, transaction: Pick<Transaction, 'run'> = this.database): Promise<Announced> {
    const askedAtMs = this.clock.monotonicMs();
    const [row] = await transaction.run<{ is_closing: boolean }>({
      name: 'lease-announce',
      text: `UPDATE device_lease SET expires_at = now() + $3 * interval '1 millisecond',
               write_until = greatest(coalesce(write_until, now()), now() + $4 * interval '1 millisecond'),
               /* safeguard: save-owed */ save_owed = true, in_flight_customer = $5, in_flight_is_undo = $6
             WHERE ${isHeld} RETURNING ${isJobClosing('$7::bigint')} AS is_closing`,
      values: [lease.grant.sbcId, lease.grant.epoch, this.options.leaseMs, writeForMs, customerGuid, isUndo, jobId ?? null],
    });
    if (!row) {
      lease.lost();
      return 'lost';
    }
    lease.renewed(askedAtMs, this.options.leaseMs, writeForMs);
    return /* safeguard: close-checked-before-script */ row.is_closing ? 'closed' : 'announced';
  }

  /** Gives the lease back, with what the visit has shown of the device. False: it had been taken, and nothing is noted. */
  async release(lease: Lease, { health, isQuiet, isSaved, lastFault }: LeaseEnd): Promise<boolean> {
    const rows = await this.database.run({
      name: 'lease-release',
      text: `UPDATE device_lease SET holder = NULL, holder_lock = NULL, expires_at = NULL, write_until = CASE WHEN $3 THEN NULL ELSE write_until END,
               in_flight_customer = CASE WHEN $3 THEN NULL ELSE in_flight_customer END, save_owed = save_owed AND NOT $9,
               fault_count = $4, failed_visits = $5, last_fault = coalesce($6, last_fault), opened_at = CASE WHEN $7 THEN coalesce(opened_at, now()) END,
               rest_until = CASE WHEN $8::int > 0 THEN now() + $8::int * interval '1 millisecond' END
             WHERE ${isHeld} RETURNING sbc_id`,
      values: [lease.grant.sbcId, lease.grant.epoch, isQuiet, health.faults, health.failedVisits, lastFault ?? null, health.isOpen, health.restMs, isSaved],
    });
    return rows.length > 0;
  }
}

function inFlightOf({ in_flight_customer: customerGuid, in_flight_is_undo: isUndo }: GrantRow): InFlight | undefined {
  return customerGuid === null ? undefined : { customerGuid, isUndo: isUndo ?? false };
}
