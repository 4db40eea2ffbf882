import { eventIdOf, maxReasonLength, type MessageOf, messageOf, type ProcessStep, type Ticket } from '@trunkline/contracts';
import type { Clock } from '@trunkline/runtime';

import type { ClaimedJob } from './job.js';
import type { JobOutcome } from './job-runner.js';

type ReportClass = ProcessStep['done' | 'failed' | 'undone' | 'undoFailed'];

/** What an event of this class carries besides the ticket. */
export type ReportOf<Class> = Omit<MessageOf<Class>['data' & keyof MessageOf<Class>], 'ticket'>;

/** What the others are told of a job's end: the events of its step, with the envelope that makes each one entry of the deployment's log. */
export class StepOutcomes<Step extends ProcessStep> {
  constructor(private readonly step: Step, private readonly clock: Clock) {}

  done(job: ClaimedJob, ticket: Ticket, report: ReportOf<Step['done']>): JobOutcome {
    return this.outcome(this.step.done, job, ticket, report);
  }

  undone(job: ClaimedJob, ticket: Ticket, report: ReportOf<Step['undone']>): JobOutcome {
    return this.outcome(this.step.undone, job, ticket, report);
  }

  failed(job: ClaimedJob, ticket: Ticket, { code, reason: whole }: { readonly code: string; readonly reason: string }): JobOutcome {
    const { failed, failedText, undoFailed, undoFailedText } = this.step;
    const reason = /* safeguard: reason-length */ whole.length > maxReasonLength ? `${whole.slice(0, maxReasonLength - 1)}…` : whole;
    const [messageClass, text] = job.isUndo ? [undoFailed, undoFailedText] as const : [failed, failedText] as const;
    return this.outcome(messageClass, job, ticket, { progress: [text(ticket.shortName, reason)], code, reason });
  }

  private outcome(messageClass: ReportClass, job: ClaimedJob, ticket: Ticket, report: object): JobOutcome {
    const { attempt: sequence, deploymentId: subject, round } = job;
    const { step, type } = messageClass;
    const message = messageOf<ReportClass>(messageClass, {
      id: eventIdOf(subject, round, type, sequence), source: `trunkline/${this.step.service}`, subject, time: this.clock.now().toISOString(), round, sequence, step,
      data: { ticket, ...report } as MessageOf<ReportClass>['data'], // the public methods say what each class carries
    });
    return { message, origins: ticket.origin === undefined ? [] : [ticket.origin] };
  }
}
