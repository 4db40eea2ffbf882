import { type Database, heard, isWrittenHere, locked, type Transaction } from '@trunkline/persistence';
import type { Clock } from '@trunkline/runtime';
import { hasDueJobs, hasOpenJobs, isJobClosing, type LaneFence, lanesWithWork } from '@trunkline/steps';

import type { HealthVerdict } from '../device/breaker.decide.js';
import { type InFlight, Lease } from './lease.js';
import { isAlive, type Liveness, takingAgents } from './liveness.js';
import type { Crowd } from './share.decide.js';

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

/** Of some leases at once, a lease each. */
interface AnnouncedScript { readonly lease: Lease; readonly script: Announcement }
interface EndedVisit { readonly lease: Lease; readonly end: LeaseEnd }

/** What a search has found, and how many share the work. */
interface Search extends Crowd { readonly sbcIds: readonly number[] }

interface SilentDevice { readonly sbcId: number; readonly isProbeDue: boolean }

/** An SBC whose breaker is open. */
export interface Silence { readonly sbcId: number; readonly since: Date; readonly lastFault: string }

/** To be called when the transaction is committed: before, nothing of what it has said counts. */
export type OnceCommitted<T> = () => T;

/** `leavesWork`: jobs of the device are due. */
export interface Released { readonly leavesWork: boolean }

/** `epoch` is null when the lease could be had, but for a lock on its row. */
interface GrantRow {
  sbc_id: number; epoch: string | null; quiet_for_ms: string; save_owed: boolean; in_flight_customer: string | null; in_flight_is_undo: boolean | null;
  fault_count: number; failed_visits: number; sweep_due: string | null;
}

/** Parameter 2 is the own lock: what it still holds after the own visit has ended is only left over. */
const isFree = `(device_lease.holder IS NULL OR device_lease.expires_at < now() OR device_lease.holder_lock = $2 OR NOT ${isAlive('device_lease.holder_lock')})`;
/**
 * Another holder had begun to write and has not given the lease back. Dead or only paused, its session proves neither: what it may still send is looked for
 * when that can't be running any more.
 */
const mayWakeUp = /* safeguard: sweep-after-dead-holder */ '(holder IS NOT NULL AND write_until IS NOT NULL AND holder_lock <> $2)';

/** Lanes of devices of which the transaction has the lease, because it has just written it. */
export const heldHere: LaneFence = {
  name: 'held', holds: (lane) => /* safeguard: lane-held */ `EXISTS (SELECT 1 FROM device_lease WHERE device_lease.sbc_id = ${lane}::int AND ${isWrittenHere('device_lease')})`,
};

/** Those in which nothing comes before the jobs: no sweep of the device is due. */
export const heldForJobs: LaneFence = {
  name: 'held-for-jobs',
  holds: (lane) => `EXISTS (
    SELECT 1 FROM device_lease WHERE device_lease.sbc_id = ${lane}::int AND ${isWrittenHere('device_lease')} AND coalesce(sweep_owed_from > now(), true))`,
};

/** Nobody waits for a lease row that somebody else has locked: one that has stopped in the middle of a commit must not hold up all the others. */
const unlocked = /* safeguard: lease-row-skipped */ 'SKIP LOCKED';

/**
 * From: leases by their keys, parameters 1 and 2, that nobody has taken since, each with further values from the parameters that follow. Locked in one order;
 * a row that is locked already is waited for only when it is the only one.
 */
function heldRows(isAlone: boolean, columns: readonly (readonly [name: string, type: string])[] = [], firstParameter = 3): string {
  const values = columns.map(([, type], index) => `, $${firstParameter + index}::${type}[]`).join('');
  return `(
    SELECT d.sbc_id AS held_id, l.* FROM unnest($1::int[], $2::bigint[]${values}) AS l(id, epoch${columns.map(([name]) => `, ${name}`).join('')})
      JOIN device_lease d ON d.sbc_id = l.id /* safeguard: lease-epoch */ AND d.epoch = l.epoch
    ORDER BY d.sbc_id FOR UPDATE OF d ${isAlone ? '' : unlocked}) held`;
}

const scriptColumns = [['write_for_ms', 'bigint'], ['customer_guid', 'uuid'], ['is_undo', 'boolean'], ['job_id', 'bigint']] as const;
const endColumns = [
  ['is_quiet', 'boolean'], ['faults', 'int'], ['failed', 'int'], ['fault', 'text'], ['is_open', 'boolean'], ['rest_ms', 'bigint'], ['is_saved', 'boolean'],
] as const;

/** Device leases by the database's clock. Of a holder that is not alive any more the others need not wait for the lease to run out. */
export class LeaseStore {
  /** Devices that have a row. */
  private readonly known = new Set<number>();

  constructor(
    private readonly database: Database, private readonly liveness: Liveness, private readonly clock: Clock, private readonly options: LeaseStoreOptions,
  ) {}

  /** SBCs with work that nobody alive holds and that may be visited now: those that have waited longest for a visit first. */
  async waitingDevices(limit: number, except: readonly number[] = []): Promise<Search> {
    const [row] = await this.database.run<{ sbc_ids: number[]; busy: number; agents: number }>({
      name: 'lease-waiting',
      text: `
        WITH free AS MATERIALIZED (SELECT w.sbc_id, device_lease.taken_at FROM (
          SELECT lane::int AS sbc_id FROM (${lanesWithWork}) lanes
          UNION SELECT sbc_id FROM device_lease WHERE save_owed OR sweep_owed_from <= now()
        ) w LEFT JOIN device_lease ON device_lease.sbc_id = w.sbc_id
        WHERE w.sbc_id <> ALL($3::int[]) AND device_lease.opened_at IS NULL AND coalesce(device_lease.rest_until <= now(), true)
          AND (device_lease.sbc_id IS NULL OR ${isFree}))
        SELECT array(SELECT sbc_id FROM free ORDER BY taken_at NULLS FIRST, sbc_id LIMIT $1) AS sbc_ids,
          (SELECT count(*) FROM free)::int + (SELECT count(*) FROM device_lease WHERE holder IS NOT NULL AND expires_at > now() AND opened_at IS NULL)::int AS busy,
          ${takingAgents} AS agents`,
      values: [limit, this.liveness.lock, except],
    });
    return { sbcIds: row?.sbc_ids ?? [], busy: row?.busy ?? 0, agents: row?.agents ?? 0 };
  }

  /** SBCs whose breaker is open and that have work; those whose next probe is due, or comes next, first. */
  async silentDevices(limit: number, except: readonly number[] = []): Promise<SilentDevice[]> {
    const rows = await this.database.run<{ sbc_id: number; is_due: boolean }>({
      name: 'lease-silent',
      text: `
        SELECT sbc_id, coalesce(rest_until <= now(), true) AS is_due FROM device_lease
        WHERE opened_at IS NOT NULL AND sbc_id <> ALL($3::int[]) AND ${isFree}
          AND (save_owed OR sweep_owed_from IS NOT NULL OR ${hasOpenJobs('device_lease.sbc_id::text')})
        ORDER BY rest_until NULLS FIRST LIMIT $1`,
      values: [limit, this.liveness.lock, except],
    });
    return rows.map((row) => ({ sbcId: row.sbc_id, isProbeDue: row.is_due }));
  }

  /** Locks those of these SBCs that are silent still and that nobody holds: until the end of the transaction nobody takes them. */
  async lockSilentIn(transaction: Pick<Transaction, 'run'>, sbcIds: readonly number[]): Promise<Silence[]> {
    const rows = await transaction.run<{ sbc_id: number; opened_at: Date; last_fault: string | null }>({
      name: 'lease-lock-silent',
      text: `SELECT sbc_id, opened_at, last_fault FROM device_lease
             WHERE sbc_id = ANY($1::int[]) AND opened_at IS NOT NULL
               /* safeguard: silent-and-free */ AND ${isFree}
             ORDER BY sbc_id FOR UPDATE SKIP LOCKED`,
      values: [sbcIds, this.liveness.lock],
    });
    return rows.map((row) => ({ sbcId: row.sbc_id, since: row.opened_at, lastFault: row.last_fault ?? 'unknown' }));
  }

  /**
   * Takes leases, of devices that do not rest: for a visit, or, where the breaker is open, for a probe. `locked`: it could be had, but its row is locked, which
   * can't be for one that is taken alone. What travels behind it in the transaction sees the rows as they are then. The process must be alive.
   */
  acquireIn(transaction: Transaction, sbcIds: readonly number[], { isAlone = false, isProbe = false } = {}): Promise<Map<number, Lease | typeof locked>> {
    const askedAtMs = this.clock.monotonicMs();
    const unknown = sbcIds.filter((sbcId) => !this.known.has(sbcId));
    if (unknown.length > 0) {
      // Of a row that is there the insert would wait for whoever changes it.
      transaction.send({
        name: 'lease-rows',
        text: `INSERT INTO device_lease (sbc_id) SELECT id FROM unnest($1::int[]) AS id WHERE NOT EXISTS (SELECT 1 FROM device_lease WHERE sbc_id = id) ON CONFLICT DO NOTHING`,
        values: [unknown.toSorted((a, b) => a - b)],
      });
    }
    const breaker = isProbe ? /* safeguard: probe-allowed */ 'AND opened_at IS NOT NULL' : 'AND opened_at IS NULL';
    const mayVisit = /* safeguard: visit-allowed */ `${breaker} AND coalesce(rest_until <= now(), true)`;
    const wanted = `device_lease WHERE sbc_id = ANY($1::int[]) AND ${isFree} ${mayVisit}`;
    return heard(transaction.run<GrantRow>({
      name: `lease-acquire${isProbe ? '-probe' : ''}${isAlone ? '-alone' : ''}`,
      text: `
        WITH free AS (
          SELECT sbc_id AS free_id FROM ${wanted} ORDER BY sbc_id FOR UPDATE ${isAlone ? '' : unlocked}
        ), taken AS (
          UPDATE device_lease SET holder = $3, holder_lock = $2, epoch = epoch + 1, expires_at = now() + $4 * interval '1 millisecond', taken_at = now(),
            sweep_owed_from = CASE WHEN ${mayWakeUp} THEN greatest(sweep_owed_from, write_until, now()) ELSE sweep_owed_from END
          FROM free WHERE sbc_id = free_id
          RETURNING sbc_id AS taken_id, epoch::text, save_owed, in_flight_customer, in_flight_is_undo,
            greatest(0, coalesce(extract(epoch FROM write_until - now()) * 1000, 0))::bigint::text AS quiet_for_ms,
            fault_count, failed_visits, CASE WHEN sweep_owed_from <= now() THEN sweep_owed_from::text END AS sweep_due
        )
        SELECT wanted.sbc_id, taken.* FROM (SELECT sbc_id FROM ${wanted}) wanted LEFT JOIN taken ON taken_id = sbc_id`,
      values: [sbcIds, this.liveness.lock, this.options.holder, this.options.leaseMs],
    }).then((rows) => {
      const leases = new Map(rows.flatMap((row): [number, Lease | typeof locked][] => {
        const lease = this.leaseOf(row, askedAtMs);
        return lease || !isAlone ? [[row.sbc_id, lease ?? /* safeguard: locked-take-again */ locked]] : [];
      }));
      // Of the others it is not known.
      for (const sbcId of sbcIds) this.known[leases.has(sbcId) ? 'add' : 'delete'](sbcId);
      return leases;
    }));
  }

  /** Prolongs leases; those that are somebody else's now are lost. */
  async renew(leases: readonly Lease[]): Promise<void> {
    if (leases.length === 0) return;
    const renewed = (await this.renewIn(this.database, leases))();
    await Promise.all(leases.filter((lease) => !renewed.has(lease)).map(async (lease) => (await this.renewIn(this.database, [lease], { isAlone: true }))()));
  }

  /** Answers those that are prolonged; the others are lost, or their rows could not be had at once, which can't be for one that is prolonged alone. */
  async renewIn(transaction: Pick<Transaction, 'run'>, leases: readonly Lease[], { isAlone = false } = {}): Promise<OnceCommitted<Set<Lease>>> {
    const askedAtMs = this.clock.monotonicMs();
    const rows = await transaction.run<LeaseKey>({
      name: `lease-renew${isAlone ? '-alone' : ''}`,
      text: `UPDATE device_lease SET expires_at = now() + $3 * interval '1 millisecond' FROM ${heldRows(isAlone)}
             WHERE sbc_id = held_id RETURNING ${leaseKey}`,
      values: [...keysOf(leases), this.options.leaseMs],
    });
    return () => {
      const held = new Set(byLease(rows, leases).keys());
      for (const lease of held) lease.renewed(askedAtMs, this.options.leaseMs);
      if (isAlone && held.size === 0) leases[0]?.lost();
      return held;
    };
  }

  /**
   * Names scripts before their first byte, prolongs the leases, and notes that saves will be owed. Without an answer for a lease its row could not be had at
   * once, which can't be for one that is asked for alone.
   */
  async announceIn(
    transaction: Pick<Transaction, 'run'>, announced: readonly AnnouncedScript[], { isAlone = false } = {},
  ): Promise<OnceCommitted<Map<Lease, Announced>>> {
    const askedAtMs = this.clock.monotonicMs();
    const scripts = announced.map(({ script }) => script);
    const rows = await transaction.run<LeaseKey & { is_closing: boolean }>({
      name: `lease-announce${isAlone ? '-alone' : ''}`,
      text: `UPDATE device_lease SET expires_at = now() + $3 * interval '1 millisecond',
               write_until = greatest(coalesce(write_until, now()), now() + write_for_ms * interval '1 millisecond'),
               /* safeguard: save-owed */ save_owed = true, in_flight_customer = customer_guid, in_flight_is_undo = is_undo
             FROM ${heldRows(isAlone, scriptColumns, 4)}
             WHERE sbc_id = held_id RETURNING ${leaseKey}, ${isJobClosing('held.job_id')} AS is_closing`,
      values: [
        ...keysOf(announced.map(({ lease }) => lease)), this.options.leaseMs, scripts.map(({ writeForMs }) => writeForMs),
        scripts.map(({ customerGuid }) => customerGuid), scripts.map(({ isUndo }) => isUndo), scripts.map(({ jobId }) => jobId ?? null),
      ],
    });
    return () => {
      const answers = byLease(rows, announced.map(({ lease }) => lease));
      return new Map(announced.flatMap(({ lease, script }): [Lease, Announced][] => {
        const row = answers.get(lease);
        if (row) {
          lease.renewed(askedAtMs, this.options.leaseMs, script.writeForMs);
          return [[lease, /* safeguard: close-checked-before-script */ row.is_closing ? 'closed' : 'announced']];
        }
        if (!isAlone) return [];
        lease.lost();
        return [[lease, 'lost']];
      }));
    };
  }

  /**
   * Gives leases back, with what the visits have shown of the devices; those that had been taken are not answered, nor those whose row could not be had at
   * once.
   */
  async releaseIn(
    transaction: Pick<Transaction, 'run'>, ended: readonly EndedVisit[], { isAlone = false } = {},
  ): Promise<Map<Lease, Released>> {
    const leases = ended.map(({ lease }) => lease);
    const ends = ended.map(({ end }) => end);
    const rows = await transaction.run<LeaseKey & { leaves_work: boolean }>({
      name: `lease-release${isAlone ? '-alone' : ''}`,
      text: `UPDATE device_lease SET holder = NULL, holder_lock = NULL, expires_at = NULL, write_until = CASE WHEN is_quiet THEN NULL ELSE write_until END,
               in_flight_customer = CASE WHEN is_quiet THEN NULL ELSE in_flight_customer END, save_owed = save_owed AND NOT is_saved,
               fault_count = held.faults, failed_visits = held.failed, last_fault = coalesce(held.fault, last_fault),
               opened_at = CASE WHEN is_open THEN coalesce(opened_at, now()) END,
               rest_until = CASE WHEN rest_ms > 0 THEN now() + rest_ms * interval '1 millisecond' END
             FROM ${heldRows(isAlone, endColumns)}
             WHERE sbc_id = held_id RETURNING ${leaseKey}, ${hasDueJobs('device_lease.sbc_id::text')} AS leaves_work`,
      values: [
        ...keysOf(leases), ends.map(({ isQuiet }) => isQuiet), ends.map(({ health }) => health.faults),
        ends.map(({ health }) => health.failedVisits), ends.map(({ lastFault }) => lastFault ?? null), ends.map(({ health }) => health.isOpen),
        ends.map(({ health }) => health.restMs), ends.map(({ isSaved }) => isSaved),
      ],
    });
    return new Map([...byLease(rows, leases)].map(([lease, row]) => [lease, { leavesWork: row.leaves_work }]));
  }

  private leaseOf({ epoch, ...row }: GrantRow, askedAtMs: number): Lease | undefined {
    if (epoch === null) return undefined;
    return new Lease(
      {
        sbcId: row.sbc_id, epoch, quietForMs: Number(row.quiet_for_ms), saveOwed: row.save_owed, inFlight: inFlightOf(row),
        health: { faults: row.fault_count, failedVisits: row.failed_visits }, sweepDue: row.sweep_due ?? undefined,
      },
      askedAtMs, this.options.leaseMs, () => this.clock.monotonicMs(),
    );
  }
}

interface LeaseKey { sbc_id: number; epoch: string }
const leaseKey = 'sbc_id, device_lease.epoch::text';

/** The rows that are these leases': a device may have been taken again meanwhile, by this very process as well. */
function byLease<Row extends LeaseKey>(rows: readonly Row[], leases: readonly Lease[]): Map<Lease, Row> {
  const bySbc = new Map(rows.map((row) => [row.sbc_id, row]));
  return new Map(leases.flatMap((lease): [Lease, Row][] => {
    const row = bySbc.get(lease.grant.sbcId);
    return row && /* safeguard: answer-of-epoch */ row.epoch === lease.grant.epoch ? [[lease, row]] : [];
  }));
}

/** Parameters 1 and 2 of a statement on these leases. */
function keysOf(leases: readonly Lease[]): [number[], string[]] {
  return [leases.map(({ grant }) => grant.sbcId), leases.map(({ grant }) => grant.epoch)];
}

function inFlightOf({ in_flight_customer: customerGuid, in_flight_is_undo: isUndo }: Pick<GrantRow, 'in_flight_customer' | 'in_flight_is_undo'>): InFlight | undefined {
  return customerGuid === null ? undefined : { customerGuid, isUndo: isUndo ?? false };
}
