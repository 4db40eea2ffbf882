import { type Channel, type ConsumeMessage, type Options } from 'amqplib';
import { atMost } from '../at-most.js';
import { endChannel } from './watched-channel.js';

/** A broker that is well answers within milliseconds, while it starts within a second. */
export const CONSUME_MS = 3_000;

export interface ConsumerChannelEvents {
  /** `settled` is called once the answer to the message has been written. */
  readonly onMessage: (message: ConsumeMessage, settled: () => void) => void;
  /** Arrived after the wish to stop. */
  readonly onLate: (message: ConsumeMessage) => void;
  readonly onCancelled: () => void;
  readonly onClosed: () => void;
}

/** One consumer on a channel of its own: it consumes, retires, and is closed when what it was handed is settled. */
export class ConsumerChannel {
  private consumerTag: string | undefined;
  private unsettled = 0;
  private isRetired = false;
  private closing: Promise<void> | undefined;

  constructor(private readonly channel: Channel, private readonly events: ConsumerChannelEvents) {}

  get isConsuming(): boolean {
    return this.consumerTag !== undefined;
  }

  /** Is not consuming after it when the broker has not answered within 3 s. @throws when the broker does not let it consume */
  async begin(queue: string, options: Options.Consume): Promise<void> {
    // Deliveries may come in the same breath as the confirmation.
    const consuming = this.channel.consume(queue, (message) => { this.take(message); }, options);
    await atMost(CONSUME_MS, consuming.then(({ consumerTag }) => { this.consumerTag = consumerTag; }));
  }

  /** Asks for no more, and gives back what comes all the same. What was handed out can still be settled: the channel stays open until then. */
  async retire(cleanUp: () => Promise<void>): Promise<void> {
    this.isRetired = true;
    // One that is only about to consume retires as soon as it does.
    if (this.consumerTag === undefined) return;
    try {
      await this.channel.cancel(this.consumerTag);
      await cleanUp();
    } catch {
      // The channel ended meanwhile, and with it the consumer.
    }
    this.closeWhenDone();
  }

  /** Another one consumes from now on. What comes until the broker has noted it is handed out: given back it would count as handed out before. */
  async giveWay(): Promise<void> {
    /* safeguard: renewed-consumer-delivers */
    if (this.consumerTag !== undefined) await this.channel.cancel(this.consumerTag);
    this.isRetired = true;
    this.closeWhenDone();
  }

  /** The close comes after all answers on the same channel: closing the connection would overtake those still buffered. */
  close(): Promise<void> {
    this.isRetired = true;
    this.closing ??= endChannel(this.channel).then(this.events.onClosed);
    return this.closing;
  }

  private take(message: ConsumeMessage | null): void {
    if (this.isRetired) {
      if (message) this.events.onLate(message);
    } else if (message) this.handOut(message);
    else this.events.onCancelled();
  }

  private handOut(message: ConsumeMessage): void {
    this.unsettled += 1;
    this.events.onMessage(message, () => {
      this.unsettled -= 1;
      this.closeWhenDone();
    });
  }

  private closeWhenDone(): void {
    if (this.isRetired && /* safeguard: renewed-consumer-settles */ this.unsettled === 0) void this.close();
  }
}
