import type { Logger } from '@trunkline/runtime';

import type { Lease } from '../lease/lease.js';
import type { SweepDebts } from '../sweep/sweep-debts.js';

/** Leases of this process that were lost after a script had begun: for each a sweep of its device is owed. */
export class LostLeases {
  /** Debts noted while a call was under way; until its end is known the look would be too early. */
  private readonly early = new Map<Lease, string>();
  /** Devices whose debt is noted nowhere yet, because the database was away. */
  private readonly unwritten = new Set<number>();

  constructor(private readonly debts: SweepDebts, private readonly logger: Logger) {}

  /** A script may be under way for so long; should this process end, the look comes after that. */
  async oweDuring(lease: Lease, forMs: number): Promise<void> {
    if (this.early.has(lease)) return;
    this.early.set(lease, await this.debts.owe(lease.grant.sbcId, forMs));
    this.tell(lease.grant.sbcId);
  }

  /** The last script has ended. */
  async oweAfter(lease: Lease): Promise<void> {
    const { sbcId } = lease.grant;
    const early = this.early.get(lease);
    this.early.delete(lease);
    await this.debts.owe(sbcId, 0, early).then(() => { this.tell(sbcId); }, (err: unknown) => {
      this.unwritten.add(sbcId);
      this.logger.warn({ err, sbcId }, 'a sweep of the SBC is owed and could not be noted, it is tried again');
    });
  }

  /** Notes what could not be noted before. */
  async retry(): Promise<void> {
    for (const sbcId of this.unwritten) {
      await this.debts.owe(sbcId, 0);
      this.tell(sbcId);
      this.unwritten.delete(sbcId);
    }
  }

  private tell(sbcId: number): void {
    this.logger.warn({ sbcId }, 'the lease of the SBC was lost after a script had begun: the SBC is swept');
  }
}
