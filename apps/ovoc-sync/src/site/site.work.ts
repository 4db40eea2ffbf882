import { siteCreatedInOvoc, type stepOf, type Ticket } from '@trunkline/contracts';
import { type ClaimedJob, OutcomeUnknownError, PermanentError, runStep, type StepLimits, type StepWork } from '@trunkline/steps';

import type { SiteIds, SiteJob } from './site-job.js';
import type { SiteStep } from './site.step.js';

export interface SiteWorkSettings {
  readonly deadlineMs: number;
  readonly maxAttempts: number;
  /** After a lost answer OVOC is not asked before the call can be over and its effect be seen. */
  readonly lookAfterMs: number;
  /** How long OVOC may take to show what it has created. */
  readonly visibilityMs: number;
}

/** Creates a customer's objects in OVOC, and takes them out again. */
export class SiteWork implements StepWork<ReturnType<typeof stepOf<'ovoc-sync'>>> {
  readonly limits: StepLimits;

  constructor(private readonly step: SiteStep, private readonly settings: SiteWorkSettings) {
    const { deadlineMs, lookAfterMs, maxAttempts } = settings;
    this.limits = { deadlineMs, maxAttempts, lookAfterMs, backoffBaseMs: 2_000, backoffMaxMs: 60_000, maxBugs: 5 };
  }

  async run(ticket: Ticket, { attempt: number, round }: ClaimedJob, signal: AbortSignal, lingers: (ms: number) => void) {
    const attempt = this.step.attempt({ ...siteJobOf(ticket), isUntried: number === 1 && round === 1 });
    let ids: SiteIds | undefined;
    try {
      const end = await runStep(attempt, signal);
      if (end.kind === 'refused') throw new PermanentError(end.code, end.reason);
      ({ ids } = end.seen);
      if (!ids) throw new OutcomeUnknownError('OVOC_NOT_VISIBLE', `OVOC does not show all it has created for ${ticket.shortName}`);
    } catch (error) {
      if (error instanceof OutcomeUnknownError && !error.isAnswered) lingers(/* safeguard: late-effects-of-unanswered */ this.settings.lookAfterMs);
      else if (/* safeguard: late-effects-of-failed */ error instanceof OutcomeUnknownError
        || /* safeguard: late-effects-of-created */ attempt.hasCreated) lingers(this.settings.visibilityMs);
      throw error;
    }
    return { progress: [siteCreatedInOvoc], ovoc: { ...ids } };
  }

  async undo(ticket: Ticket, _job: ClaimedJob, signal: AbortSignal) {
    await this.step.attempt(siteJobOf(ticket)).undo(signal);
    return { progress: [] };
  }
}

function siteJobOf(ticket: Ticket): SiteJob {
  const { channelId, customerGuid, fullName, lcCustomerId, msTenantId, ovocCustomerType, sbc, shortName, siteGuid } = ticket;
  return {
    customerGuid, siteGuid, shortName, fullName, msTenantId, ovocCustomerType, sbc,
    ...(channelId === undefined ? {} : { channelId }), ...(lcCustomerId === undefined ? {} : { lcCustomerId }),
  };
}
