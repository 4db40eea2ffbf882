import { type Delivery, type IncomingMessage } from './transport.js';
import { type TransportLogger } from './transport-logger.js';

const PAUSE_AFTER_THROW_MS = 1_000;

/** One line for a log. A refused connection to a name with several addresses has no message, only a code. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** Hands a delivery to its reader. A reader that throws gets it again a second later; nothing reaches the caller. */
export function handOver(delivery: Delivery, queue: string, logger: TransportLogger, onDelivery: (delivery: Delivery) => void): void {
  try {
    onDelivery(delivery);
  } catch (error) {
    logger.error({ queue, messageId: delivery.message.messageId, error: messageOf(error) }, 'reader of a queue threw, the message is handed out again');
    setTimeout(() => { delivery.retry(); }, PAUSE_AFTER_THROW_MS).unref();
  }
}

/** Hands a copy to its reader; a copy whose reader throws is lost. */
export function handOverCopy(message: IncomingMessage, logger: TransportLogger, onMessage: (message: IncomingMessage) => void): void {
  try {
    onMessage(message);
  } catch (error) {
    logger.error({ messageId: message.messageId, error: messageOf(error) }, 'reader of copies threw');
  }
}
