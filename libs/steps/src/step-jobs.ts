import type { ProcessStep, Ticket } from '@trunkline/contracts';
import type { Clock } from '@trunkline/runtime';

import type { StepLimits } from './attempt.decide.js';
import type { ClaimedJob } from './job.js';
import type { JobHandler } from './job-runner.js';
import type { StepJobKinds } from './step-handlers.js';
import { type ReportOf, StepOutcomes } from './step-outcomes.js';

/** What a step does at its peer, there and back; what it reports besides the ticket. Peer errors are thrown. */
export interface StepWork<Step extends ProcessStep> {
  readonly limits: StepLimits;
  /** @param lingers as of `JobHandler.run` */
  run(ticket: Ticket, job: ClaimedJob, signal: AbortSignal, lingers: (ms: number) => void): Promise<ReportOf<Step['done']>>;
  /** Also where nothing may ever have been done. */
  undo(ticket: Ticket, job: ClaimedJob, signal: AbortSignal): Promise<ReportOf<Step['undone']>>;
}

/** The handlers of a step's two kinds of job, for a runner. */
export function stepJobs<Step extends ProcessStep>(step: Step, kinds: StepJobKinds, work: StepWork<Step>, clock: Clock): ReadonlyMap<string, JobHandler> {
  const outcomes = new StepOutcomes(step, clock);
  const common: Omit<JobHandler, 'run'> = {
    limits: () => work.limits,
    failed: async (job, failure) => outcomes.failed(job, ticketOf(job), failure),
  };
  return new Map<string, JobHandler>([
    [kinds.forward, {
      ...common,
      run: async (job, signal, lingers) => outcomes.done(job, ticketOf(job), await work.run(ticketOf(job), job, signal, lingers)),
    }],
    [kinds.undo, { ...common, run: async (job, signal) => outcomes.undone(job, ticketOf(job), await work.undo(ticketOf(job), job, signal)) }],
  ]);
}

function ticketOf({ payload }: ClaimedJob): Ticket {
  return (JSON.parse(payload) as { data: { ticket: Ticket } }).data.ticket;
}
