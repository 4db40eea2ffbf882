import { isThere, isWrittenHere } from '@trunkline/persistence';

/**
 * What a service's statements on its own tables may ask of the jobs, as parts of their SQL text. Arguments are SQL expressions, such as a column of the
 * statement, never values from outside.
 */

/** Select: `lane` of all jobs that are due or running. */
export const lanesWithWork = `SELECT DISTINCT lane FROM job WHERE state IN ('waiting', 'running') AND (state = 'running' OR run_at <= now())`;

/** Condition: the lane has a job that has not ended. */
export function hasOpenJobs(lane: string): string {
  return isThere(`job WHERE job.lane = ${lane} AND state IN ('waiting', 'running')`);
}

/** Condition: the customer has a job that has not ended. */
export function isCustomerBusy(customerGuid: string): string {
  return isThere(`job busy WHERE busy.customer_guid = ${customerGuid} AND busy.state IN ('waiting', 'running')`);
}

/** Condition: a running job of the customer was closed; nothing may be begun for it. */
export function isCustomerClosing(customerGuid: string): string {
  return isThere(`job j WHERE j.customer_guid = ${customerGuid} AND j.state = 'running'
    /* safeguard: abandoned-note-refused */ AND j.is_closing
  `);
}

/** Select: `customer_guid` of those of these jobs, `bigint[]`, that this very transaction has ended with an outcome. */
export function customersDone(ids: string): string {
  return `SELECT ended.customer_guid FROM job ended WHERE ended.id = ANY(${ids}) AND ended.state = 'done' AND ${isWrittenHere('ended')}`;
}

/** Condition: the lane has a job that is due. */
export function hasDueJobs(lane: string): string {
  return isThere(`job WHERE job.lane = ${lane} AND state = 'waiting' AND run_at <= now()`);
}

/** Condition: this job was closed; nothing more may be begun for it. Null, for no job, is none. */
export function isJobClosing(id: string): string {
  return isThere(`job WHERE job.id = ${id} AND job.is_closing`);
}

/** Condition: forward work of the customer ended with an outcome of this type, and was not closed since. */
export function isCustomerDone(customerGuid: string, outcomeType: string): string {
  const closedSince = isThere('closed_customer c WHERE c.customer_guid = j.customer_guid AND c.round >= j.round');
  return isThere(`job j WHERE j.customer_guid = ${customerGuid} AND NOT j.is_undo AND j.state = 'done' AND j.outcome_type = ${outcomeType} AND NOT ${closedSince}`);
}
