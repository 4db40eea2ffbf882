import { type ChannelModel } from 'amqplib';
import { errorMessage, InFlight } from '@trunkline/runtime';
import { deadLetterQueue, queueHeader, reasonHeader, routingKeyHeader, type Topology } from '../../topology/topology.js';
import { atMost } from '../at-most.js';
import { StateHolder } from '../state-holder.js';
import { type Consumer, type Delivery, type IncomingMessage, NotConnectedError, type OutgoingMessage, type Responder, Transport, type TransportState, UnroutableError } from '../transport.js';
import { silentLogger, type TransportLogger } from '../transport-logger.js';
import { BrokerLink, destroy, type LinkStatus } from './broker-link.js';
import { BrokerNames } from './broker-names.js';
import { CONSUME_MS } from './consumer-channel.js';
import { declareTopology, TopologyMismatchError } from './declare-topology.js';
import { RabbitMqAsker } from './rabbitmq-asker.js';
import { type DeadLetterSink } from './rabbitmq-delivery.js';
import { type PublisherLimits, RabbitMqPublisher } from './rabbitmq-publisher.js';
import { CopiesSubscription, QueueSubscription, ResponderSubscription, type SubscriptionContext } from './rabbitmq-subscriptions.js';
import { type Subscription } from './subscription.js';
import { watchChannel } from './watched-channel.js';
import { BrokerWatch } from './workarounds/broker-watch.js';

export interface RabbitMqTransportOptions extends Partial<PublisherLimits> {
  /** `amqp://` or `amqps://`, with account and virtual host. */
  readonly url: string;
  readonly topology: Topology;
  /** Shown to the broker's operator, e.g. the service and its instance. */
  readonly connectionName: string;
  /** Put before every exchange and queue name. */
  readonly namePrefix?: string;
  readonly connectTimeoutMs?: number;
  /** How often exchanges, queues and bindings are declared again, and consumers renewed, while connected. */
  readonly upkeepMs?: number;
  readonly logger?: TransportLogger;
}

interface ConsumeConnection {
  readonly connection: ChannelModel;
  readonly lost: (reason: string) => void;
}

const CONNECT_MS = 5_000;
const DEFAULT_LIMITS: PublisherLimits = { maxUnconfirmed: 1_000, maxWaiting: 50_000, timeoutMs: 30_000 };
const DEFAULT_DRAIN_MS = 5_000;
const HEARTBEAT_S = 10;
/** Nobody is told that an exchange or a binding has gone: until it is back its messages go nowhere. */
const UPKEEP_MS = 10_000;
const FLUSH_MS = 1_000;

/**
 * Transport over RabbitMQ, with one connection to publish and one to consume. Whatever breaks (connection, channel, a consumer
 * cancelled by the broker) is answered in one way: the connection it belonged to is built again, topology and consumers included.
 */
export class RabbitMqTransport extends Transport {
  readonly kind = 'rabbitmq';
  private readonly logger: TransportLogger;
  private readonly names: BrokerNames;
  private readonly holder: StateHolder;
  private readonly publisher: RabbitMqPublisher;
  private readonly asker: RabbitMqAsker;
  private readonly publishing: BrokerLink;
  private readonly consuming: BrokerLink;
  private readonly subscriptions = new Set<Subscription>();
  private readonly inFlight = new InFlight();
  private readonly watch: BrokerWatch;
  private consumeConnection: ConsumeConnection | undefined;
  private blockedBecause: string | undefined;
  private starting: { readonly done: Promise<void>; readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  private closing: Promise<void> | undefined;
  private isEnding = false;
  private wasConnected = false;

  /** @throws TypeError for a URL that is none of AMQP */
  constructor(private readonly options: RabbitMqTransportOptions) {
    super();
    this.logger = options.logger ?? silentLogger;
    this.holder = new StateHolder(this.logger);
    this.names = new BrokerNames(options.namePrefix ?? '');
    this.publisher = new RabbitMqPublisher(this.names, { ...DEFAULT_LIMITS, ...withoutUndefined(options) });
    this.asker = new RabbitMqAsker(this.names);
    const url = withHeartbeat(options.url);
    const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_MS;
    this.watch = new BrokerWatch({ url, connectTimeoutMs, consumeMs: CONSUME_MS, upkeepMs: options.upkeepMs ?? UPKEEP_MS, destroy, logger: this.logger });
    const link = (purpose: string, setUp: ConstructorParameters<typeof BrokerLink>[0]['setUp'], tearDown: (reason: string) => void): BrokerLink => new BrokerLink({
      url,
      connectionName: `${options.connectionName} ${purpose}`,
      connectTimeoutMs,
      logger: this.logger,
      setUp,
      tearDown,
      onChange: (_status, cause) => { this.review(cause); },
    });
    this.publishing = link('publish', (...args) => this.setUpPublishing(...args), (reason) => { this.tearDownPublishing(reason); });
    this.consuming = link('consume', (...args) => this.setUpConsuming(...args), () => { this.tearDownConsuming(); });
  }

  override get state(): TransportState {
    return this.holder.current;
  }

  override onState(listener: (state: TransportState) => void): () => void {
    return this.holder.listen(listener);
  }

  /** @throws TopologyMismatchError when the broker holds a queue or exchange of ours with other properties; NotConnectedError when closed meanwhile */
  override start(): Promise<void> {
    if (this.closing) return Promise.reject(new NotConnectedError('transport is closed'));
    if (!this.starting) {
      this.starting = deferred();
      this.holder.set({ kind: 'connecting', reason: 'first connection' });
      this.publishing.open();
      this.consuming.open();
    }
    return this.starting.done;
  }

  override publish(message: OutgoingMessage): Promise<void> {
    return this.publisher.publish(message);
  }

  override consume(queue: string, { prefetch }: { readonly prefetch: number }, onDelivery: (delivery: Delivery) => void): Promise<Consumer> {
    return this.subscribe((context) => new QueueSubscription(context, queue, prefetch, this.sinkOf(queue), onDelivery));
  }

  override subscribeCopies(key: string, onMessage: (message: IncomingMessage) => void): Promise<Consumer> {
    return this.subscribe((context) => new CopiesSubscription(context, key, onMessage));
  }

  override request(queue: string, body: Buffer, { timeoutMs }: { readonly timeoutMs: number }): Promise<Buffer> {
    return this.asker.ask(queue, body, timeoutMs);
  }

  override respond(queue: string, { prefetch }: { readonly prefetch: number }, responder: Responder): Promise<Consumer> {
    return this.subscribe((context) => {
      if (!this.options.topology.queues.some(({ name, kind }) => name === queue && kind === 'query')) throw new Error(`"${queue}" is no query queue of the topology`);
      return new ResponderSubscription(context, queue, prefetch, responder, (...reply) => { this.asker.reply(...reply); });
    });
  }

  override close({ drainMs = DEFAULT_DRAIN_MS }: { readonly drainMs?: number } = {}): Promise<void> {
    this.closing ??= this.shutDown(drainMs);
    return this.closing;
  }

  private async shutDown(drainMs: number): Promise<void> {
    // A consumer that is being made anew would report the end of its channel as a loss.
    /* safeguard: renewal-while-closing */
    this.watch.end();
    for (const subscription of this.subscriptions) void subscription.stop();
    await Promise.all([this.inFlight.empty(drainMs), this.publisher.drained(drainMs)]);
    await atMost(FLUSH_MS, Promise.all([...this.subscriptions].map((subscription) => subscription.abandon())));
    this.isEnding = true;
    await Promise.all([this.publishing.close(), this.consuming.close()]);
    this.starting?.reject(new NotConnectedError('transport is closed'));
    this.holder.set({ kind: 'closed' });
  }

  private async subscribe(make: (context: SubscriptionContext) => Subscription): Promise<Consumer> {
    if (!this.starting || this.closing) throw new NotConnectedError(this.closing ? 'transport is closed' : 'transport is not started');
    const { names, logger, inFlight } = this;
    const subscription = make({ names, logger, inFlight, onFinished: (self) => { this.subscriptions.delete(self); } });
    this.subscriptions.add(subscription);
    const { consumeConnection } = this;
    if (consumeConnection) {
      // A failure here breaks the channel, which brings the whole connection up again, with this subscription.
      this.attach(subscription, consumeConnection).catch((error: unknown) => { consumeConnection.lost(errorMessage(error)); });
    }
    await subscription.ready;
    return subscription;
  }

  private sinkOf(queue: string): DeadLetterSink | undefined {
    const { queues } = this.options.topology;
    if (queues.some(({ name, kind }) => kind === 'work' && deadLetterQueue(name) === queue)) return undefined;
    if (!queues.some(({ name, kind }) => kind === 'work' && name === queue)) throw new Error(`"${queue}" is no work queue of the topology`);
    return async ({ messageId, contentType, body, headers, routingKey }, reason) => {
      const annotated = { ...plain(headers), [reasonHeader]: reason, [queueHeader]: queue, [routingKeyHeader]: routingKey };
      try {
        await this.publisher.publish({ exchange: '', routingKey: deadLetterQueue(queue), messageId, contentType, body, mandatory: true, headers: annotated });
      } catch (error) {
        if (error instanceof UnroutableError) this.consumeConnection?.lost(`dead-letter queue of "${queue}" is gone`);
        throw error;
      }
    };
  }

  private async setUpPublishing(connection: ChannelModel, lost: (reason: string) => void): Promise<void> {
    connection.on('blocked', () => { this.block('broker blocks publishers (memory or disk alarm)'); });
    connection.on('unblocked', () => { this.unblock(); });
    await declareTopology(connection, this.options.topology, this.names);
    const publishes = await connection.createConfirmChannel();
    watchChannel(publishes, 'publish channel', this.logger, lost);
    const requests = await connection.createChannel();
    watchChannel(requests, 'request channel', this.logger, lost);
    await this.asker.attach(requests, lost);
    this.publisher.attach(publishes);
  }

  private tearDownPublishing(reason: string): void {
    this.blockedBecause = undefined;
    this.publisher.detach(reason);
    this.asker.detach(reason);
  }

  private async setUpConsuming(connection: ChannelModel, lost: (reason: string) => void): Promise<void> {
    await this.watch.beforeSetUp([...this.subscriptions].flatMap(({ lastingQueue }) => lastingQueue ?? []));
    await declareTopology(connection, this.options.topology, this.names);
    this.consumeConnection = { connection, lost };
    await Promise.all([...this.subscriptions].map((subscription) => this.attach(subscription, { connection, lost })));
    this.watch.begin(async () => {
      await declareTopology(connection, this.options.topology, this.names);
      await Promise.all([...this.subscriptions].map((subscription) => /* safeguard: consumer-renewal */ subscription.renew(connection, lost)));
    }, lost);
  }

  private async attach(subscription: Subscription, { connection, lost }: ConsumeConnection): Promise<void> {
    try {
      await subscription.attach(connection, lost);
    } catch (error) {
      this.watch.consumeFailed();
      throw error;
    }
  }

  private tearDownConsuming(): void {
    this.watch.end();
    this.consumeConnection = undefined;
    for (const subscription of this.subscriptions) subscription.detach();
  }

  private block(reason: string): void {
    this.blockedBecause = reason;
    this.publisher.block(reason);
    this.asker.block(reason);
    this.review();
  }

  private unblock(): void {
    this.blockedBecause = undefined;
    this.publisher.unblock();
    this.asker.unblock();
    this.review();
  }

  private review(cause?: unknown): void {
    if (this.isEnding) return;
    const down = [this.publishing.current, this.consuming.current].find((status): status is Extract<LinkStatus, { kind: 'down' }> => status.kind === 'down');
    if (cause instanceof TopologyMismatchError) this.refuseToStart(cause);
    if (down) this.holder.set({ kind: 'connecting', reason: down.reason });
    else if (this.blockedBecause !== undefined) this.holder.set({ kind: 'connecting', reason: this.blockedBecause });
    else {
      this.wasConnected = true;
      this.holder.set({ kind: 'connected' });
      this.starting?.resolve();
    }
  }

  /** At the start it ends the start; later the connection is tried on, for the service still has work in its database. */
  private refuseToStart(error: TopologyMismatchError): void {
    this.logger.error({ error: error.message }, 'the topology can not be declared');
    if (this.wasConnected) return;
    this.starting?.reject(error);
    void this.close({ drainMs: 0 });
  }
}

function deferred(): { readonly done: Promise<void>; readonly resolve: () => void; readonly reject: (error: Error) => void } {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const done = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  done.catch(() => undefined);
  return { done, resolve, reject };
}

/** amqplib takes the heartbeat from the URL only. The URL holds a password, so no error shows it. */
function withHeartbeat(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'amqp:' && url?.protocol !== 'amqps:') throw new TypeError('the RabbitMQ URL must begin with amqp:// or amqps://');
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(HEARTBEAT_S));
  return url.href;
}

/** Headers another message brought, as far as they can travel once more. */
function plain(headers: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  const entries = Object.entries(headers).filter((entry): entry is [string, string | number | boolean] => ['string', 'number', 'boolean'].includes(typeof entry[1]));
  return Object.fromEntries(entries);
}

function withoutUndefined({ maxUnconfirmed, maxWaiting, timeoutMs }: Partial<PublisherLimits>): Partial<PublisherLimits> {
  const entries = Object.entries({ maxUnconfirmed, maxWaiting, timeoutMs }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}
