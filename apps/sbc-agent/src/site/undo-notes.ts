import { type Database, isThere, type Transaction } from '@trunkline/persistence';
import type { Secrets } from '@trunkline/secrets';
import { customersDone, isCustomerClosing, type JobColumn, type OwnRows } from '@trunkline/steps';

import { heldHere } from '../lease/lease-store.js';
import { cleanupsOf } from './site-outcomes.js';
import { type CleanupNote, noteOf } from './site-work.js';

export interface NewNote {
  readonly customerGuid: string;
  readonly siteGuid: string;
  readonly sealedCleanup: string;
}

/** Under which lease it is noted. */
type LeasedNote = NewNote & { readonly lease: { readonly sbcId: number; readonly epoch: string } };

interface NoteRow {
  readonly customer_guid: string;
  readonly sealed_cleanup: string;
  readonly [name: string]: unknown;
}

/** SQL condition: nothing of the customer is to be taken off a device. `customerGuid` is a column. */
export function owesNoUndo(customerGuid: string): string {
  return `NOT ${isThere(`undo_owed n WHERE n.customer_guid = ${customerGuid} AND n.settled_at IS NULL`)}`;
}

/** The customer's note, still sealed: one that can't be opened must not stop the others. */
export const sealedNote: JobColumn = {
  name: 'note', of: (customerGuid) => `(SELECT n.sealed_cleanup FROM undo_owed n WHERE n.customer_guid = ${customerGuid} AND n.settled_at IS NULL)`,
};

/**
 * "Undo owed": what a device may have got from us, written down before it got anything, encrypted. Settled ones are kept for sweeps alone, those of abandoned
 * customers not at all.
 */
export class UndoNotes {
  /** Notes end in the transaction that takes in why, or stores that nothing is left. */
  readonly withJobs: OwnRows = {
    withIntake: (transaction, accepted) => {
      this.forget(transaction, accepted.flatMap(({ closes }) => (/* safeguard: abandoned-note-deleted */ closes?.isAbandoned ? [closes.customerGuid] : [])));
    },
    withResults: (transaction, results) => { this.settle(transaction, cleanupsOf(results)); },
  };

  constructor(private readonly database: Database, private readonly secrets: Secrets) {}

  /** Encrypts outside of any transaction. */
  seal(note: CleanupNote): Promise<string> {
    return this.secrets.seal({ ...note });
  }

  /** A customer's note, still sealed. */
  async of(customerGuid: string): Promise<string | undefined> {
    const [row] = await this.database.run<NoteRow>({
      name: 'undo-owed-read', text: 'SELECT customer_guid, sealed_cleanup FROM undo_owed WHERE customer_guid = $1 AND settled_at IS NULL', values: [customerGuid],
    });
    return row?.sealed_cleanup;
  }

  /** @throws SecretsError when it was sealed with another key */
  async open(sealed: string): Promise<CleanupNote> {
    const note: unknown = await this.secrets.open(sealed);
    return noteOf(note as CleanupNote); // what was sealed is what `seal` was given
  }

  /**
   * In a transaction that has locked the customers and written the rows of the leases. None when the lease is lost, and none for a customer whose work has been
   * closed meanwhile: nothing is sent for it any more, and an abandonment forgets only what is there.
   */
  add(transaction: Transaction, notes: readonly LeasedNote[]): void {
    if (notes.length === 0) return;
    const sorted = notes.toSorted((a, b) => (a.customerGuid < b.customerGuid ? -1 : 1));
    transaction.send({
      name: 'undo-owed-add',
      text: `INSERT INTO undo_owed (customer_guid, site_guid, sealed_cleanup, sbc_id, epoch)
             SELECT n.* FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::bigint[]) AS n(customer_guid, site_guid, sealed_cleanup, sbc_id, epoch)
             WHERE NOT ${isCustomerClosing('n.customer_guid')} AND ${/* safeguard: note-under-lease */ heldHere.holds('n.sbc_id')}
             ON CONFLICT (customer_guid) DO UPDATE SET settled_at = NULL, site_guid = excluded.site_guid, sealed_cleanup = excluded.sealed_cleanup,
               sbc_id = excluded.sbc_id, epoch = excluded.epoch, created_at = now()
             WHERE undo_owed.settled_at IS NOT NULL`,
      values: [
        sorted.map(({ customerGuid }) => customerGuid), sorted.map(({ siteGuid }) => siteGuid), sorted.map(({ sealedCleanup }) => sealedCleanup),
        sorted.map(({ lease }) => lease.sbcId), sorted.map(({ lease }) => lease.epoch),
      ],
    });
  }

  /** Nothing is left of the customers of these jobs, as far as their results are stored. */
  private settle(transaction: Transaction, jobIds: readonly string[]): void {
    if (jobIds.length === 0) return;
    transaction.send({
      name: 'undo-owed-settle',
      text: `UPDATE undo_owed SET settled_at = now() WHERE settled_at IS NULL AND customer_guid IN (${/* safeguard: note-settled-with-result */ customersDone('$1::bigint[]')})`,
      values: [jobIds],
    });
  }

  /** An operator looks after what these customers have on a device. */
  private forget(transaction: Transaction, customerGuids: readonly string[]): void {
    if (customerGuids.length === 0) return;
    transaction.send({ name: 'undo-owed-forget', text: 'DELETE FROM undo_owed WHERE customer_guid = ANY($1::uuid[])', values: [[...customerGuids].sort()] });
  }
}
