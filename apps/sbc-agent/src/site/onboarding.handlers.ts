import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { CustomerCreated, DeploymentAbandoned, encode, SbcCleanupRequested } from '@trunkline/contracts';
import { MessageContext, redriveHeader } from '@trunkline/messaging';
import { JobStore } from '@trunkline/steps';

export const onboardingKind = 'sbc-onboarding';
export const cleanupKind = 'sbc-cleanup';

/** Turns messages into jobs of their device; resolving acknowledges the delivery. */
@Controller()
export class OnboardingHandlers {
  constructor(private readonly jobs: JobStore) {}

  @EventPattern(CustomerCreated.type)
  async created(@Payload() event: CustomerCreated, @Ctx() context: unknown): Promise<void> {
    await this.accept(event, context, { kind: onboardingKind, isUndo: false, startBy: event.data.startBy });
  }

  @EventPattern(SbcCleanupRequested.type)
  async cleanupRequested(@Payload() event: SbcCleanupRequested, @Ctx() context: unknown): Promise<void> {
    await this.accept(event, context, { kind: cleanupKind, isUndo: true });
  }

  @EventPattern(DeploymentAbandoned.type)
  async abandoned(@Payload() { data, id }: DeploymentAbandoned): Promise<void> {
    await this.jobs.close(id, { customerGuid: data.ticket.customerGuid, round: data.closesRound, isAbandoned: true });
  }

  private async accept(
    event: CustomerCreated | SbcCleanupRequested, context: unknown, work: { kind: string; isUndo: boolean; startBy?: string },
  ): Promise<void> {
    const { customerGuid, origin, sbc } = event.data.ticket;
    await this.jobs.accept({
      messageId: event.id,
      body: encode(event).toString('utf8'),
      isRedrive: context instanceof MessageContext && context.headers[redriveHeader] === true,
      origins: origin === undefined ? [] : [origin],
      job: { ...work, deploymentId: event.subject, customerGuid, round: event.round, lane: String(sbc.id) },
      ...(event.type === SbcCleanupRequested.type ? { closes: { customerGuid, round: event.data.closesRound } } : {}),
    });
  }
}
