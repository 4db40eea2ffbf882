import type { Transaction } from '@trunkline/persistence';
import type { ClaimedJob, ClaimOptions } from '@trunkline/steps';

import type { SessionParts } from './session-parts.js';

const claimMs = 600_000;

/** Claims jobs of a device and reads their customers' notes, both answered when the transaction is. */
export function claimBatch(
  { jobs, notes, settings: { batchSize, holder } }: Pick<SessionParts, 'jobs' | 'notes' | 'settings'>, sbcId: number, options: Pick<ClaimOptions, 'fence' | 'takeHeld'>,
  transaction: Transaction,
): { readonly jobs: Promise<readonly ClaimedJob[]>; readonly notes: Promise<ReadonlyMap<string, string>> } {
  const lane = String(sbcId);
  return { jobs: heard(jobs.claim({ holder, limit: batchSize, claimMs, lane, ...options }, transaction)), notes: heard(notes.atWork(lane, transaction)) };
}

/** What it travels with has failed as well, and says so. */
function heard<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined);
  return answer;
}
