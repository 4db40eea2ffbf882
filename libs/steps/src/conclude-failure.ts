import type { Logger } from '@trunkline/runtime';

import { type AfterFailure, decideAfterFailure, type StepLimits } from './attempt.decide.js';
import { caught } from './caught.js';
import type { ClaimedJob } from './job.js';
import type { JobResult } from './job-store.js';

interface FailedAttempt {
  readonly limits: StepLimits;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: number;
  readonly quietAfterMs?: number;
}

/** What follows an attempt that threw: the result that has it tried again, or why it is not. It is logged; the logger names the job and the attempt. */
export function concludeFailure(
  error: unknown, job: ClaimedJob, { limits, quietAfterMs = 0, random }: FailedAttempt, logger: Logger,
): Extract<JobResult, { kind: 'again' }> | Extract<AfterFailure, { kind: 'failed' }> {
  const after = decideAfterFailure(caught(error), { number: job.attempt, elapsedMs: job.elapsedMs, random, quietAfterMs }, limits);
  if (after.code === 'INTERNAL') logger.error({ err: error }, 'step attempt met a bug');
  if (after.kind === 'failed') {
    logger.warn({ errorCode: after.code, reason: after.reason }, 'step failed');
    return after;
  }
  logger.warn({ errorCode: after.code, reason: after.note, afterMs: after.afterMs }, 'step attempt failed, it is tried again');
  return { kind: 'again', job, afterMs: after.afterMs, note: `${after.code}: ${after.note}`, quietAfterMs };
}
