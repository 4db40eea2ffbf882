import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CustomerDeleteRequested } from '@trunkline/contracts';

import { DeploymentLedger } from '../ledger/deployment-ledger.js';
import { keepRefusedOfStrangers } from './refused-request.js';

@Controller()
export class CustomerDeleteRequestedHandler {
  constructor(private readonly ledger: DeploymentLedger) {}

  @EventPattern(CustomerDeleteRequested.type)
  async handle(@Payload() message: CustomerDeleteRequested): Promise<void> {
    const { refusal } = await this.ledger.tell({ kind: 'delete-requested', message });
    keepRefusedOfStrangers(message, refusal);
  }
}
