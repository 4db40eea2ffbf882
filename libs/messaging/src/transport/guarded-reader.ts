import { errorMessage } from '@trunkline/runtime';

import { type Delivery, type IncomingMessage } from './transport.js';
import { type TransportLogger } from './transport-logger.js';

const PAUSE_AFTER_THROW_MS = 1_000;

/** Hands a delivery to its reader. A reader that throws gets it again a second later; nothing reaches the caller. */
export function handOver(delivery: Delivery, queue: string, logger: TransportLogger, onDelivery: (delivery: Delivery) => void): void {
  try {
    onDelivery(delivery);
  } catch (error) {
    logger.error({ queue, messageId: delivery.message.messageId, error: errorMessage(error) }, 'reader of a queue threw, the message is handed out again');
    setTimeout(() => { delivery.retry(); }, PAUSE_AFTER_THROW_MS).unref();
  }
}

/** Hands a copy to its reader; a copy whose reader throws is lost. */
export function handOverCopy(message: IncomingMessage, logger: TransportLogger, onMessage: (message: IncomingMessage) => void): void {
  try {
    onMessage(message);
  } catch (error) {
    logger.error({ messageId: message.messageId, error: errorMessage(error) }, 'reader of copies threw');
  }
}
