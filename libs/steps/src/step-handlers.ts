import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type DeploymentAbandoned, encode, type MessageOf, onboarding, type ProcessStep, type StepRequest, type Ticket } from '@trunkline/contracts';
import { MessageContext, redriveHeader } from '@trunkline/messaging';

import { JobStore } from './job-store.js';

/** Kinds of job are stored: they keep their names. */
export interface StepJobKinds {
  readonly forward: string;
  readonly undo: string;
  /** Which jobs share a device; without it none do. */
  readonly laneOf?: (ticket: Ticket) => string;
}

export interface StepHandlers {
  begin(event: MessageOf<ProcessStep['start']>, context: unknown): Promise<void>;
  undo(event: MessageOf<ProcessStep['undo']>, context: unknown): Promise<void>;
  abandon(event: DeploymentAbandoned): Promise<void>;
}

/** The controller of a step: turns what the step is asked for into jobs. Resolving acknowledges the delivery. */
export function stepHandlers(step: ProcessStep, { forward, laneOf = () => '', undo }: StepJobKinds): new (jobs: JobStore) => StepHandlers {
  @Controller()
  class Handlers implements StepHandlers {
    constructor(private readonly jobs: JobStore) {}

    @EventPattern(step.start.type)
    async begin(@Payload() event: MessageOf<ProcessStep['start']>, @Ctx() context: unknown): Promise<void> {
      await this.accept(event, context, { kind: forward, isUndo: false, ...'startBy' in event.data && { startBy: event.data.startBy } });
    }

    @EventPattern(step.undo.type)
    async undo(@Payload() event: MessageOf<ProcessStep['undo']>, @Ctx() context: unknown): Promise<void> {
      await this.accept(event, context, { kind: undo, isUndo: true }, event.data.closesRound);
    }

    @EventPattern(/* safeguard: abandonment-handler */ onboarding.abandons.type)
    async abandon(@Payload() { data, id }: DeploymentAbandoned): Promise<void> {
      await this.jobs.close(id, { customerGuid: data.ticket.customerGuid, round: data.closesRound, isAbandoned: true });
    }

    private async accept(event: StepRequest, context: unknown, work: { kind: string; isUndo: boolean; startBy?: string }, closesRound?: number): Promise<void> {
      const { ticket } = event.data;
      const { customerGuid, origin } = ticket;
      await this.jobs.accept({
        messageId: event.id,
        body: encode(event).toString('utf8'),
        isRedrive: context instanceof MessageContext && context.headers[redriveHeader] === true,
        origins: origin === undefined ? [] : [origin],
        job: { ...work, deploymentId: event.subject, customerGuid, round: event.round, lane: laneOf(ticket) },
        ...closesRound !== undefined && { closes: { customerGuid, round: closesRound } },
      });
    }
  }
  return Handlers;
}
