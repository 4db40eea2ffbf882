import type { ServiceName } from '@trunkline/contracts';
import { type Consumer, deadLetterQueue, type Delivery, type Transport } from '@trunkline/messaging';
import { type Database, GroupCommit } from '@trunkline/persistence';
import { errorMessage, type Logger } from '@trunkline/runtime';

import { keepRefused } from './dead-letter-rows.js';
import { type RefusedMessage, refusedMessage } from './refused-message.js';

const prefetch = 16;
const pauseMs = 1_000;

/**
 * Makes rows of what waits in the service's dead-letter queue, and acknowledges it when they are on disk: what was refused while the database
 * was away waits there. Several processes may read.
 */
export class DeadLetterReader {
  private readonly commits: GroupCommit<RefusedMessage>;
  private readonly pausing = new Set<() => void>();
  private consumer: Consumer | undefined;
  private isStopping = false;

  constructor(database: Database, private readonly transport: Transport, private readonly service: ServiceName, private readonly logger: Logger) {
    this.commits = new GroupCommit(async (messages) => {
      await database.transaction((transaction) => { keepRefused(transaction, messages); });
      return messages.map(() => undefined);
    }, { maxBatch: prefetch });
  }

  /** Wants a transport that has started. */
  async start(): Promise<void> {
    this.consumer = await this.transport.consume(deadLetterQueue(this.service), { prefetch }, (delivery) => { void this.keep(delivery); });
  }

  /** Takes no more, and gives back what could not be stored. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.consumer?.stop();
    for (const giveBack of [...this.pausing]) giveBack();
    await this.commits.idle();
  }

  private async keep(delivery: Delivery): Promise<void> {
    const message = refusedMessage(delivery.message, this.service);
    try {
      await this.commits.add(message);
      delivery.ack();
      this.logger.info({ deadLetterId: message.id, messageId: message.messageId, reason: message.reason }, 'dead letter stored');
    } catch (error) {
      this.logger.warn({ deadLetterId: message.id, messageId: message.messageId, error: errorMessage(error) }, 'dead letter could not be stored, it waits in its queue');
      this.giveBackLater(delivery);
    }
  }

  private giveBackLater(delivery: Delivery): void {
    const giveBack = (): void => {
      clearTimeout(timer);
      this.pausing.delete(giveBack);
      delivery.retry();
    };
    const timer = setTimeout(giveBack, this.isStopping ? 0 : pauseMs);
    this.pausing.add(giveBack);
  }
}
