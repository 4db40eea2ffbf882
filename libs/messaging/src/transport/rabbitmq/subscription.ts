import { type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { atMost } from '../at-most.js';
import { type Consumer, NotConnectedError } from '../transport.js';
import { type TransportLogger } from '../transport-logger.js';
import { CONSUME_MS } from './queue-repair.js';
import { endChannel, watchChannel } from './watched-channel.js';

interface Active {
  readonly channel: Channel;
  consumerTag: string | undefined;
  unsettled: number;
  /** Something was handed out since the last look. */
  isServed: boolean;
}

/**
 * A consumer with a channel of its own that is built again on each new connection, until it is stopped. Subclasses say what
 * is consumed and what becomes of a message.
 */
export abstract class Subscription implements Consumer {
  /** Settled when it first consumes, or can't any more. */
  readonly ready: Promise<void>;
  /** The lasting queue it reads, by its name on the broker. */
  readonly lastingQueue: string | undefined = undefined;
  private markReady: () => void = () => undefined;
  private markFailed: (error: Error) => void = () => undefined;
  private active: Active | undefined;
  private stopping: Promise<void> | undefined;
  /** The channel is being closed. */
  private closing: Promise<void> | undefined;

  constructor(protected readonly what: string, protected readonly logger: TransportLogger, private readonly onFinished: (self: Subscription) => void) {
    this.ready = new Promise((resolve, reject) => {
      this.markReady = resolve;
      this.markFailed = reject;
    });
    // Nobody may be waiting for it.
    this.ready.catch(() => undefined);
  }

  /** @throws when the broker does not let it consume, or does not answer */
  async attach(connection: ChannelModel, lost: (reason: string) => void): Promise<void> {
    if (this.stopping) return;
    const channel = await connection.createChannel();
    watchChannel(channel, this.what, this.logger, lost);
    // Before the consume: deliveries may come in the same breath as its confirmation.
    const active: Active = { channel, consumerTag: undefined, unsettled: 0, isServed: true };
    this.active = active;
    await atMost(CONSUME_MS, this.consume(channel, (message) => {
      active.isServed = true;
      if (message && this.stopping) this.giveBack(channel, message);
      else if (message) this.receive(channel, message);
      else lost(`${this.what}: consumer was cancelled by the broker`);
    }).then((tag) => { active.consumerTag = tag; }));
    if (active.consumerTag === undefined) throw new Error(`${this.what}: no answer from the broker`);
    this.markReady();
    // Stopped while this was under way.
    if (this.stopping) await this.endConsuming(channel, active.consumerTag);
  }

  /**
   * Puts right what may have gone while it consumes, without a word to anybody: bindings of its own, with their exchange.
   * @throws when messages wait for it and none has come since the last look: the broker has forgotten it, with a queue of that name it had before
   */
  async keepUp(): Promise<void> {
    const { active } = this;
    if (active?.consumerTag === undefined || this.stopping) return;
    await this.bind(active.channel);
    const mayBeForgotten = !active.isServed && active.unsettled === 0;
    active.isServed = false;
    if (mayBeForgotten && await this.isAnyWaiting(active.channel) && !this.isServedBy(active)) throw new Error(`${this.what}: messages wait, and none comes`);
  }

  detach(): void {
    this.active = undefined;
    if (this.stopping) this.onFinished(this);
  }

  /** What was handed out can still be settled: the channel stays open until then. */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  /** Ends it with what is unsettled, which the broker hands out again. Answers already given arrive before. */
  async abandon(): Promise<void> {
    this.closeChannel();
    await this.closing;
  }

  protected abstract consume(channel: Channel, onMessage: (message: ConsumeMessage | null) => void): Promise<string>;
  protected abstract receive(channel: Channel, message: ConsumeMessage): void;

  /** Binds what only this consumer reads; queues of the topology are bound with it. */
  protected async bind(_channel: Channel): Promise<void> {
    return Promise.resolve();
  }

  /** Whether messages wait that nobody has been handed. */
  protected async isAnyWaiting(_channel: Channel): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Removes from the broker what would outlive the consumer. */
  protected async cleanUp(_channel: Channel): Promise<void> {
    return Promise.resolve();
  }

  /** What arrives between the wish to stop and the broker's answer to it is somebody else's. */
  protected giveBack(channel: Channel, message: ConsumeMessage): void {
    try {
      channel.nack(message, false, true);
    } catch {
      // The channel is gone, and with it the delivery.
    }
  }

  /** Counts a handed-out message of `channel`; the result is called when it is settled. */
  protected handedOut(channel: Channel): () => void {
    const { active } = this;
    if (active?.channel !== channel) return () => undefined;
    active.unsettled += 1;
    return () => {
      active.unsettled -= 1;
      this.closeWhenDone();
    };
  }

  /** Asked anew: it changes while others are waited for. */
  private isServedBy({ isServed }: Active): boolean {
    return isServed;
  }

  private async end(): Promise<void> {
    this.markFailed(new NotConnectedError('stopped before it was set up'));
    if (!this.active) this.onFinished(this);
    else if (this.active.consumerTag !== undefined) await this.endConsuming(this.active.channel, this.active.consumerTag);
  }

  private async endConsuming(channel: Channel, consumerTag: string): Promise<void> {
    try {
      await channel.cancel(consumerTag);
      await this.cleanUp(channel);
    } catch {
      // The channel ended meanwhile, and with it the consumer.
    }
    this.closeWhenDone();
  }

  private closeWhenDone(): void {
    if (this.stopping && this.active?.unsettled === 0) this.closeChannel();
  }

  /** The close comes after all answers on the same channel: closing the connection would overtake those still buffered. */
  private closeChannel(): void {
    if (!this.active) return;
    const { channel } = this.active;
    this.active = undefined;
    this.closing = endChannel(channel).then(() => { this.onFinished(this); });
  }
}
