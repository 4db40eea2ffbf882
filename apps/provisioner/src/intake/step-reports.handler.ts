import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type DeploymentEventMessage, encode, stepReportTypes } from '@trunkline/contracts';

import { DeploymentLedger } from '../ledger/deployment-ledger.js';

/** What the steps report goes into the log, and what follows from it is decided there. */
@Controller()
export class StepReportsHandler {
  constructor(private readonly ledger: DeploymentLedger) {}

  @EventPattern(stepReportTypes)
  async report(@Payload() event: DeploymentEventMessage): Promise<void> {
    await this.ledger.tell({ kind: 'reported', event, body: encode(event).toString('utf8') });
  }
}
