import type { Database } from '@trunkline/persistence';

import type { ClaimedJob } from './job.js';
import { claimedColumns, claimedJobOf, type ClaimRow } from './job-store.js';

/** Why a job ends although its lane is blocked. */
export type EndWithoutAttempt = 'nothing-to-undo' | 'start-by-passed' | 'time-passed';

export interface EndingJob {
  readonly job: ClaimedJob;
  readonly why: EndWithoutAttempt;
  /** Since when its lane is blocked, and what for, by `BlockedLanes.lanes`. */
  readonly blockedSince: Date;
  readonly blockedFor: string | undefined;
}

/** Lanes in which nothing is attempted, by a service's own tables: parts of SQL text. */
export interface BlockedLanes {
  /** Of the prepared statement: another one for another text. */
  readonly name: string;
  /** Select with the columns `lane text`, `blocked_since timestamptz` and `blocked_for text`. */
  readonly lanes: string;
  /** Condition: an undo of the customer has nothing to do. `customerGuid` is a column. */
  readonly nothingToUndo: (customerGuid: string) => string;
}

export interface EndingOptions {
  readonly blocked: BlockedLanes;
  /** How long a job may wait while its lane is blocked. */
  readonly longestMs: number;
  readonly claimMs: number;
  readonly limit: number;
}

interface EndingRow extends ClaimRow { why: EndWithoutAttempt; blocked_since: Date; blocked_for: string | null }

/** What becomes of the jobs of a lane for reasons that lie in the lane, or in its holders. */
export class LaneJobs {
  constructor(private readonly database: Database, private readonly holder: string) {}

  /** Gives back what others have left running; only for the holder of the lane's lease, who knows that they are gone. */
  async returnLane(lane: string): Promise<void> {
    await this.database.run({
      name: 'lane-return',
      text: `UPDATE job SET state = CASE WHEN is_closing THEN 'dropped' ELSE 'waiting' END, finished_at = CASE WHEN is_closing THEN now() END,
               holder = NULL, claimed_until = NULL
             WHERE lane = $1 AND state = 'running'`,
      values: [lane],
    });
  }

  /** Jobs whose last attempt failed with one of these codes need wait no longer. */
  async wakeLane(lane: string, codes: readonly string[]): Promise<void> {
    await this.database.run({
      name: 'lane-wake',
      text: `UPDATE job SET run_at = now() WHERE lane = $1 AND state = 'waiting' AND run_at > now() AND split_part(note, ':', 1) = ANY($2::text[])`,
      values: [lane, codes],
    });
  }

  /**
   * Claims jobs of blocked lanes that end all the same: undos with nothing to do, and what has waited too long. A job that was never tried has waited
   * since its lane was blocked, or since it came.
   */
  async claimEnding({ blocked, claimMs, limit, longestMs }: EndingOptions): Promise<EndingJob[]> {
    const rows = await this.database.run<EndingRow>({
      name: `lane-claim-ending-${blocked.name}`,
      text: `
        WITH ending AS (
          SELECT j.id, l.blocked_since, l.blocked_for, CASE
              WHEN w.has_nothing THEN 'nothing-to-undo' WHEN w.is_too_late THEN 'start-by-passed' ELSE 'time-passed' END AS why
          FROM (${blocked.lanes}) l JOIN job j ON j.lane = l.lane CROSS JOIN LATERAL (
            SELECT j.is_undo AND ${blocked.nothingToUndo('j.customer_guid')} AS has_nothing,
              NOT j.is_undo AND j.attempts = 0 AND coalesce(j.start_by < now(), false) AS is_too_late,
              coalesce(j.first_attempt_at, greatest(j.created_at, l.blocked_since)) + $2 * interval '1 millisecond' < now() AS is_over
          ) w
          WHERE j.state = 'waiting' AND (w.has_nothing OR w.is_too_late OR w.is_over)
            AND NOT EXISTS (SELECT 1 FROM job other WHERE other.customer_guid = j.customer_guid AND other.state = 'running')
          ORDER BY j.is_undo DESC, j.id LIMIT $3
          FOR UPDATE OF j SKIP LOCKED
        )
        UPDATE job SET state = 'running', attempts = attempts + 1, holder = $1, epoch = epoch + 1,
          claimed_until = now() + $4 * interval '1 millisecond', first_attempt_at = coalesce(first_attempt_at, now())
        FROM ending WHERE job.id = ending.id
        RETURNING ${claimedColumns}, '0' AS elapsed_ms, false AS is_too_late, false AS is_taken_over, why, ending.blocked_since, ending.blocked_for`,
      values: [this.holder, longestMs, limit, claimMs],
    });
    return rows.map((row) => ({ why: row.why, blockedSince: row.blocked_since, blockedFor: row.blocked_for ?? undefined, job: claimedJobOf(row) }));
  }
}
