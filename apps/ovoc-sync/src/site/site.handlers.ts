import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { DeploymentAbandoned, encode, OvocCleanupRequested, SbcOnboarded } from '@trunkline/contracts';
import { MessageContext, redriveHeader } from '@trunkline/messaging';
import { JobStore } from '@trunkline/steps';

export const siteKind = 'ovoc-site';
export const siteCleanupKind = 'ovoc-site-cleanup';

/** Turns messages into jobs; resolving acknowledges the delivery. */
@Controller()
export class SiteHandlers {
  constructor(private readonly jobs: JobStore) {}

  @EventPattern(SbcOnboarded.type)
  async onboarded(@Payload() event: SbcOnboarded, @Ctx() context: unknown): Promise<void> {
    await this.accept(event, context, siteKind, undefined);
  }

  @EventPattern(OvocCleanupRequested.type)
  async cleanupRequested(@Payload() event: OvocCleanupRequested, @Ctx() context: unknown): Promise<void> {
    await this.accept(event, context, siteCleanupKind, event.data.closesRound);
  }

  @EventPattern(/* safeguard: abandonment-handler */ DeploymentAbandoned.type)
  async abandoned(@Payload() { data, id }: DeploymentAbandoned): Promise<void> {
    await this.jobs.close(id, { customerGuid: data.ticket.customerGuid, round: data.closesRound, isAbandoned: true });
  }

  private async accept(event: SbcOnboarded | OvocCleanupRequested, context: unknown, kind: string, closesRound: number | undefined): Promise<void> {
    const { customerGuid, origin } = event.data.ticket;
    await this.jobs.accept({
      messageId: event.id,
      body: encode(event).toString('utf8'),
      isRedrive: context instanceof MessageContext && context.headers[redriveHeader] === true,
      origins: origin === undefined ? [] : [origin],
      job: { kind, isUndo: closesRound !== undefined, deploymentId: event.subject, customerGuid, round: event.round, lane: '' },
      ...(closesRound === undefined ? {} : { closes: { customerGuid, round: closesRound } }),
    });
  }
}
