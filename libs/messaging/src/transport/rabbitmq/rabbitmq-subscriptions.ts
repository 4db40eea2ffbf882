import { type Channel, type ConsumeMessage } from 'amqplib';
import { handOver, handOverCopy, messageOf } from '../guarded-reader.js';
import { type InFlight } from '../in-flight.js';
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

  protected override async consume(channel: Channel, onMessage: (message: ConsumeMessage | null) => void): Promise<string> {
    await channel.prefetch(this.prefetch);
    return (await channel.consume(this.lastingQueue, onMessage)).consumerTag;
  }

  protected override async isAnyWaiting(channel: Channel): Promise<boolean> {
    return (await channel.checkQueue(this.lastingQueue)).messageCount > 0;
  }

  protected override receive(channel: Channel, raw: ConsumeMessage): void {
    const { inFlight, logger, names } = this.context;
    const settled = this.handedOut(channel);
    inFlight.begin();
    const delivery = new RabbitMqDelivery(channel, raw, incoming(raw, names), this.deadLetters, logger, () => {
      inFlight.end();
      settled();
    });
    handOver(delivery, this.queue, logger, this.onDelivery);
  }
}

export class CopiesSubscription extends Subscription {
  private queue: string | undefined;

  constructor(private readonly context: SubscriptionContext, private readonly key: string, private readonly onMessage: (message: IncomingMessage) => void) {
    super('copies', context.logger, context.onFinished);
  }

  protected override async consume(channel: Channel, onMessage: (message: ConsumeMessage | null) => void): Promise<string> {
    // Named by the server: the broker may not have noticed yet that the last connection is gone.
    const { queue } = await channel.assertQueue('', { exclusive: true, durable: false, maxLength: COPIES_KEPT, overflow: 'drop-head' });
    this.queue = queue;
    await this.bind(channel);
    return (await channel.consume(queue, onMessage, { noAck: true, exclusive: true })).consumerTag;
  }

  protected override async bind(channel: Channel): Promise<void> {
    if (this.queue !== undefined) await channel.bindQueue(this.queue, this.context.names.exchange('events'), this.key);
  }

  protected override async cleanUp(channel: Channel): Promise<void> {
    // An exclusive queue lives as long as the connection.
    if (this.queue !== undefined) await channel.deleteQueue(this.queue);
  }

  protected override giveBack(): void {
    // Nothing to answer: copies are not acknowledged.
  }

  protected override receive(_channel: Channel, raw: ConsumeMessage): void {
    handOverCopy(incoming(raw, this.context.names), this.context.logger, this.onMessage);
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

  protected override async consume(channel: Channel, onMessage: (message: ConsumeMessage | null) => void): Promise<string> {
    await channel.prefetch(this.prefetch);
    return (await channel.consume(this.context.names.queue(this.queue), onMessage)).consumerTag;
  }

  protected override receive(channel: Channel, raw: ConsumeMessage): void {
    const settled = this.handedOut(channel);
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
      this.logger.error({ queue: this.queue, error: messageOf(error) }, 'responder failed, the asker gets no reply');
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
