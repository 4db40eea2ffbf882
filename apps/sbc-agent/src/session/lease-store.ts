import { randomInt } from 'node:crypto';

import type { Database, Transaction } from '@trunkline/persistence';
import type { Clock, Logger } from '@trunkline/runtime';
import { Client } from 'pg';

import { type InFlight, Lease } from './lease.js';

export interface LeaseStoreOptions {
  readonly holder: string;
  readonly databaseUrl: string;
  readonly schema: string;
  readonly leaseMs: number;
}

interface GrantRow { epoch: string; quiet_for_ms: string; save_owed: boolean; in_flight_customer: string | null; in_flight_is_undo: boolean | null }

const advisoryClass = 84_113;

/**
 * Device leases by the database's clock. A holder also keeps a database session with an advisory lock: when that lock is free the
 * holder is dead, and the others need not wait for the lease to run out.
 */
export class LeaseStore {
  /** Random, so that no two instances share one; small, so that it fits PostgreSQL's two-part advisory locks. */
  private readonly holderLock = randomInt(1, 2_147_483_647);
  private session: Client | undefined;
  private isClosing = false;

  constructor(
    private readonly database: Database, private readonly clock: Clock, private readonly options: LeaseStoreOptions, private readonly logger: Logger,
  ) {}

  /** Makes sure the session that proves this process alive is there. Leases are taken only with it. */
  async ensureAlive(): Promise<void> {
    if (this.session || this.isClosing) return;
    const session = new Client({ connectionString: this.options.databaseUrl, application_name: `${this.options.holder} alive`, keepAlive: true });
    session.on('error', (err) => {
      this.logger.warn({ err }, 'the session that holds this agent\'s leases was lost');
      if (this.session === session) this.session = undefined;
    });
    session.on('end', () => { if (this.session === session) this.session = undefined; });
    await session.connect();
    await session.query('SELECT pg_advisory_lock($1, $2)', [advisoryClass, this.holderLock]);
    this.session = session;
  }

  /** SBCs with work that nobody alive holds. */
  async waitingDevices(limit: number): Promise<number[]> {
    const rows = await this.database.run<{ sbc_id: number }>({
      name: 'lease-waiting',
      text: `
        SELECT DISTINCT w.sbc_id FROM (
          SELECT lane::int AS sbc_id FROM job WHERE (state = 'waiting' AND run_at <= now()) OR state = 'running'
          UNION SELECT sbc_id FROM device_lease WHERE save_owed
        ) w LEFT JOIN device_lease l ON l.sbc_id = w.sbc_id
        WHERE l.holder IS NULL OR l.expires_at < now()
          OR NOT EXISTS (SELECT 1 FROM pg_locks p WHERE p.locktype = 'advisory' AND p.classid = $2::oid AND p.objid = l.holder_lock::oid AND p.objsubid = 2)
        LIMIT $1`,
      values: [limit, advisoryClass],
    });
    return rows.map((row) => row.sbc_id);
  }

  /** Takes the lease of a device, or undefined when somebody alive has it. */
  async acquire(sbcId: number): Promise<Lease | undefined> {
    await this.ensureAlive();
    const askedAtMs = this.clock.monotonicMs();
    const rows = await this.database.transaction(async (transaction) => {
      await transaction.run({ name: 'lease-row', text: 'INSERT INTO device_lease (sbc_id) VALUES ($1) ON CONFLICT DO NOTHING', values: [sbcId] });
      return transaction.run<GrantRow>({
        name: 'lease-acquire',
        text: `
          UPDATE device_lease SET holder = $2, holder_lock = $3, epoch = epoch + 1, expires_at = now() + $4 * interval '1 millisecond'
          WHERE sbc_id = $1 AND (holder IS NULL OR expires_at < now()
            OR NOT EXISTS (SELECT 1 FROM pg_locks p WHERE p.locktype = 'advisory' AND p.classid = $5::oid AND p.objid = device_lease.holder_lock::oid AND p.objsubid = 2))
          RETURNING epoch::text, greatest(0, coalesce(extract(epoch FROM write_until - now()) * 1000, 0))::bigint::text AS quiet_for_ms, save_owed,
            in_flight_customer, in_flight_is_undo`,
        values: [sbcId, this.options.holder, this.holderLock, this.options.leaseMs, advisoryClass],
      });
    });
    const [row] = rows;
    if (!row) return undefined;
    return new Lease(
      { sbcId, epoch: row.epoch, quietForMs: Number(row.quiet_for_ms), saveOwed: row.save_owed, inFlight: inFlightOf(row) }, askedAtMs, this.options.leaseMs,
      () => this.clock.monotonicMs(),
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
      name: 'lease-saved', text: 'UPDATE device_lease SET save_owed = false WHERE sbc_id = $1 AND epoch = $2', values: [lease.grant.sbcId, lease.grant.epoch],
    });
  }

  /** Gives the lease back. `isQuiet`: every script has been answered; else the next holder waits for `write_until`. */
  async release(lease: Lease, isQuiet: boolean): Promise<void> {
    await this.database.run({
      name: 'lease-release',
      text: `UPDATE device_lease SET holder = NULL, holder_lock = NULL, expires_at = NULL, write_until = CASE WHEN $3 THEN NULL ELSE write_until END,
               in_flight_customer = CASE WHEN $3 THEN NULL ELSE in_flight_customer END
             WHERE sbc_id = $1 AND epoch = $2`,
      values: [lease.grant.sbcId, lease.grant.epoch, isQuiet],
    });
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.session?.end();
  }

  private renewal(lease: Lease, writeForMs: number | undefined, inFlight: InFlight | undefined) {
    return {
      name: 'lease-renew',
      text: `UPDATE device_lease SET expires_at = now() + $3 * interval '1 millisecond',
               write_until = CASE WHEN $4::bigint IS NULL THEN write_until ELSE greatest(coalesce(write_until, now()), now() + $4 * interval '1 millisecond') END,
               save_owed = save_owed OR $4::bigint IS NOT NULL,
               in_flight_customer = coalesce($5::uuid, in_flight_customer), in_flight_is_undo = coalesce($6::boolean, in_flight_is_undo)
             WHERE sbc_id = $1 AND epoch = $2 RETURNING sbc_id`,
      values: [lease.grant.sbcId, lease.grant.epoch, this.options.leaseMs, writeForMs ?? null, inFlight?.customerGuid ?? null, inFlight?.isUndo ?? null],
    };
  }
}

function inFlightOf({ in_flight_customer: customerGuid, in_flight_is_undo: isUndo }: GrantRow): InFlight | undefined {
  return customerGuid === null ? undefined : { customerGuid, isUndo: isUndo ?? false };
}
