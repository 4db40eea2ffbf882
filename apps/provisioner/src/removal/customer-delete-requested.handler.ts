import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CustomerDeleteRequested } from '@trunkline/contracts';

import { keepRefusedOfStrangers } from '../outcome/refused-request.js';
import { DeploymentLedger } from '../persistence/deployment-ledger.js';

@Controller()
export class CustomerDeleteRequestedHandler {
  constructor(private readonly ledger: DeploymentLedger) {}

  @EventPattern(CustomerDeleteRequested.type)
  async handle(@Payload() message: CustomerDeleteRequested): Promise<void> {
    const { refusal } = await this.ledger.tell({ kind: 'delete-requested', message });
    keepRefusedOfStrangers(message, refusal);
  }
}
