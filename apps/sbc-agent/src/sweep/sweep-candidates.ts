import { SbcOnboarded } from '@trunkline/contracts';
import type { Database } from '@trunkline/persistence';
import { isCustomerBusy, isCustomerDone } from '@trunkline/steps';

/** A customer whose rows a late script may have touched. */
export interface SweepCandidate {
  readonly customerGuid: string;
  readonly sealedCleanup: string;
}

interface CandidateRow { customer_guid: string; sealed_cleanup: string }

const pageSize = 200;

/** Deployed here, not closed, and with no work under way that looks after it anyway; `n` is the customer's note. */
const isLive = `n.settled_at IS NULL AND NOT ${isCustomerBusy('n.customer_guid')} AND ${isCustomerDone('n.customer_guid', `'${SbcOnboarded.type}'`)}`;

const texts = {
  cleaned: 'n.settled_at IS NOT NULL',
  live: isLive,
  onDevice: 'n.settled_at IS NULL',
} as const;

/** Customers of a device by what is noted of them. */
export class SweepCandidates {
  constructor(private readonly database: Database) {}

  /**
   * Page by page: `cleaned`, of the last days; `live`, deployed in the last days, for whom the request is still kept; `onDevice`, all that have or may
   * have rows there.
   */
  async* pages(sbcId: number, which: keyof typeof texts): AsyncGenerator<readonly SweepCandidate[]> {
    for (let after = '00000000-0000-0000-0000-000000000000', isLast = false; !isLast;) {
      const rows = await this.database.run<CandidateRow>({
        name: `sweep-candidates-${which}`,
        text: `SELECT n.customer_guid, n.sealed_cleanup FROM undo_owed n WHERE n.sbc_id = $1 AND n.customer_guid > $2 AND ${texts[which]} ORDER BY n.customer_guid LIMIT $3`,
        values: [sbcId, after, pageSize],
      });
      isLast = rows.length < pageSize;
      after = rows.at(-1)?.customer_guid ?? after;
      yield rows.map((row) => ({ customerGuid: row.customer_guid, sealedCleanup: row.sealed_cleanup }));
    }
  }

  /** Whether a customer is what it was when it was found. */
  async isStill(customerGuid: string, which: 'cleaned' | 'live'): Promise<boolean> {
    const rows = await this.database.run({
      name: `sweep-is-still-${which}`, text: `SELECT 1 FROM undo_owed n WHERE n.customer_guid = $1 AND ${texts[which]}`, values: [customerGuid],
    });
    return rows.length > 0;
  }
}
