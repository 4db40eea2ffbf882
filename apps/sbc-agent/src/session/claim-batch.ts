import { heard, type Transaction } from '@trunkline/persistence';
import type { ClaimedJob, ClaimOptions } from '@trunkline/steps';

import type { Lease } from '../lease/lease.js';
import { isJustTaken, isUnderEpoch } from '../lease/lease-store.js';
import type { ClaimedBatch } from '../site/site-planner.js';
import type { SessionParts } from './session-parts.js';

const claimMs = 600_000;

/** Jobs of a device and the notes of their customers, both answered when the transaction is. */
interface Claimed {
  readonly jobs: Promise<readonly ClaimedJob[]>;
  readonly notes: Promise<ReadonlyMap<string, string>>;
}

/** Takes the lease of a device and, where nothing comes before them, its jobs. */
export function takeDevice(parts: SessionParts, sbcId: number): Promise<{ readonly lease: Lease | undefined; readonly found: Claimed }> {
  return parts.leases.acquireWith(sbcId, (transaction, lock) => claimBatch(parts, sbcId, transaction, {
    takeHeld: true, fence: { name: 'just-taken', condition: (parameter) => isJustTaken(parameter(sbcId), parameter(lock)) },
  }));
}

/** Claims jobs under a lease. `isFirst`: those that an earlier holder has left are among them. */
export async function claimNext(parts: SessionParts, { grant: { epoch, sbcId } }: Lease, isFirst: boolean): Promise<ClaimedBatch> {
  const { jobs, notes } = await parts.database.transaction((transaction) => claimBatch(parts, sbcId, transaction, {
    takeHeld: isFirst, fence: { name: 'under-epoch', condition: (parameter) => /* safeguard: claim-under-epoch */ isUnderEpoch(parameter(sbcId), parameter(epoch)) },
  }));
  return { jobs: await jobs, notes: await notes };
}

function claimBatch(
  { jobs, notes, settings: { batchSize, holder } }: SessionParts, sbcId: number, transaction: Transaction, options: Pick<ClaimOptions, 'fence' | 'takeHeld'>,
): Claimed {
  const lane = String(sbcId);
  return { jobs: heard(jobs.claim({ holder, limit: batchSize, claimMs, lane, ...options }, transaction)), notes: heard(notes.atWork(lane, transaction)) };
}
