import { type OutboxMessage, Outbox, outgoingText, type StoredMessages, storing } from '@trunkline/messaging';
import { type Database, GroupCommit, heard, isThere, type LockWait, type Parameter, type Statement, statementOf, type Transaction } from '@trunkline/persistence';
import { reachFaultPoint } from '@trunkline/runtime';

import { type Claimer, IntakeClaims } from './intake-claims.js';
import type { ClaimedJob, NewJob } from './job.js';

/** One message of the service's queue: what it asks for. */
export interface IntakeItem {
  readonly messageId: string;
  readonly body: string;
  /** A copy sent again: when its job is done, the stored outcome is told again. */
  readonly isRedrive: boolean;
  /** Copies keys for an outcome that is told again. */
  readonly origins: readonly string[];
  readonly job?: NewJob;
  /** Forward work of this customer up to this round starts no more. */
  readonly closes?: Close;
}

export interface Close {
  readonly customerGuid: string;
  readonly round: number;
  /** What may be left outside is an operator's now: nothing of it is owed any more. */
  readonly isAbandoned?: boolean;
}

/** What becomes of a claimed job. */
export type JobResult =
  | {
    readonly kind: 'done'; readonly job: ClaimedJob; readonly outcome?: { readonly type: string; readonly id: string; readonly message: OutboxMessage };
    readonly quietAfterMs?: number;
  }
  /** `quietAfterMs`: how long what was begun may still come to light; until then nothing else is done for the customer. */
  | { readonly kind: 'again'; readonly job: ClaimedJob; readonly afterMs: number; readonly note: string; readonly quietAfterMs?: number }
  /** Given back untouched, as if it had not been claimed. */
  | { readonly kind: 'released'; readonly job: ClaimedJob };

export interface ClaimOptions {
  readonly holder: string;
  readonly limit: number;
  /** How long the claim lasts unless renewed; no call may outlive it. */
  readonly claimMs: number;
}

/** A condition on the service's own tables, as SQL, and its name: in lanes where it fails nothing is claimed, and no result is stored. `lane` is a column. */
export interface LaneFence {
  readonly name: string;
  readonly holds: (lane: string) => string;
}

/** What a claiming statement returns: `claimedColumns`, and how the attempt stands. */
export interface ClaimRow {
  id: string; message_id: string; kind: string; is_undo: boolean; deployment_id: string; customer_guid: string; round: number; lane: string;
  payload: string; attempts: number; epoch: string; note: string | null; elapsed_ms: string; is_too_late: boolean; is_taken_over: boolean;
}

/** A service's own rows, written in the transaction that takes messages in, or that stores results. */
export interface OwnRows {
  readonly withIntake?: (transaction: Transaction, accepted: readonly IntakeItem[]) => void;
  /** Sent behind the results, before it is known which of them are stored: `customersDone` knows. */
  readonly withResults?: (transaction: Transaction, results: readonly JobResult[]) => void;
}

/** Results that a transaction stores, or does not. */
interface WrittenResults {
  readonly results: readonly JobResult[];
  readonly rows: Promise<readonly ResultRow[]>;
  readonly told: StoredMessages;
}

/** Of a result that is stored; `outbox_id` and `place` of the message that tells its outcome. */
interface ResultRow { id: string; leaves_work: boolean; outbox_id: string | null; place: number | null }

export interface StoredResult {
  /** False: the job is no longer this process's, and the result changes nothing. */
  readonly isMine: boolean;
}

/** The job, inbox and outbox rows of a service whose messages become jobs. */
export class JobStore {
  /** True: there is something to claim. */
  private readonly intakes: GroupCommit<IntakeItem, boolean>;
  private readonly results: GroupCommit<JobResult, StoredResult>;
  private listener: (lane: string) => void = () => undefined;
  private claimer: Claimer | undefined;

  constructor(private readonly database: Database, private readonly outbox: Outbox, private readonly ownRows: OwnRows = {}) {
    this.intakes = new GroupCommit((items, wait) => this.commitIntakes(items, wait));
    this.results = new GroupCommit((items, wait) => this.commitResults(items, wait));
  }

  /** Called after every commit that has left something to claim, with its lane. */
  onWork(listener: (lane: string) => void): void {
    this.listener = listener;
  }

  /** Jobs that are taken in need not wait to be claimed. */
  claimFor(claimer: Claimer): void {
    this.claimer = claimer;
  }

  /** Resolves when the message's effects are on disk; returning from the handler then acknowledges it. */
  async accept(item: IntakeItem): Promise<void> {
    /* safeguard: handler-awaits-commit */
    if (await this.intakes.add(item) && item.job) this.listener(item.job.lane);
  }

  /** Takes in a message that asks for nothing but an end of the customer's forward work. */
  async close(messageId: string, closes: Close): Promise<void> {
    await this.accept({ messageId, body: '', isRedrive: false, origins: [], closes });
  }

  /** Stores a result; false when the job is no longer this process's, whose result then changes nothing. */
  async finish(result: JobResult): Promise<boolean> {
    return (await this.results.add(result)).isMine;
  }

  /**
   * Stores results in the caller's transaction; give the answer to `resultsCommitted` once that is committed. Of lanes for which the fence fails none is
   * stored, and none of a job that somebody else has by now.
   */
  writeResults(transaction: Transaction, results: readonly JobResult[], fence?: LaneFence): WrittenResults {
    // The rows are locked in this order, which is that of all who lock several.
    const ordered = /* safeguard: results-in-order */ results.toSorted((a, b) => Number(a.job.id) - Number(b.job.id));
    const messages = ordered.flatMap((result) => (result.kind === 'done' && result.outcome ? [result.outcome.message] : []));
    const rows = heard(transaction.run<ResultRow>(writtenResults(ordered, messages, fence)));
    this.ownRows.withResults?.(transaction, results);
    const stored = heard(rows.then((all) => all.flatMap(({ outbox_id: id, place }) => (id !== null && place !== null ? [{ id, place }] : []))));
    return { results, rows, told: { messages, rows: stored } };
  }

  /** Sends what has been stored, and says what has become of each. */
  async resultsCommitted({ results, rows, told }: WrittenResults): Promise<StoredResult[]> {
    reachFaultPoint('results.after-commit');
    this.outbox.publish(told);
    const stored = new Map((await rows).map((row) => [row.id, row]));
    return results.map(({ job }) => {
      const row = stored.get(job.id);
      if (row?.leaves_work ?? true) this.listener(job.lane);
      return { isMine: row !== undefined };
    });
  }

  /** Claims due jobs, undos first, at most one a customer at a time; counts the attempt. */
  async claim({ claimMs, holder, limit }: ClaimOptions): Promise<ClaimedJob[]> {
    const rows = await this.database.run<ClaimRow>({
      name: 'job-claim',
      text: `
        WITH dropped AS (
          -- Closed while somebody had it who is gone: what it was for is being undone, or has been.
          UPDATE job SET state = 'dropped', finished_at = now(), holder = NULL, claimed_until = NULL
          WHERE id IN (SELECT id FROM job WHERE state = 'running' AND is_closing AND claimed_until < now() FOR UPDATE SKIP LOCKED)
        ), due AS (
          SELECT j.id, j.state = 'running' AS is_taken_over FROM job j
          WHERE j.state IN ('waiting', 'running') AND ((j.state = 'waiting' AND j.run_at <= now()) OR (
            j.state = 'running' AND j.claimed_until < now()
            /* safeguard: close-work-of-dead-holder */ AND NOT j.is_closing
          ))
            AND ${mayBeClaimed('j', 'other.claimed_until >= now()')}
          ORDER BY j.is_undo DESC, j.id
          LIMIT $3
          FOR UPDATE OF j SKIP LOCKED
        )
        UPDATE job SET ${claimed}, holder = $1, claimed_until = now() + $2 * interval '1 millisecond'
        FROM due WHERE job.id = due.id
        RETURNING ${claimedColumns}, ${elapsedColumn}, due.is_taken_over,
          /* safeguard: start-by */ coalesce(attempts = 1 AND start_by < now(), false) AS is_too_late`,
      values: [holder, claimMs, limit],
    });
    return claimedJobsOf(rows);
  }

  /** Prolongs this process's claims; answers the ids that are still its own. */
  async renew(jobs: readonly ClaimedJob[], claimMs: number): Promise<Set<string>> {
    const rows = await this.database.run<{ id: string }>({
      name: 'job-renew',
      text: `UPDATE job SET claimed_until = now() + $3 * interval '1 millisecond'
             FROM (${stillClaimed}) mine WHERE job.id = mine.id RETURNING job.id::text`,
      values: [jobs.map(({ id }) => id), jobs.map(({ epoch }) => epoch), claimMs],
    });
    return new Set(rows.map(({ id }) => id));
  }

  /** The message of the customer's latest forward job that ended with an outcome of this type. */
  async lastRequest(customerGuid: string, outcomeType: string): Promise<string | undefined> {
    const [row] = await this.database.run<{ payload: string }>({
      name: 'job-last-request',
      text: `SELECT payload FROM job WHERE customer_guid = $1 AND NOT is_undo AND state = 'done' AND outcome_type = $2 ORDER BY id DESC LIMIT 1`,
      values: [customerGuid, outcomeType],
    });
    return row?.payload;
  }

  /** Resolves when nothing waits for a commit. */
  async idle(): Promise<void> {
    await this.intakes.idle();
    await this.results.idle();
  }

  private async commitIntakes(items: readonly IntakeItem[], wait: LockWait): Promise<boolean[]> {
    const claims = new IntakeClaims(this.claimer, items.filter(({ job }) => job).length);
    const { told } = await claims.during(() => this.database.transaction(async (transaction) => {
      const fresh = await receive(transaction, items);
      const firstByMessage = new Map<string, IntakeItem>();
      for (const item of items) if (fresh.has(item.messageId) && !firstByMessage.has(item.messageId)) firstByMessage.set(item.messageId, item);
      const accepted = [...firstByMessage.values()].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
      /* safeguard: close-waiting-work */
      closeCustomers(transaction, accepted);
      claims.insertJobs(transaction, accepted.flatMap(({ body, job, messageId }) => (job ? [{ body, job, messageId }] : [])));
      this.ownRows.withIntake?.(transaction, accepted);
      const again = items.filter((item) => item.isRedrive && !fresh.has(item.messageId));
      /* safeguard: redrive-answered */
      return { told: this.outbox.store(transaction, await outcomesOf(transaction, again)) };
    }, { ...wait, beforeCommit: 'intake.before-commit' }));
    reachFaultPoint('intake.after-commit');
    this.outbox.publish(told);
    const isAnyWaiting = await claims.run();
    return items.map(() => isAnyWaiting);
  }

  private async commitResults(results: readonly JobResult[], wait: LockWait): Promise<StoredResult[]> {
    return this.resultsCommitted(
      await this.database.transaction((transaction) => this.writeResults(transaction, results), { ...wait, beforeCommit: 'results.before-commit' }));
  }
}

/** First part of the advisory lock on a customer; the agents' leases use another one. */
const customerLockClass = 84_114;
const maxNoteLength = 500;

/** PostgreSQL takes any text but U+0000. */
const storable = (note: string): string => /* safeguard: storable-note */ note.replaceAll('\0', '').slice(0, maxNoteLength);

/** Condition: the job, which is asked for by its id, is running. Written so that no index of open jobs, all of which it would read, is thought to help. */
const isRunning = /* safeguard: no-scan-of-open-jobs */ `job.state || '' = 'running'`;

/** Select: ids of the jobs that are still claimed as parameters 1 (ids) and 2 (epochs) say, locked in one order: two that want the same rows wait in line. */
const stillClaimed = `
  SELECT job.id FROM job JOIN unnest($1::bigint[], $2::bigint[]) AS claimed(id, epoch) USING (id, epoch) WHERE ${isRunning} ORDER BY id FOR UPDATE OF job`;

/** The columns of `job` that `claimedJobOf` reads, with `elapsedColumn`. */
export const claimedColumns = 'job.id::text, message_id, kind, is_undo, deployment_id, customer_guid, round, lane, payload, attempts, epoch::text, note';
export const elapsedColumn = '(extract(epoch FROM now() - first_attempt_at) * 1000)::bigint::text AS elapsed_ms';

/** What a claim changes of a job, whoever makes it. */
export const claimed = `state = 'running', attempts = attempts + 1, epoch = epoch + 1, first_attempt_at = coalesce(first_attempt_at, now())`;

/** Condition: nothing else of the job's customer has to end, or comes, before it. `atWork` says which of the customer's other running jobs, `other`, count. */
export const mayBeClaimed = (job: string, atWork: string): string => `
  -- Nobody works for the customer.
  NOT EXISTS (
    SELECT 1 FROM job other WHERE other.customer_guid = ${job}.customer_guid AND other.id <> ${job}.id
      /* safeguard: one-running-job */ AND other.state = 'running'
      AND ${atWork})
  -- Nothing that was begun for it may still come to light.
  AND NOT EXISTS (
    SELECT 1 FROM job other WHERE other.customer_guid = ${job}.customer_guid AND other.id <> ${job}.id
      /* safeguard: undo-after-quiet */ AND other.quiet_at > now()
  )
  -- Of several that wait for it the undo comes first, then the oldest.
  AND (${job}.state = 'running' OR NOT ${isThere(`
    job earlier WHERE earlier.customer_guid = ${job}.customer_guid AND earlier.run_at <= now()
      /* safeguard: one-waiting-job */ AND earlier.state = 'waiting'
      AND (earlier.is_undo, -earlier.id) > (${job}.is_undo, -${job}.id)`)})`;

/** Undos first, then the oldest. */
export function claimedJobsOf(rows: readonly ClaimRow[]): ClaimedJob[] {
  return rows.map(claimedJobOf).sort((a, b) => Number(b.isUndo) - Number(a.isUndo) || Number(a.id) - Number(b.id));
}

export function claimedJobOf(row: ClaimRow): ClaimedJob {
  return {
    id: row.id, messageId: row.message_id, kind: row.kind, isUndo: row.is_undo, deploymentId: row.deployment_id, customerGuid: row.customer_guid,
    round: row.round, lane: row.lane, payload: row.payload, attempt: row.attempts, epoch: row.epoch, elapsedMs: Number(row.elapsed_ms),
    isTooLate: row.is_too_late, isTakenOver: row.is_taken_over, lastNote: row.note ?? undefined,
  };
}

/** For the WITH of a statement: notes messages as received. `received` has the `message_id` of each that had not been, once. */
export function receiving(messageIds: readonly string[], parameter: Parameter): string {
  const ids = [...new Set(messageIds)].sort();
  return `received AS (INSERT INTO inbox (message_id) SELECT unnest(${parameter(ids)}::text[]) ON CONFLICT DO NOTHING RETURNING message_id)`;
}

/**
 * Notes messages as received and locks their customers, in this order; answers the ids of those that had not been. Forward work and the close of one customer,
 * taken in by two processes at once, must see each other: what is read of a customer is read by later statements.
 */
async function receive(transaction: Transaction, items: readonly IntakeItem[]): Promise<Set<string>> {
  const guids = items.flatMap(({ closes, job }) => [...(closes ? [closes.customerGuid] : []), ...(job ? [job.customerGuid] : [])]);
  const rows = await transaction.run<{ message_id: string }>(statementOf('intake', (parameter) => `
    WITH ${receiving(items.map(({ messageId }) => messageId), parameter)}, locked AS (
      ${customerLocks(parameter([...new Set(guids)]))} WHERE (SELECT count(*) FROM received) >= 0
    )
    SELECT message_id FROM received WHERE /* safeguard: close-concurrent-work */ (SELECT count(*) FROM locked) >= 0`));
  return new Set(rows.map(({ message_id }) => message_id));
}

/** Until the end of the transaction nothing is taken in for these customers. */
export function lockCustomers(transaction: Transaction, guids: readonly string[]): void {
  if (guids.length === 0) return;
  transaction.send({
    name: 'customer-lock',
    text: customerLocks('$1'),
    values: [guids],
  });
}

/** Select: locks these customers, `text[]`, in one order. */
const customerLocks = (guids: string): string => `
  SELECT pg_advisory_xact_lock(${customerLockClass}, key) FROM (SELECT DISTINCT hashtext(guid) AS key FROM unnest(${guids}::text[]) AS guid ORDER BY key) AS sorted`;

function closeCustomers(transaction: Transaction, items: readonly IntakeItem[]): void {
  const closes = new Map<string, Close>();
  for (const { closes: close } of items) {
    if (!close) continue;
    const known = closes.get(close.customerGuid);
    closes.set(close.customerGuid, {
      ...close, round: /* safeguard: concurrent-closes-round */ Math.max(close.round, known?.round ?? 0),
      isAbandoned: (close.isAbandoned ?? false) || /* safeguard: concurrent-closes-abandonment */ (known?.isAbandoned ?? false),
    });
  }
  if (closes.size === 0) return;
  const sorted = [...closes.values()].sort((a, b) => (a.customerGuid < b.customerGuid ? -1 : 1));
  const values = [sorted.map(({ customerGuid }) => customerGuid), sorted.map(({ round }) => round), sorted.map(({ isAbandoned }) => isAbandoned)];
  transaction.send({
    name: 'customer-close',
    text: `INSERT INTO closed_customer (customer_guid, round, is_abandoned) SELECT * FROM unnest($1::uuid[], $2::int[], $3::boolean[])
           ON CONFLICT (customer_guid) DO UPDATE SET round = greatest(closed_customer.round, excluded.round),
             is_abandoned = closed_customer.is_abandoned OR excluded.is_abandoned`,
    values,
  });
  // What waits is dropped; what runs ends into the undo, which waits for it.
  transaction.send({
    name: 'job-close',
    text: `UPDATE job SET is_closing = is_closing OR state IN ('waiting', 'running'), state = CASE WHEN state = 'waiting' THEN 'dropped' ELSE state END,
             finished_at = CASE WHEN state = 'waiting' THEN now() ELSE finished_at END
           FROM (
             SELECT mine.id AS closed_id FROM unnest($1::uuid[], $2::int[], $3::boolean[]) AS closed(customer_guid, round, is_abandoned) CROSS JOIN LATERAL (
               SELECT id FROM job WHERE job.customer_guid = closed.customer_guid AND job.state IN ('waiting', 'running')
                 AND (closed.is_abandoned OR (job.round <= closed.round AND NOT job.is_undo)) OFFSET 0) mine
             /* safeguard: closes-in-order */ ORDER BY closed_id) closing
           WHERE job.id = closed_id`,
    values,
  });
}

/** Ends claimed jobs whose effects the caller's transaction stores; those that somebody else has by now stay. */
export function endJobs(transaction: Transaction, jobs: readonly Pick<ClaimedJob, 'id' | 'epoch'>[]): void {
  if (jobs.length === 0) return;
  transaction.send({
    name: 'job-end',
    text: `UPDATE job SET state = CASE WHEN is_closing THEN 'dropped' ELSE 'done' END, finished_at = now(), claimed_until = NULL, holder = NULL
           FROM (${stillClaimed}) ended WHERE job.id = ended.id`,
    values: [jobs.map(({ id }) => id), jobs.map(({ epoch }) => epoch)],
  });
}

async function outcomesOf(transaction: Transaction, items: readonly IntakeItem[]): Promise<OutboxMessage[]> {
  if (items.length === 0) return [];
  const origins = new Map(items.map((item) => [item.messageId, item.origins]));
  const rows = await transaction.run<{ message_id: string; outcome: string; outcome_type: string; outcome_id: string }>({
    name: 'job-outcomes',
    text: `SELECT message_id, outcome, outcome_type, outcome_id FROM job WHERE message_id = ANY($1::text[]) AND state = 'done' AND outcome IS NOT NULL`,
    values: [[...origins.keys()]],
  });
  return rows.map((row) => outgoingText(row.outcome_type, row.outcome_id, row.outcome, origins.get(row.message_id) ?? [], { isRedrive: true }));
}

/** Results, and the messages of those outcomes that are stored: which they are, the first part of the statement knows. */
function writtenResults(results: readonly JobResult[], messages: readonly OutboxMessage[], fence?: LaneFence): Statement {
  return statementOf(`job-results${fence ? `-${fence.name}` : ''}`, (parameter) => `
    WITH written AS (${updateJobs(results, parameter, fence)}),
    ${storing(messages, parameter, /* safeguard: outcome-with-result */ 'place = ANY(ARRAY(SELECT outcome_place FROM written))')}
    SELECT written.id::text, leaves_work, stored_message.id::text AS outbox_id, place::int
    FROM written LEFT JOIN stored_message ON place = outcome_place`);
}

function updateJobs(results: readonly JobResult[], parameter: Parameter, fence?: LaneFence): string {
  const column = (valueOf: (result: JobResult) => unknown) => parameter(results.map(valueOf));
  const outcomeOf = (result: JobResult) => (result.kind === 'done' ? result.outcome : undefined);
  let outcomes = 0;
  return `
    UPDATE job SET
      state = CASE WHEN job.is_closing THEN 'dropped' WHEN r.kind = 'done' THEN 'done' ELSE 'waiting' END,
      attempts = CASE WHEN r.kind = 'released' THEN job.attempts - 1 ELSE job.attempts END,
      first_attempt_at = CASE WHEN r.kind = 'released' AND job.attempts = 1 THEN NULL ELSE job.first_attempt_at END,
      run_at = now() + r.after_ms * interval '1 millisecond',
      claimed_until = NULL, holder = NULL,
      note = coalesce(r.note, job.note), quiet_at = greatest(job.quiet_at, now() + r.quiet_ms * interval '1 millisecond'),
      outcome = CASE WHEN job.is_closing THEN NULL ELSE r.outcome END,
      outcome_type = CASE WHEN job.is_closing THEN NULL ELSE r.outcome_type END,
      outcome_id = CASE WHEN job.is_closing THEN NULL ELSE r.outcome_id END,
      finished_at = CASE WHEN job.is_closing OR r.kind = 'done' THEN now() END
    FROM unnest(
      ${column(({ job }) => job.id)}::bigint[], ${column(({ job }) => job.epoch)}::bigint[], ${column(({ kind }) => kind)}::text[],
      ${column((result) => (result.kind === 'again' ? result.afterMs : 0))}::bigint[], ${column((result) => (result.kind === 'again' ? storable(result.note) : null))}::text[],
      ${column((result) => outcomeOf(result)?.message.body ?? null)}::text[], ${column((result) => outcomeOf(result)?.type ?? null)}::text[],
      ${column((result) => outcomeOf(result)?.id ?? null)}::text[], ${column((result) => (outcomeOf(result) ? outcomes += 1 : null))}::int[],
      ${column((result) => (result.kind === 'released' ? null : result.quietAfterMs || null))}::bigint[]
    ) AS r(id, epoch, kind, after_ms, note, outcome, outcome_type, outcome_id, outcome_place, quiet_ms)
    WHERE job.id = r.id AND ${isRunning}
      /* safeguard: claim-epoch */ AND job.epoch = r.epoch
      ${fence ? `AND ${fence.holds('job.lane')}` : ''}
    RETURNING job.id, CASE WHEN job.outcome_id IS NOT NULL THEN r.outcome_place END AS outcome_place,
      (/* safeguard: closed-job-leaves-work */ job.is_closing OR (job.state = 'waiting' AND job.run_at <= now())
      OR ${isThere(`job other WHERE other.customer_guid = job.customer_guid AND other.id <> job.id AND other.state = 'waiting'`)}) AS leaves_work`;
}
