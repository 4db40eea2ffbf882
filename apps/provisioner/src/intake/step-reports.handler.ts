import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import {
  type DeploymentEventMessage, encode, OvocCleaned, OvocCleanupFailed, OvocSiteCreated, OvocSyncFailed, SbcCleaned, SbcCleanupFailed, SbcOnboarded,
  SbcOnboardingFailed,
} from '@trunkline/contracts';

import { DeploymentLedger } from '../ledger/deployment-ledger.js';

/** What the steps report goes into the log, and what follows from it is decided there. */
@Controller()
export class StepReportsHandler {
  constructor(private readonly ledger: DeploymentLedger) {}

  @EventPattern(SbcOnboarded.type)
  sbcOnboarded(@Payload() event: SbcOnboarded): Promise<void> { return this.report(event); }

  @EventPattern(SbcOnboardingFailed.type)
  sbcOnboardingFailed(@Payload() event: SbcOnboardingFailed): Promise<void> { return this.report(event); }

  @EventPattern(SbcCleaned.type)
  sbcCleaned(@Payload() event: SbcCleaned): Promise<void> { return this.report(event); }

  @EventPattern(SbcCleanupFailed.type)
  sbcCleanupFailed(@Payload() event: SbcCleanupFailed): Promise<void> { return this.report(event); }

  @EventPattern(OvocSiteCreated.type)
  ovocSiteCreated(@Payload() event: OvocSiteCreated): Promise<void> { return this.report(event); }

  @EventPattern(OvocSyncFailed.type)
  ovocSyncFailed(@Payload() event: OvocSyncFailed): Promise<void> { return this.report(event); }

  @EventPattern(OvocCleaned.type)
  ovocCleaned(@Payload() event: OvocCleaned): Promise<void> { return this.report(event); }

  @EventPattern(OvocCleanupFailed.type)
  ovocCleanupFailed(@Payload() event: OvocCleanupFailed): Promise<void> { return this.report(event); }

  private async report(event: DeploymentEventMessage): Promise<void> {
    await this.ledger.tell({ kind: 'reported', event, body: encode(event).toString('utf8') });
  }
}
