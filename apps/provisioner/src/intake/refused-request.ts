import { gatewaySource, type Message } from '@trunkline/contracts';
import { MessageRefusedError } from '@trunkline/messaging';

import type { RefusedRequest } from '../ledger/effects.js';

/**
 * A refused request of another system becomes a dead letter: nobody else sees it. Callers of a gateway have been told.
 * @throws MessageRefusedError
 */
export function keepRefusedOfStrangers({ source }: Message, refusal: RefusedRequest | undefined): void {
  if (refusal && source !== gatewaySource) throw new MessageRefusedError(`${refusal.errorCode}: ${refusal.message}`);
}
