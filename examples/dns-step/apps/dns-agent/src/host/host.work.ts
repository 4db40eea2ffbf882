import type { stepOf, Ticket } from '@trunkline/contracts';
import { type ClaimedJob, OutcomeUnknownError, PermanentError, runStep, type StepLimits, type StepWork } from '@trunkline/steps';

import type { Dns, Registration } from '../dns/dns.js';
import { HostAttempt } from './host.step.js';

export interface HostSettings {
  readonly zone: string;
  readonly deadlineMs: number;
  readonly maxAttempts: number;
  /** After a lost answer the server is not asked before the update can be over. */
  readonly lookAfterMs: number;
}

/** Registers a customer's host name, and takes it away. */
export class HostWork implements StepWork<ReturnType<typeof stepOf<'dns-agent'>>> {
  readonly limits: StepLimits;

  constructor(private readonly dns: Dns, private readonly settings: HostSettings) {
    const { deadlineMs, lookAfterMs, maxAttempts } = settings;
    this.limits = { deadlineMs, maxAttempts, lookAfterMs, backoffBaseMs: 1_000, backoffMaxMs: 30_000, maxBugs: 5 };
  }

  async run(ticket: Ticket, _job: ClaimedJob, signal: AbortSignal, lingers: (ms: number) => void) {
    const wanted = this.registrationOf(ticket);
    try {
      const end = await runStep(new HostAttempt(wanted, this.dns), signal);
      if (end.kind === 'refused') throw new PermanentError(end.code, end.reason);
    } catch (error) {
      if (error instanceof OutcomeUnknownError) lingers(this.settings.lookAfterMs);
      throw error;
    }
    const { hostName } = wanted;
    return { hostName, progress: [{ level: 'Information' as const, message: `Host name ${hostName} registered` }] };
  }

  async undo(ticket: Ticket, _job: ClaimedJob, signal: AbortSignal) {
    await new HostAttempt(this.registrationOf(ticket), this.dns).undo(signal);
    return { progress: [] };
  }

  private registrationOf({ customerGuid, sbc, shortName }: Ticket): Registration {
    return { hostName: `${shortName}.${this.settings.zone}`.toLowerCase(), target: sbc.fqdn.toLowerCase(), owner: customerGuid };
  }
}
