import { type Channel, type ChannelModel, type ConsumeMessage, type Options } from 'amqplib';
import { atMost } from '../at-most.js';
import { type Consumer, NotConnectedError } from '../transport.js';
import { type TransportLogger } from '../transport-logger.js';
import { CONSUME_MS, ConsumerChannel } from './consumer-channel.js';
import { endChannel, watchChannel } from './watched-channel.js';
import { renewConsumer } from './workarounds/silent-consumer.js';

/**
 * A consumer that is built again on each new connection, until it is stopped. Subclasses say what is consumed and what becomes
 * of a message.
 */
export abstract class Subscription implements Consumer {
  /** Settled when it first consumes, or can't any more. */
  readonly ready: Promise<void>;
  /** The lasting queue it reads, by its name on the broker. */
  readonly lastingQueue: string | undefined = undefined;
  protected readonly consumeOptions: Options.Consume = {};
  private markReady: () => void = () => undefined;
  private markFailed: (error: Error) => void = () => undefined;
  /** The one that consumes is the last; those before it are settling what they were handed. */
  private readonly channels = new Set<ConsumerChannel>();
  /** How many have been lost. */
  private connections = 0;
  private isStopping = false;
  private stopping: Promise<void> | undefined;

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
    const { connections } = this;
    const isWanted = (): boolean => this.connections === connections && /* safeguard: renewal-after-stop */ !this.isStopping;
    if (!isWanted()) return;
    const channel = await connection.createChannel();
    watchChannel(channel, this.what, this.logger, lost);
    let queue = '';
    if (!await atMost(CONSUME_MS, this.prepare(channel).then((name) => { queue = name; }))) throw this.unanswered();
    if (!isWanted()) {
      await endChannel(channel);
      return;
    }
    const consumer: ConsumerChannel = new ConsumerChannel(channel, {
      onMessage: (message, settled) => { this.receive(channel, message, settled); },
      onLate: (message) => { this.giveBack(channel, message); },
      onCancelled: () => { lost(`${this.what}: consumer was cancelled by the broker`); },
      onClosed: () => {
        this.channels.delete(consumer);
        this.finishWhenDone();
      },
    });
    this.channels.add(consumer);
    await consumer.begin(queue, this.consumeOptions);
    if (!consumer.isConsuming) throw this.unanswered();
    this.markReady();
    // Stopped while this was under way.
    if (this.isStopping) await this.retire(consumer);
  }

  /** @throws like attach */
  renew(connection: ChannelModel, lost: (reason: string) => void): Promise<void> {
    return renewConsumer({
      channels: this.channels, isStopping: () => this.isStopping, attach: () => this.attach(connection, lost), answerMs: CONSUME_MS,
      unanswered: () => this.unanswered(),
    });
  }

  detach(): void {
    /* safeguard: renewal-connection */
    this.connections += 1;
    this.channels.clear();
    this.finishWhenDone();
  }

  /** What was handed out can still be settled: the channel stays open until then. */
  stop(): Promise<void> {
    this.isStopping = true;
    this.stopping ??= this.end();
    return this.stopping;
  }

  /** Ends it with what is unsettled, which the broker hands out again. Answers already given arrive before. */
  async abandon(): Promise<void> {
    await Promise.all([...this.channels].map((consumer) => consumer.close()));
  }

  /** Makes a channel ready; answers which queue is consumed there. */
  protected abstract prepare(channel: Channel): Promise<string>;
  protected abstract receive(channel: Channel, message: ConsumeMessage, settled: () => void): void;

  /** Removes from the broker what would outlive the consumer. */
  protected async cleanUp(): Promise<void> {
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

  private unanswered(): Error {
    return new Error(`${this.what}: no answer from the broker`);
  }

  private async end(): Promise<void> {
    this.markFailed(new NotConnectedError('stopped before it was set up'));
    this.finishWhenDone();
    await Promise.all([...this.channels].map((consumer) => this.retire(consumer)));
  }

  private retire(consumer: ConsumerChannel): Promise<void> {
    return consumer.retire(() => this.cleanUp());
  }

  private finishWhenDone(): void {
    if (this.isStopping && this.channels.size === 0) this.onFinished(this);
  }
}
