import type { Database } from '@trunkline/persistence';
import type { Logger } from '@trunkline/runtime';

import type { Lease } from '../lease/lease.js';

/** Who finds a debt unpaid tries again then; other work of the device goes on meanwhile. */
const againAfterMs = 10_000;

/**
 * "Sweep owed": the device may be another than was reported. A script of an agent that had lost its lease may have reached it, behind the back of the next
 * holder; or it may have started again before what was written had been saved.
 */
export class SweepDebts {
  /** Noted while a call was under way; until its end is known the look would be too early. */
  private readonly early = new Map<Lease, string>();
  /** Noted nowhere yet, because the database was away. */
  private readonly unwritten = new Set<number>();

  constructor(private readonly database: Database, private readonly logger: Logger) {}

  /** A script may be under way for so long; should this process end, the look comes after that. */
  async oweDuring(lease: Lease, forMs: number): Promise<void> {
    if (this.early.has(lease)) return;
    this.early.set(lease, await this.owe(lease.grant.sbcId, forMs, undefined));
    this.tell(lease.grant.sbcId);
  }

  /** The last script has ended. */
  async oweAfter(lease: Lease): Promise<void> {
    const { sbcId } = lease.grant;
    const early = this.early.get(lease);
    this.early.delete(lease);
    await this.owe(sbcId, 0, early).then(() => { this.tell(sbcId); }, (err: unknown) => {
      this.unwritten.add(sbcId);
      this.logger.warn({ err, sbcId }, 'a sweep of the SBC is owed and could not be noted, it is tried again');
    });
  }

  /** What stands on the device is reported, and a restart of it would lose that. */
  async oweUnsaved(lease: Lease): Promise<void> {
    await this.owe(lease.grant.sbcId, 0, undefined);
  }

  /** Notes what could not be noted before. */
  async retry(): Promise<void> {
    for (const sbcId of this.unwritten) {
      await this.owe(sbcId, 0, undefined);
      this.tell(sbcId);
      this.unwritten.delete(sbcId);
    }
  }

  /** Nothing is left to find. A debt that was noted again meanwhile stays. */
  async paid(lease: Lease, debt: string): Promise<void> {
    await this.database.run({
      name: 'sweep-paid', text: 'UPDATE device_lease SET sweep_owed_from = NULL WHERE sbc_id = $1 AND epoch = $2 AND sweep_owed_from = $3::timestamptz',
      values: [lease.grant.sbcId, lease.grant.epoch, debt],
    });
  }

  async putOff(lease: Lease, debt: string): Promise<void> {
    await this.database.run({
      name: 'sweep-put-off',
      text: `UPDATE device_lease SET sweep_owed_from = now() + $4 * interval '1 millisecond'
             WHERE sbc_id = $1 AND epoch = $2 AND sweep_owed_from = $3::timestamptz`,
      values: [lease.grant.sbcId, lease.grant.epoch, debt, againAfterMs],
    });
  }

  private async owe(sbcId: number, forMs: number, early: string | undefined): Promise<string> {
    const rows = await this.database.run<{ debt: string }>({
      name: 'sweep-owe',
      text: `UPDATE device_lease SET sweep_owed_from = CASE
               WHEN sweep_owed_from = $3::timestamptz THEN now() ELSE greatest(sweep_owed_from, now() + $2 * interval '1 millisecond') END
             WHERE sbc_id = $1 RETURNING sweep_owed_from::text AS debt`,
      values: [sbcId, forMs, early ?? null],
    });
    return rows[0]?.debt ?? '';
  }

  private tell(sbcId: number): void {
    this.logger.warn({ sbcId }, 'the lease of the SBC was lost after a script had begun: the SBC is swept');
  }
}
