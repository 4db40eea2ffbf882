import { isThere, type Transaction } from '@trunkline/persistence';

import type { ClaimedJob, NewJob } from './job.js';

/** Runs jobs that are claimed in the commit that stores them, as far as it has room. */
export interface Claimer {
  readonly holder: string;
  readonly claimMs: number;
  /** Keeps room for at most so many jobs; answers for how many. */
  reserve(most: number): number;
  /** Of the room that was kept these jobs use theirs, the rest is free again. */
  adopt(reserved: number, jobs: readonly ClaimedJob[], askedAtMs: number): void;
}

/** A job to store, and the message that asks for it. */
export interface Asked {
  readonly messageId: string;
  readonly body: string;
  readonly job: NewJob;
}

/**
 * The jobs of one commit. Those that nothing else of their customer has to end before are stored as claimed, as far as the runner has room: they need no
 * statement and no commit of their own. The caller holds a lock under which alone jobs of these customers are stored.
 */
export class IntakeClaims {
  private readonly reserved: number;
  private readonly askedAtMs = performance.now();
  private asked: readonly Asked[] = [];
  private stored: Promise<readonly StoredRow[]> = Promise.resolve([]);

  constructor(private readonly claimer: Claimer | undefined, most: number) {
    this.reserved = claimer?.reserve(most) ?? 0;
  }

  /** Runs the work that commits. */
  async during<T>(commit: () => Promise<T>): Promise<T> {
    try {
      return await commit();
    } catch (error) {
      this.claimer?.adopt(this.reserved, [], this.askedAtMs);
      throw error;
    }
  }

  /** Stores jobs, but no forward work of a customer that is closed, and none at all of one that is abandoned. Once in a commit. */
  insertJobs(transaction: Transaction, asked: readonly Asked[]): void {
    if (asked.length === 0) return;
    this.asked = asked;
    const claimable = claimableOf(asked, this.reserved);
    const jobs = asked.map(({ job }) => job);
    this.stored = transaction.run<StoredRow>({
      name: 'job-insert',
      text: `INSERT INTO job (
               message_id, kind, is_undo, deployment_id, customer_guid, round, lane, start_by, payload,
               state, attempts, epoch, holder, claimed_until, first_attempt_at)
             SELECT n.message_id, n.kind, n.is_undo, n.deployment_id, n.customer_guid, n.round, n.lane, n.start_by, n.payload,
               CASE WHEN c.is_claimed THEN 'running' ELSE 'waiting' END, c.is_claimed::int, c.is_claimed::int, CASE WHEN c.is_claimed THEN $11 END,
               CASE WHEN c.is_claimed THEN now() + $12 * interval '1 millisecond' END, CASE WHEN c.is_claimed THEN now() END
             FROM unnest($1::text[], $2::text[], $3::boolean[], $4::uuid[], $5::uuid[], $6::int[], $7::text[], $8::timestamptz[], $9::text[], $10::boolean[])
               AS n(message_id, kind, is_undo, deployment_id, customer_guid, round, lane, start_by, payload, is_claimable)
             CROSS JOIN LATERAL (SELECT n.is_claimable
               AND NOT ${isThere(`job other WHERE other.customer_guid = n.customer_guid AND /* safeguard: intake-claim-alone */ other.state IN ('waiting', 'running')`)}
               AND NOT ${isThere('job other WHERE other.customer_guid = n.customer_guid AND other.quiet_at > now()')}
               AS is_claimed OFFSET 0) c -- looked for once, not once a column
             WHERE NOT EXISTS (
               SELECT 1 FROM closed_customer closed WHERE closed.customer_guid = n.customer_guid AND (
                 /* safeguard: abandoned-job-refused */ closed.is_abandoned
                 /* safeguard: close-late-work */ OR (closed.round >= n.round AND NOT n.is_undo)
               ))
             ON CONFLICT (message_id) DO NOTHING
             RETURNING id::text, message_id, state = 'running' AS is_claimed, coalesce(start_by < now(), false) AS is_too_late`,
      values: [
        asked.map(({ messageId }) => messageId), jobs.map(({ kind }) => kind), jobs.map(({ isUndo }) => isUndo), jobs.map(({ deploymentId }) => deploymentId),
        jobs.map(({ customerGuid }) => customerGuid), jobs.map(({ round }) => round), jobs.map(({ lane }) => lane), jobs.map(({ startBy }) => startBy ?? null),
        asked.map(({ body }) => body), asked.map((each) => claimable.has(each)), this.claimer?.holder ?? null, this.claimer?.claimMs ?? 0,
      ],
    });
  }

  /** Once it is committed: hands the claimed jobs to the runner. True when others were stored that wait to be claimed. */
  async run(): Promise<boolean> {
    const rows = await this.stored;
    const byMessage = new Map(this.asked.map((each) => [each.messageId, each]));
    this.claimer?.adopt(this.reserved, rows.flatMap((row) => {
      const asked = byMessage.get(row.message_id);
      return row.is_claimed && asked ? [claimedJob(row, asked)] : [];
    }), this.askedAtMs);
    return rows.some((row) => !row.is_claimed);
  }
}

interface StoredRow { id: string; message_id: string; is_claimed: boolean; is_too_late: boolean }

/** One a customer, the undo if there is one. */
function claimableOf(asked: readonly Asked[], most: number): Set<Asked> {
  const first = new Map<string, Asked>();
  for (const each of asked) {
    const known = first.get(each.job.customerGuid);
    if (!known || (each.job.isUndo && !known.job.isUndo)) first.set(each.job.customerGuid, each);
  }
  return new Set([...first.values()].slice(0, most));
}

function claimedJob(row: StoredRow, { body, job, messageId }: Asked): ClaimedJob {
  const { customerGuid, deploymentId, isUndo, kind, lane, round } = job;
  return {
    id: row.id, messageId, kind, isUndo, deploymentId, customerGuid, round, lane, payload: body, attempt: 1, epoch: '1', elapsedMs: 0,
    isTooLate: /* safeguard: start-by-at-intake */ row.is_too_late, isTakenOver: false, lastNote: undefined,
  };
}
