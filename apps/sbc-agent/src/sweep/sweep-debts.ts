import type { Database } from '@trunkline/persistence';

import type { Lease } from '../lease/lease.js';

/** Who finds a debt unpaid tries again then; other work of the device goes on meanwhile. */
const againAfterMs = 10_000;

/**
 * "Sweep owed": the device may be another than was reported. A script of an agent that had lost its lease may have reached it, behind the back of the next
 * holder; or it may have started again before what was written had been saved.
 */
export class SweepDebts {
  constructor(private readonly database: Database) {}

  /** Notes that a sweep is due in `forMs`, not sooner than one noted before; at once when that is `early`. Answers the debt, empty for an unknown device. */
  async owe(sbcId: number, forMs: number, early?: string): Promise<string> {
    const rows = await this.database.run<{ debt: string }>({
      name: 'sweep-owe',
      text: `UPDATE device_lease SET sweep_owed_from = CASE
               WHEN sweep_owed_from = $3::timestamptz THEN now() ELSE greatest(sweep_owed_from, now() + $2 * interval '1 millisecond') END
             WHERE sbc_id = $1 RETURNING sweep_owed_from::text AS debt`,
      values: [sbcId, forMs, early ?? null],
    });
    return rows[0]?.debt ?? '';
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
}
