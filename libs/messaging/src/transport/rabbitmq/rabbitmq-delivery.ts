import { type Channel, type ConsumeMessage } from 'amqplib';
import { errorMessage } from '@trunkline/runtime';
import { type Delivery, type IncomingMessage, UnroutableError } from '../transport.js';
import { type TransportLogger } from '../transport-logger.js';

/** Puts a copy with the reason into the dead-letter queue; resolves when the broker has it. */
export type DeadLetterSink = (message: IncomingMessage, reason: string) => Promise<void>;

export class RabbitMqDelivery implements Delivery {
  private isSettled = false;

  constructor(
    private readonly channel: Channel,
    private readonly raw: ConsumeMessage,
    readonly message: IncomingMessage,
    private readonly deadLetters: DeadLetterSink | undefined,
    private readonly logger: TransportLogger,
    private readonly onSettled: () => void,
  ) {}

  ack(): void {
    if (this.isFirst()) this.answer(() => { this.channel.ack(this.raw); });
  }

  retry(): void {
    if (this.isFirst()) this.answer(() => { this.channel.nack(this.raw, false, true); });
  }

  deadLetter(reason: string): void {
    if (!this.isFirst()) return;
    if (!this.deadLetters) {
      this.answer(() => { this.channel.nack(this.raw, false, true); });
      return;
    }
    this.deadLetters(this.message, reason).then(
      () => { this.answer(() => { this.channel.ack(this.raw); }); },
      (error: unknown) => {
        if (error instanceof UnroutableError) {
          // Without its dead-letter queue the broker would drop the message.
          this.answer(() => { this.channel.nack(this.raw, false, true); });
          return;
        }
        this.logger.warn({ messageId: this.message.messageId, reason, error: errorMessage(error) }, 'dead letter loses its reason, the broker moves the message itself');
        this.answer(() => { this.channel.nack(this.raw, false, false); });
      },
    );
  }

  private isFirst(): boolean {
    const isFirst = !this.isSettled;
    this.isSettled = true;
    return isFirst;
  }

  private answer(send: () => void): void {
    try {
      send();
    } catch {
      // The channel is gone, and with it the delivery: the broker hands the message out again.
    }
    this.onSettled();
  }
}
