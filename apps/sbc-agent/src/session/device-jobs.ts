import type { Database } from '@trunkline/persistence';
import { claimedColumns, type ClaimedJob, claimedJobOf, type ClaimRow } from '@trunkline/steps';

/** Why a job ends although its device does not answer. */
export type EndWithoutDevice = 'nothing-to-clean' | 'start-by-passed' | 'time-passed';

export interface EndingJob {
  readonly job: ClaimedJob;
  readonly why: EndWithoutDevice;
  readonly openedAt: Date;
  readonly lastFault: string;
}

interface EndingRow extends ClaimRow { why: EndWithoutDevice; opened_at: Date; last_fault: string | null }

const claimMs = 60_000;

/** What becomes of a device's jobs for reasons that lie in the device or in its agents. */
export class DeviceJobs {
  constructor(private readonly database: Database, private readonly holder: string) {}

  /** Gives back what others have left running; whoever has the device's lease knows that they are gone. Answers how many. */
  async handBack(sbcId: number): Promise<number> {
    const rows = await this.database.run({
      name: 'device-jobs-hand-back',
      text: `UPDATE job SET state = CASE WHEN is_closing THEN 'dropped' ELSE 'waiting' END, finished_at = CASE WHEN is_closing THEN now() END,
               holder = NULL, claimed_until = NULL
             WHERE lane = $1 AND state = 'running' RETURNING 1`,
      values: [String(sbcId)],
    });
    return rows.length;
  }

  /** Jobs that were put off because the device was silent need wait no longer. */
  async runNow(sbcId: number): Promise<void> {
    await this.database.run({
      name: 'device-jobs-run-now',
      text: `UPDATE job SET run_at = now() WHERE lane = $1 AND state = 'waiting' AND run_at > now() AND split_part(note, ':', 1) IN ('SBC_UNREACHABLE', 'SBC_ANSWER_LOST')`,
      values: [String(sbcId)],
    });
  }

  /**
   * Claims jobs of silent devices that end all the same: undos of customers that were never on the device, and what has waited too long. A job that
   * was never tried has waited since the breaker opened, or since it came: while nothing is tried a probe stands for everybody's attempt.
   */
  async claimEnding(stepTimeMs: number, limit: number): Promise<EndingJob[]> {
    const rows = await this.database.run<EndingRow>({
      name: 'device-jobs-ending',
      text: `
        WITH ending AS (
          SELECT j.id, l.opened_at, l.last_fault, CASE
              WHEN w.has_nothing THEN 'nothing-to-clean' WHEN w.is_too_late THEN 'start-by-passed' ELSE 'time-passed' END AS why
          FROM device_lease l JOIN job j ON j.lane = l.sbc_id::text CROSS JOIN LATERAL (
            SELECT j.is_undo AND NOT EXISTS (SELECT 1 FROM undo_owed n WHERE n.customer_guid = j.customer_guid AND n.settled_at IS NULL) AS has_nothing,
              NOT j.is_undo AND j.attempts = 0 AND coalesce(j.start_by < now(), false) AS is_too_late,
              coalesce(j.first_attempt_at, greatest(j.created_at, l.opened_at)) + $2 * interval '1 millisecond' < now() AS is_over
          ) w
          WHERE l.opened_at IS NOT NULL AND j.state = 'waiting' AND (w.has_nothing OR w.is_too_late OR w.is_over)
            AND NOT EXISTS (SELECT 1 FROM job other WHERE other.customer_guid = j.customer_guid AND other.state = 'running')
          ORDER BY j.is_undo DESC, j.id LIMIT $3
          FOR UPDATE OF j SKIP LOCKED
        )
        UPDATE job SET state = 'running', attempts = attempts + 1, holder = $1, epoch = epoch + 1,
          claimed_until = now() + ${claimMs} * interval '1 millisecond', first_attempt_at = coalesce(first_attempt_at, now())
        FROM ending WHERE job.id = ending.id
        RETURNING ${claimedColumns}, '0' AS elapsed_ms, false AS is_too_late, false AS is_taken_over, why, ending.opened_at, ending.last_fault`,
      values: [this.holder, stepTimeMs, limit],
    });
    return rows.map((row) => ({ why: row.why, openedAt: row.opened_at, lastFault: row.last_fault ?? 'unknown', job: claimedJobOf(row) }));
  }
}
