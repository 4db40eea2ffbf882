import { type Channel, type ConsumeMessage } from 'amqplib';
import { errorMessage, type InFlight } from '@trunkline/runtime';
import { handOver, handOverCopy } from '../guarded-reader.js';
import { type Delivery, type IncomingMessage, type Responder } from '../transport.js';
import { type TransportLogger } from '../transport-logger.js';
import { type BrokerNames } from './broker-names.js';
import { RabbitMqDelivery, type DeadLetterSink } from './rabbitmq-delivery.js';
import { Subscription } from './subscription.js';

const COPIES_KEPT = 10_000;

export interface SubscriptionContext {
  readonly names: BrokerNames;
  readonly logger: TransportLogger;
  readonly inFlight: InFlight;
  readonly onFinished: (self: Subscription) => void;
}

export class QueueSubscription extends Subscription {
  override readonly lastingQueue: string;

  constructor(
    private readonly context: SubscriptionContext,
    private readonly queue: string,
    private readonly prefetch: number,
    private readonly deadLetters: DeadLetterSink | undefined,
    private readonly onDelivery: (delivery: Delivery) => void,
  ) {
    super(`consumer of "${queue}"`, context.logger, context.onFinished);
    this.lastingQueue = context.names.queue(queue);
  }

  protected override async prepare(channel: Channel): Promise<string> {
    await channel.prefetch(this.prefetch);
    return this.lastingQueue;
  }

  protected override receive(channel: Channel, raw: ConsumeMessage, settled: () => void): void {
    const { inFlight, logger, names } = this.context;
    inFlight.begin();
    const delivery = new RabbitMqDelivery(channel, raw, incoming(raw, names), this.deadLetters, logger, () => {
      inFlight.end();
      settled();
    });
    handOver(delivery, this.queue, logger, this.onDelivery);
  }
}

export class CopiesSubscription extends Subscription {
  protected override readonly consumeOptions = { noAck: true, exclusive: true };
  private own: { readonly channel: Channel; readonly queue: string } | undefined;

  constructor(private readonly context: SubscriptionContext, private readonly key: string, private readonly onMessage: (message: IncomingMessage) => void) {
    super('copies', context.logger, context.onFinished);
  }

  protected override async prepare(channel: Channel): Promise<string> {
    // Named by the server: the broker may not have noticed yet that the last connection is gone.
    const { queue } = await channel.assertQueue('', { exclusive: true, durable: false, maxLength: COPIES_KEPT, overflow: 'drop-head' });
    this.own = { channel, queue };
    /* safeguard: copies-rebound */
    await this.renew();
    return queue;
  }

  /** Its queue ends with the connection, which is told; what may go without a word is the exchange, and the binding with it. */
  override async renew(): Promise<void> {
    if (this.own) await this.own.channel.bindQueue(this.own.queue, this.context.names.exchange('events'), this.key);
  }

  protected override async cleanUp(): Promise<void> {
    const { own } = this;
    this.own = undefined;
    // An exclusive queue lives as long as the connection.
    if (own) await own.channel.deleteQueue(own.queue);
  }

  protected override giveBack(): void {
    // Nothing to answer: copies are not acknowledged.
  }

  protected override receive(_channel: Channel, raw: ConsumeMessage, settled: () => void): void {
    handOverCopy(incoming(raw, this.context.names), this.context.logger, this.onMessage);
    settled();
  }
}

export class ResponderSubscription extends Subscription {
  constructor(
    private readonly context: SubscriptionContext,
    private readonly queue: string,
    private readonly prefetch: number,
    private readonly responder: Responder,
    private readonly reply: (replyTo: string, correlationId: string, body: Buffer) => void,
  ) {
    super(`responder of "${queue}"`, context.logger, context.onFinished);
  }

  protected override async prepare(channel: Channel): Promise<string> {
    await channel.prefetch(this.prefetch);
    return this.context.names.queue(this.queue);
  }

  protected override receive(channel: Channel, raw: ConsumeMessage, settled: () => void): void {
    this.context.inFlight.begin();
    void this.answer(raw).finally(() => {
      acknowledge(channel, raw);
      this.context.inFlight.end();
      settled();
    });
  }

  private async answer(raw: ConsumeMessage): Promise<void> {
    const replyTo: unknown = raw.properties.replyTo;
    const correlationId: unknown = raw.properties.correlationId;
    if (typeof replyTo !== 'string' || typeof correlationId !== 'string') return;
    try {
      const answer = await this.responder(raw.content, raw.fields.redelivered);
      if (answer) this.reply(replyTo, correlationId, answer);
    } catch (error) {
      this.logger.error({ queue: this.queue, error: errorMessage(error) }, 'responder failed, the asker gets no reply');
    }
  }
}

function acknowledge(channel: Channel, raw: ConsumeMessage): void {
  try {
    channel.ack(raw);
  } catch {
    // The channel is gone: the broker asks somebody else.
  }
}

function incoming({ fields, properties, content }: ConsumeMessage, names: BrokerNames): IncomingMessage {
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    messageId: textOf(properties.messageId),
    routingKey: names.originalRoutingKey(fields.exchange, fields.routingKey),
    contentType: textOf(properties.contentType),
    body: content,
    headers: properties.headers ?? {},
    redelivered: fields.redelivered,
  };
}
