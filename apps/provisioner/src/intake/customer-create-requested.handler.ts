import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CustomerCreateRequested, encode } from '@trunkline/contracts';
import { Secrets } from '@trunkline/secrets';

import { DeploymentLedger } from '../ledger/deployment-ledger.js';
import { keepRefusedOfStrangers } from './refused-request.js';

@Controller()
export class CustomerCreateRequestedHandler {
  constructor(private readonly ledger: DeploymentLedger, private readonly secrets: Secrets) {}

  /** Resolves when the request is on disk; returning acknowledges the delivery. */
  @EventPattern(CustomerCreateRequested.type)
  async handle(@Payload() received: CustomerCreateRequested): Promise<void> {
    const message = this.withFingerprint(received);
    const { refusal } = await this.ledger.tell({ kind: 'create-requested', message, body: encode(message).toString('utf8') });
    keepRefusedOfStrangers(message, refusal);
  }

  /** Other systems send none: theirs is taken of the same parts as a gateway's, so that another request under a used id is found out. */
  private withFingerprint(message: CustomerCreateRequested): CustomerCreateRequested {
    const { fingerprint, request, sealed } = message.data;
    if (fingerprint !== undefined) return message;
    return { ...message, data: { ...message.data, fingerprint: this.secrets.fingerprint(sealed === undefined ? request : { request, sealed }) } };
  }
}
