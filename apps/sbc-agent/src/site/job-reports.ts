import type { Clock, Logger } from '@trunkline/runtime';
import { type ClaimedJob, concludeFailure, doneWith, type JobResult, type StepLimits } from '@trunkline/steps';

import { SiteOutcomes } from './site-outcomes.js';

export interface StepSettings {
  readonly responseTimeoutMs: number;
  readonly deadlineMs: number;
  readonly maxAttempts: number;
}

export interface JobReportsParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: StepSettings;
}

/** A job's device may first have to wait for a script of another one: the step's time, counted as long as a device can make it. */
export function stepTimeMs({ deadlineMs, responseTimeoutMs }: StepSettings): number {
  return deadlineMs + responseTimeoutMs;
}

/** Results of the attempts of jobs; those that are failures are logged. */
export class JobReports {
  private readonly outcomes: SiteOutcomes;

  constructor(private readonly parts: JobReportsParts) {
    this.outcomes = new SiteOutcomes(parts.clock);
  }

  /** `unverified`: what the device does not show as it was set. */
  succeeded(job: ClaimedJob, isSaved: boolean, unverified: readonly string[] = []): JobResult {
    if (unverified.length > 0) this.parts.logger.info({ deploymentId: job.deploymentId, unverified }, 'the SBC shows only that these are set');
    return doneWith(job, this.outcomes.succeeded(job, isSaved, unverified));
  }

  nothingToClean(job: ClaimedJob): JobResult {
    return doneWith(job, this.outcomes.nothingToClean(job));
  }

  /** It is not tried again. */
  refused(job: ClaimedJob, failure: { readonly code: string; readonly reason: string }): JobResult {
    return doneWith(job, this.outcomes.failed(job, failure));
  }

  /** An attempt has thrown: whether there is another one is decided here. */
  failed(job: ClaimedJob, error: unknown): JobResult {
    const logger = this.parts.logger.child({ deploymentId: job.deploymentId, step: job.kind, attempt: job.attempt });
    const end = concludeFailure(error, job, { limits: this.limits(), random: Math.random() }, logger);
    return end.kind === 'failed' ? this.refused(job, end) : end;
  }

  /** Jobs are given back as if they had not been claimed. */
  released(jobs: readonly ClaimedJob[]): JobResult[] {
    return jobs.map((job) => ({ kind: 'released', job }));
  }

  /** The results have been stored, or are not this process's to store. */
  ended(results: readonly JobResult[], stored: readonly boolean[]): void {
    for (const [index, result] of results.entries()) {
      const { job } = result;
      this.parts.logger.info({
        deploymentId: job.deploymentId, step: job.kind, attempt: job.attempt, outcome: result.kind === 'done' ? result.outcome?.type : result.kind, isMine: stored[index],
      }, 'step attempt ended');
    }
  }

  private limits(): StepLimits {
    // The device itself says when a lost script can't be running any more: `write_until` is waited for, not the job.
    const { maxAttempts } = this.parts.settings;
    return { deadlineMs: stepTimeMs(this.parts.settings), maxAttempts, lookAfterMs: 0, backoffBaseMs: 2_000, backoffMaxMs: 60_000, maxBugs: 5 };
  }
}
