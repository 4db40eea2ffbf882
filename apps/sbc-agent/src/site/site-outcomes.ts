import {
  type CustomerCreated, eventIdOf, maxReasonLength, messageOf, type ProgressEntry, SbcCleaned, sbcCleanupDone, sbcCleanupFailed, SbcCleanupFailed,
  type SbcCleanupRequested, SbcOnboarded, sbcOnboardingDone, sbcOnboardingFailed, SbcOnboardingFailed, type Ticket,
} from '@trunkline/contracts';
import type { Clock } from '@trunkline/runtime';
import type { ClaimedJob, JobOutcome, JobResult } from '@trunkline/steps';

const source = 'trunkline/sbc-agent';
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
  constructor(private readonly clock: Clock) {}

  succeeded(job: ClaimedJob, isSaved: boolean, unverified: readonly string[]): JobOutcome {
    const { ticket } = requestOf(job).data;
    const messageClass = job.isUndo ? SbcCleaned : SbcOnboarded;
    const done = job.isUndo ? sbcCleanupDone(ticket.shortName) : sbcOnboardingDone(ticket.shortName);
    const unsaved: ProgressEntry[] = isSaved ? [] : [{ level: 'Warning', message: `SBC configuration not saved yet for site ${ticket.shortName}; it is tried again.` }];
    const shown = !job.isUndo && unverified.length > 0 && { unverified: unverified.slice(0, mostUnverified) };
    return this.outcome(ticket, messageOf<typeof SbcCleaned | typeof SbcOnboarded>(
      messageClass, { ...this.envelope(job, messageClass), data: { ticket, progress: [done, ...unsaved], ...shown } },
    ));
  }

  /** An undo that finds nothing ever done says so without a line for the caller. */
  nothingToClean(job: ClaimedJob): JobOutcome {
    const { ticket } = requestOf(job).data;
    return this.outcome(ticket, messageOf(SbcCleaned, { ...this.envelope(job, SbcCleaned), data: { ticket, progress: [] } }));
  }

  failed(job: ClaimedJob, { code, reason: whole }: { readonly code: string; readonly reason: string }): JobOutcome {
    const reason = /* safeguard: reason-length */ whole.length > maxReasonLength ? `${whole.slice(0, maxReasonLength - 1)}…` : whole;
    const { ticket } = requestOf(job).data;
    const messageClass = job.isUndo ? SbcCleanupFailed : SbcOnboardingFailed;
    const progress = [job.isUndo ? sbcCleanupFailed(ticket.shortName, reason) : sbcOnboardingFailed(ticket.shortName, reason)];
    return this.outcome(ticket, messageOf<typeof SbcCleanupFailed | typeof SbcOnboardingFailed>(
      messageClass, { ...this.envelope(job, messageClass), data: { ticket, progress, code, reason } },
    ));
  }

  private envelope(job: ClaimedJob, { step, type }: { readonly type: string; readonly step: string }) {
    const sequence = job.attempt;
    const id = eventIdOf(job.deploymentId, job.round, type, sequence);
    return { id, source, subject: job.deploymentId, time: this.clock.now().toISOString(), round: job.round, sequence, step };
  }

  private outcome(ticket: Ticket, message: JobOutcome['message']): JobOutcome {
    return { message, origins: ticket.origin === undefined ? [] : [ticket.origin] };
  }
}

/** Jobs of which the results say that nothing is left on a device. */
export function cleanupsOf(results: readonly JobResult[]): string[] {
  return results.flatMap((result) => (result.kind === 'done' && result.outcome?.type === SbcCleaned.type ? [result.job.id] : []));
}
