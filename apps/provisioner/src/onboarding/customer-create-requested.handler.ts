import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CustomerCreateRequested, encode } from '@trunkline/contracts';

import { DeploymentLedger } from '../persistence/deployment-ledger.js';

@Controller()
export class CustomerCreateRequestedHandler {
  constructor(private readonly ledger: DeploymentLedger) {}

  /** Resolves when the request is on disk; returning acknowledges the delivery. */
  @EventPattern(CustomerCreateRequested.type)
  async handle(@Payload() message: CustomerCreateRequested): Promise<void> {
    await this.ledger.tell({ kind: 'create-requested', message, body: encode(message).toString('utf8') });
  }
}
