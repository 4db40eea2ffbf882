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

  /** A script may be under way for so long; should this process end, the look comes after that. To be called again until the script has ended. */
  async oweDuring(lease: Lease, forMs: number): Promise<void> {
    if (this.early.has(lease)) return;
    const debt = await this.owe(lease.grant.sbcId, forMs);
    if (debt !== undefined) this.early.set(lease, debt);
  }

  /** The device was given back under this lease after all; what has been noted stays owed. */
  forget(lease: Lease): void {
    this.early.delete(lease);
  }

  /** The last script has ended. */
  async oweAfter(lease: Lease): Promise<void> {
    const early = this.early.get(lease);
    this.early.delete(lease);
    if (await this.owe(lease.grant.sbcId, 0, early) === undefined) this.unwritten.add(lease.grant.sbcId);
  }

  /** Notes what could not be noted before. */
  async retry(): Promise<void> {
    await Promise.all([...this.unwritten].map(async (sbcId) => {
      if (await this.owe(sbcId, 0) !== undefined) this.unwritten.delete(sbcId);
    }));
  }

  /** Undefined when it could not be noted: that is tried again, and keeps nothing else waiting. */
  private async owe(sbcId: number, forMs: number, early?: string): Promise<string | undefined> {
    try {
      const debt = await this.debts.owe(sbcId, forMs, early);
      this.logger.warn({ sbcId }, 'the lease of the SBC was lost after a script had begun: the SBC is swept');
      return debt;
    } catch (err) {
      this.logger.warn({ err, sbcId }, 'a sweep of the SBC is owed and could not be noted, it is tried again');
      return undefined;
    }
  }
}
