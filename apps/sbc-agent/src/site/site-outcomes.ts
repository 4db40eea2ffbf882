import {
  type CustomerCreated, type ProgressEntry, SbcCleaned, sbcCleanupDone, type SbcCleanupRequested, sbcOnboardingDone, stepOf,
} from '@trunkline/contracts';
import type { Clock } from '@trunkline/runtime';
import { type ClaimedJob, type JobOutcome, type JobResult, StepOutcomes } from '@trunkline/steps';

const step = stepOf('sbc-agent');
/** As many as the message may carry. */
const mostUnverified = 64;

type SiteRequest = CustomerCreated | SbcCleanupRequested;
const requests = new WeakMap<ClaimedJob, SiteRequest>();

/** The message a job was made of; parsed once. */
export function requestOf(job: ClaimedJob): SiteRequest {
  const request = requests.get(job) ?? JSON.parse(job.payload) as SiteRequest;
  requests.set(job, request);
  return request;
}

/** What the others are told of a job's end, in the words of the contract. */
export class SiteOutcomes {
  private readonly outcomes: StepOutcomes<typeof step>;

  constructor(clock: Clock) {
    this.outcomes = new StepOutcomes(step, clock);
  }

  succeeded(job: ClaimedJob, isSaved: boolean, unverified: readonly string[]): JobOutcome {
    const { ticket } = requestOf(job).data;
    const unsaved: ProgressEntry[] = isSaved ? [] : [{ level: 'Warning', message: `SBC configuration not saved yet for site ${ticket.shortName}; it is tried again.` }];
    if (job.isUndo) return this.outcomes.undone(job, ticket, { progress: [sbcCleanupDone(ticket.shortName), ...unsaved] });
    const shown = unverified.length > 0 && { unverified: unverified.slice(0, mostUnverified) };
    return this.outcomes.done(job, ticket, { progress: [sbcOnboardingDone(ticket.shortName), ...unsaved], ...shown });
  }

  /** An undo that finds nothing ever done says so without a line for the caller. */
  nothingToClean(job: ClaimedJob): JobOutcome {
    return this.outcomes.undone(job, requestOf(job).data.ticket, { progress: [] });
  }

  failed(job: ClaimedJob, failure: { readonly code: string; readonly reason: string }): JobOutcome {
    return this.outcomes.failed(job, requestOf(job).data.ticket, failure);
  }
}

/** Jobs of which the results say that nothing is left on a device. */
export function cleanupsOf(results: readonly JobResult[]): string[] {
  return results.flatMap((result) => (result.kind === 'done' && result.outcome?.type === SbcCleaned.type ? [result.job.id] : []));
}
