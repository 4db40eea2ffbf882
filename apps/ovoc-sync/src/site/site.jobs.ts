import {
  eventIdOf, messageOf, OvocCleaned, OvocCleanupFailed, type OvocCleanupRequested, OvocSiteCreated, OvocSyncFailed, type ProgressEntry, type SbcOnboarded,
  siteCreatedInOvoc,
  siteNotCreatedInOvoc, type Ticket,
} from '@trunkline/contracts';
import type { Clock } from '@trunkline/runtime';
import { type ClaimedJob, type JobHandler, type JobOutcome, OutcomeUnknownError, PermanentError, runStep, type StepLimits } from '@trunkline/steps';

import type { SiteIds, SiteJob } from './site-job.js';
import type { SiteStep } from './site.step.js';

export interface SiteJobSettings {
  readonly deadlineMs: number;
  readonly maxAttempts: number;
  /** After a lost answer OVOC is not asked before the call can be over and its effect be seen. */
  readonly lookAfterMs: number;
  /** How long OVOC may take to show what it has created. */
  readonly visibilityMs: number;
}

const source = 'trunkline/ovoc-sync';

/** Creates a customer's objects in OVOC. */
export class CreateSite implements JobHandler {
  constructor(private readonly step: SiteStep, private readonly settings: SiteJobSettings, private readonly clock: Clock) {}

  limits(): StepLimits {
    return limitsOf(this.settings);
  }

  async run(job: ClaimedJob, signal: AbortSignal, lingers: (ms: number) => void): Promise<JobOutcome> {
    const { data: { ticket } } = payloadOf<SbcOnboarded>(job);
    const site = { ...siteJobOf(ticket), isUntried: job.attempt === 1 && job.round === 1 };
    let ids: SiteIds | undefined;
    try {
      const end = await runStep(this.step, site, signal);
      if (end.kind === 'refused') throw new PermanentError(end.code, end.reason);
      ({ ids } = end.seen);
      if (!ids) throw new OutcomeUnknownError('OVOC_NOT_VISIBLE', `OVOC does not show all it has created for ${ticket.shortName}`);
    } catch (error) {
      if (error instanceof OutcomeUnknownError && !error.isAnswered) lingers(/* safeguard: late-effects-of-unanswered */ this.settings.lookAfterMs);
      else if (/* safeguard: late-effects-of-failed */ error instanceof OutcomeUnknownError
        || /* safeguard: late-effects-of-created */ this.step.hasCreated(site)) lingers(this.settings.visibilityMs);
      throw error;
    }
    const progress = [siteCreatedInOvoc];
    return outcomeOf(ticket, messageOf(OvocSiteCreated, { ...envelope(job, OvocSiteCreated, this.clock), data: { ticket, progress, ovoc: { ...ids } } }));
  }

  async failed(job: ClaimedJob, { code, reason }: { code: string; reason: string }): Promise<JobOutcome> {
    const { data: { ticket } } = payloadOf<SbcOnboarded>(job);
    const progress = [siteNotCreatedInOvoc(reason)];
    return outcomeOf(ticket, messageOf(OvocSyncFailed, { ...envelope(job, OvocSyncFailed, this.clock), data: { ticket, progress, code, reason } }));
  }
}

/** Takes a customer's objects out of OVOC; also where none may ever have been created. */
export class RemoveSite implements JobHandler {
  constructor(private readonly step: SiteStep, private readonly settings: SiteJobSettings, private readonly clock: Clock) {}

  limits(): StepLimits {
    return limitsOf(this.settings);
  }

  async run(job: ClaimedJob, signal: AbortSignal): Promise<JobOutcome> {
    const { data: { ticket } } = payloadOf<OvocCleanupRequested>(job);
    await this.step.undo(siteJobOf(ticket), signal);
    return outcomeOf(ticket, messageOf(OvocCleaned, { ...envelope(job, OvocCleaned, this.clock), data: { ticket, progress: [] } }));
  }

  async failed(job: ClaimedJob, { code, reason }: { code: string; reason: string }): Promise<JobOutcome> {
    const { data: { ticket } } = payloadOf<OvocCleanupRequested>(job);
    const progress: ProgressEntry[] = [{ level: 'Error', message: `Site not removed from Ovoc: ${reason}` }];
    return outcomeOf(ticket, messageOf(OvocCleanupFailed, { ...envelope(job, OvocCleanupFailed, this.clock), data: { ticket, progress, code, reason } }));
  }
}

function limitsOf({ deadlineMs, lookAfterMs, maxAttempts }: SiteJobSettings): StepLimits {
  return { deadlineMs, maxAttempts, lookAfterMs, backoffBaseMs: 2_000, backoffMaxMs: 60_000, maxBugs: 5 };
}

function payloadOf<T>(job: ClaimedJob): T {
  return JSON.parse(job.payload) as T;
}

function siteJobOf(ticket: Ticket): SiteJob {
  const { channelId, customerGuid, fullName, lcCustomerId, msTenantId, ovocCustomerType, sbc, shortName, siteGuid } = ticket;
  return {
    customerGuid, siteGuid, shortName, fullName, msTenantId, ovocCustomerType, sbc,
    ...(channelId === undefined ? {} : { channelId }), ...(lcCustomerId === undefined ? {} : { lcCustomerId }),
  };
}

function envelope(job: ClaimedJob, messageClass: { readonly type: string; readonly step: string }, clock: Clock) {
  const sequence = job.attempt;
  return {
    id: eventIdOf(job.deploymentId, job.round, messageClass.type, sequence), source, subject: job.deploymentId, time: clock.now().toISOString(),
    round: job.round, sequence,
    step: messageClass.step,
  };
}

const outcomeOf = (ticket: Ticket, message: JobOutcome['message']): JobOutcome => ({ message, origins: ticket.origin === undefined ? [] : [ticket.origin] });
