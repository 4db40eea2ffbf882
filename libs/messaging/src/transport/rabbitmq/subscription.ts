import { type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { type Consumer, NotConnectedError } from '../transport.js';
import { type TransportLogger } from '../transport-logger.js';
import { closeChannel, watchChannel } from './watched-channel.js';

interface Active {
  readonly channel: Channel;
  consumerTag: string | undefined;
  unsettled: number;
}

/**
 * A consumer with a channel of its own that is built again on each new connection, until it is stopped. Subclasses say what
 * is consumed and what becomes of a message.
 */
export abstract class Subscription implements Consumer {
  /** Settled when it first consumes, or can't any more. */
  readonly ready: Promise<void>;
  /** Resolves when it has been stopped and the broker has every answer, or the channel they were meant for is gone. */
  readonly finished: Promise<void>;
  private markFinished: () => void = () => undefined;
  private markReady: () => void = () => undefined;
  private markFailed: (error: Error) => void = () => undefined;
  private active: Active | undefined;
  private isStopped = false;

  constructor(protected readonly what: string, protected readonly logger: TransportLogger, onFinished: (self: Subscription) => void) {
    this.ready = new Promise((resolve, reject) => {
      this.markReady = resolve;
      this.markFailed = reject;
    });
    this.finished = new Promise<void>((resolve) => { this.markFinished = resolve; }).then(() => { onFinished(this); });
    // Nobody may be waiting for it.
    this.ready.catch(() => undefined);
  }

  async attach(connection: ChannelModel, lost: (reason: string) => void): Promise<void> {
    if (this.isStopped) return;
    const channel = await connection.createChannel();
    watchChannel(channel, this.what, this.logger, lost);
    // Before the consume: deliveries may come in the same breath as its confirmation.
    const active: Active = { channel, consumerTag: undefined, unsettled: 0 };
    this.active = active;
    active.consumerTag = await this.consume(channel, (message) => {
      if (message) this.receive(channel, message);
      else lost(`${this.what}: consumer was cancelled by the broker`);
    });
    this.markReady();
    if (this.isStopped) await this.end();
  }

  detach(): void {
    this.active = undefined;
    if (this.isStopped) this.markFinished();
  }

  /** What was handed out can still be settled: the channel stays open until then. */
  async stop(): Promise<void> {
    if (this.isStopped) return;
    this.isStopped = true;
    this.markFailed(new NotConnectedError('stopped before it was set up'));
    await this.end();
  }

  protected abstract consume(channel: Channel, onMessage: (message: ConsumeMessage | null) => void): Promise<string>;
  protected abstract receive(channel: Channel, message: ConsumeMessage): void;

  /** Removes from the broker what would outlive the consumer. */
  protected async cleanUp(_channel: Channel): Promise<void> {
    return Promise.resolve();
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

  private async end(): Promise<void> {
    const { active } = this;
    if (!active) {
      this.markFinished();
      return;
    }
    // Not yet consuming: `attach` ends it as soon as it does.
    if (active.consumerTag === undefined) return;
    try {
      await active.channel.cancel(active.consumerTag);
      await this.cleanUp(active.channel);
    } catch {
      // The channel ended meanwhile, and with it the consumer.
    }
    this.closeWhenDone();
  }

  /** The close comes after all answers on the same channel: closing the connection would overtake those still buffered. */
  private closeWhenDone(): void {
    if (!this.isStopped || this.active?.unsettled !== 0) return;
    const { channel } = this.active;
    this.active = undefined;
    void closeChannel(channel).then(this.markFinished);
  }
}
