import { type Database, isThere, type Transaction } from '@trunkline/persistence';

import type { ClaimedJob } from './job.js';
import { claimed, claimedColumns, claimedJobOf, claimedJobsOf, type ClaimRow, elapsedColumn, type LaneFence, mayBeClaimed } from './job-store.js';

/** Why a job ends although its lane is blocked. */
export type EndWithoutAttempt = 'nothing-to-undo' | 'start-by-passed' | 'time-passed';

export interface EndingJob {
  readonly job: ClaimedJob;
  readonly why: EndWithoutAttempt;
}

/** A lane in which nothing is attempted. */
export interface BlockedLane {
  readonly lane: string;
  readonly since: Date;
}

/** A condition on a service's own tables, as SQL: an undo of the customer has nothing to do. `customerGuid` is a column. */
export interface NothingToUndo {
  /** Of the prepared statement: another one for another text. */
  readonly name: string;
  readonly of: (customerGuid: string) => string;
}

/** A value of a service's own tables that comes with each claimed job, as SQL, and its name. `customerGuid` is a column. */
export interface JobColumn {
  readonly name: string;
  readonly of: (customerGuid: string) => string;
}

export interface LaneClaim {
  readonly limit: number;
  readonly fence: LaneFence;
  readonly beside: JobColumn;
}

export interface LaneJob extends ClaimedJob {
  /** What the column of the claim has for it. */
  readonly beside: string | undefined;
}

export interface EndingOptions {
  readonly nothingToUndo: NothingToUndo;
  /** How long a job may wait while its lane is blocked. */
  readonly longestMs: number;
  readonly limit: number;
}

interface EndingRow extends ClaimRow { why: EndWithoutAttempt }

/** Jobs of lanes that somebody holds as a whole: whoever has a lane has its running jobs, and no claim of theirs runs out. */
export class LaneJobs {
  constructor(private readonly database: Database) {}

  /**
   * Claims the jobs of lanes for their holder, so many of each, undos first, at most one a customer at a time; counts the attempts. Those that an earlier
   * holder has left running are taken over: the caller has stored results of all that it has claimed before. The fence knows whose the lanes are.
   */
  async claim(transaction: Pick<Transaction, 'run'>, lanes: readonly string[], { beside, fence, limit }: LaneClaim): Promise<LaneJob[]> {
    const rows = await transaction.run<ClaimRow & { beside: string | null }>({
      name: `lane-claim-${fence.name}-${beside.name}`,
      text: `
        WITH held AS (
          SELECT lane FROM unnest($1::text[]) AS l(lane) WHERE ${fence.holds('l.lane')}
        ), dropped AS (
          -- Closed while somebody had it who is gone: what it was for is being undone, or has been.
          UPDATE job SET state = 'dropped', finished_at = now()
          WHERE id IN (SELECT gone.id FROM held CROSS JOIN LATERAL (
            SELECT j.id FROM job j WHERE j.lane = held.lane AND j.state = 'running' AND j.is_closing FOR UPDATE SKIP LOCKED) gone)
        ), due AS (
          SELECT mine.* FROM held CROSS JOIN LATERAL (
            SELECT j.id, j.state = 'running' AS is_taken_over FROM job j
            WHERE j.lane = held.lane
              AND j.state IN ('waiting', 'running') AND ((j.state = 'waiting' AND j.run_at <= now()) OR (j.state = 'running' AND /* safeguard: close-work-of-last-holder */ NOT j.is_closing))
              AND ${mayBeClaimed('j', 'NOT other.is_closing')}
            ORDER BY j.is_undo DESC, j.id
            LIMIT $2
            FOR UPDATE OF j SKIP LOCKED
          ) mine
        )
        UPDATE job SET ${claimed}
        FROM due WHERE job.id = due.id
        RETURNING ${claimedColumns}, ${elapsedColumn}, due.is_taken_over,
          /* safeguard: start-by-in-lane */ coalesce(note IS NULL AND start_by < now(), false) AS is_too_late,
          ${beside.of('job.customer_guid')} AS beside`,
      values: [lanes, limit],
    });
    const besides = new Map(rows.map((row) => [row.id, row.beside ?? undefined]));
    return claimedJobsOf(rows).map((job) => ({ ...job, beside: besides.get(job.id) }));
  }

  /** Gives back what others, who are gone, have left running in a lane, if the fence holds there. */
  returnLane(transaction: Pick<Transaction, 'send'>, lane: string, fence: LaneFence): void {
    transaction.send({
      name: `lane-return-${fence.name}`,
      text: `UPDATE job SET state = CASE WHEN is_closing THEN 'dropped' ELSE 'waiting' END, finished_at = CASE WHEN is_closing THEN now() END
             WHERE lane = $1 AND state = 'running' AND ${fence.holds('job.lane')}`,
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
   * Claims jobs of blocked lanes that end all the same: undos with nothing to do, and what has waited too long; one lane after the other. A job that was never
   * tried has waited since its lane was blocked, or since it came. The transaction has the lanes, and stores the results as well.
   */
  async claimEnding(transaction: Pick<Transaction, 'run'>, blocked: readonly BlockedLane[], { limit, longestMs, nothingToUndo }: EndingOptions): Promise<EndingJob[]> {
    const rows = await transaction.run<EndingRow>({
      name: `lane-claim-ending-${nothingToUndo.name}`,
      text: `
        WITH ending AS (
          SELECT mine.* FROM unnest($3::text[], $4::timestamptz[]) AS l(lane, blocked_since) CROSS JOIN LATERAL (
            SELECT j.id, CASE WHEN w.has_nothing THEN 'nothing-to-undo' WHEN w.is_too_late THEN 'start-by-passed' ELSE 'time-passed' END AS why
            FROM job j CROSS JOIN LATERAL (
              SELECT j.is_undo AND ${nothingToUndo.of('j.customer_guid')} AS has_nothing,
                NOT j.is_undo AND j.attempts = 0 AND coalesce(j.start_by < now(), false) AS is_too_late,
                coalesce(j.first_attempt_at, greatest(j.created_at, l.blocked_since)) + $1 * interval '1 millisecond' < now() AS is_over
            ) w
            WHERE j.lane = l.lane AND j.state = 'waiting' AND (w.has_nothing OR w.is_too_late OR w.is_over)
              AND NOT ${isThere(`job other WHERE other.customer_guid = j.customer_guid AND other.state = 'running'`)}
            ORDER BY j.is_undo DESC, j.id LIMIT $2
            FOR UPDATE OF j SKIP LOCKED
          ) mine LIMIT $2
        )
        UPDATE job SET ${claimed}
        FROM ending WHERE job.id = ending.id
        RETURNING ${claimedColumns}, '0' AS elapsed_ms, false AS is_too_late, false AS is_taken_over, why`,
      values: [longestMs, limit, blocked.map(({ lane }) => lane), blocked.map(({ since }) => since)],
    });
    return rows.map((row) => ({ why: row.why, job: claimedJobOf(row) }));
  }
}
