import { type ConfirmChannel, type Options } from 'amqplib';
import { errorMessage, InFlight } from '@trunkline/runtime';
import { Fifo } from '../fifo.js';
import { NotConnectedError, type OutgoingMessage, UnconfirmedError, UnroutableError } from '../transport.js';
import { type BrokerNames } from './broker-names.js';

export interface PublisherLimits {
  /** Publishes sent and not confirmed; further ones wait. */
  readonly maxUnconfirmed: number;
  /** Publishes that wait; further ones are refused. */
  readonly maxWaiting: number;
  /** How long a publish may wait, and how long for its confirm. */
  readonly timeoutMs: number;
}

interface Publish {
  readonly message: OutgoingMessage;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** Of the monotonic clock. */
  giveUpAtMs: number;
  isReturned: boolean;
}

const SWEEP_MS = 250;

/** Publishes on a confirm channel that comes and goes. */
export class RabbitMqPublisher {
  private channel: ConfirmChannel | undefined;
  private reasonDown = 'not started';
  private blockedBecause: string | undefined;
  private isFull = false;
  private readonly waiting = new Fifo<Publish>();
  private unconfirmed = new Map<string, Publish>();
  private nextId = 0;
  private sweeper: NodeJS.Timeout | undefined;
  private readonly inFlight = new InFlight();

  constructor(private readonly names: BrokerNames, private readonly limits: PublisherLimits) {}

  attach(channel: ConfirmChannel): void {
    this.channel = channel;
    this.isFull = false;
    this.unconfirmed = new Map();
    const { unconfirmed } = this;
    channel.on('return', ({ properties }) => {
      // Arrives before the confirm. By our own number: the message id may be in flight twice.
      const publish = unconfirmed.get(String(properties.correlationId));
      if (publish) publish.isReturned = true;
    });
    channel.on('drain', () => {
      if (this.channel !== channel) return;
      this.isFull = false;
      this.pump();
    });
  }

  /** What waits is refused; amqplib reports what is unconfirmed when the channel ends. */
  detach(reason: string): void {
    this.channel = undefined;
    this.reasonDown = reason;
    this.blockedBecause = undefined;
    this.refuseWaiting(reason);
    this.endSweeps();
  }

  block(reason: string): void {
    this.blockedBecause = reason;
    this.refuseWaiting(reason);
  }

  unblock(): void {
    this.blockedBecause = undefined;
    this.pump();
  }

  publish(message: OutgoingMessage): Promise<void> {
    const refusal = this.refusal();
    if (refusal !== undefined) return Promise.reject(new NotConnectedError(refusal));
    this.inFlight.begin();
    this.sweeper ??= setInterval(() => { this.sweep(); }, SWEEP_MS).unref();
    return new Promise<void>((resolve, reject) => {
      this.waiting.push({ message, resolve, reject, giveUpAtMs: performance.now() + this.limits.timeoutMs, isReturned: false });
      this.pump();
    }).finally(() => { this.inFlight.end(); });
  }

  /** True when nothing is waiting or unconfirmed any more. */
  drained(maxMs: number): Promise<boolean> {
    return this.inFlight.empty(maxMs);
  }

  private refusal(): string | undefined {
    if (!this.channel) return this.reasonDown;
    if (this.blockedBecause !== undefined) return this.blockedBecause;
    return this.waiting.length >= this.limits.maxWaiting ? 'too many publishes are waiting for the broker' : undefined;
  }

  private pump(): void {
    while (this.channel && this.blockedBecause === undefined && !this.isFull && this.unconfirmed.size < this.limits.maxUnconfirmed) {
      const publish = this.waiting.shift();
      if (!publish) return;
      this.send(this.channel, publish);
    }
  }

  private send(channel: ConfirmChannel, publish: Publish): void {
    const { message } = publish;
    const { unconfirmed } = this;
    this.nextId += 1;
    const id = String(this.nextId);
    publish.giveUpAtMs = performance.now() + this.limits.timeoutMs;
    unconfirmed.set(id, publish);
    try {
      const exchange = this.names.exchange(message.exchange);
      const routingKey = this.names.routingKey(message.exchange, message.routingKey);
      const hasRoom = channel.publish(exchange, routingKey, message.body, this.propertiesOf(message, id), (error: unknown) => {
        unconfirmed.delete(id);
        settle(publish, error);
        if (this.channel === channel) this.pump();
      });
      /* safeguard: publisher-confirm */
      this.isFull = !hasRoom;
    } catch (error) {
      unconfirmed.delete(id);
      // Thrown before anything was written: the channel ended a moment ago, or the message can't be encoded.
      publish.reject(isClosedError(error) ? new NotConnectedError('the channel is closing') : new TypeError(errorMessage(error), { cause: error }));
    }
  }

  private propertiesOf(message: OutgoingMessage, id: string): Options.Publish {
    const { exchange, bcc = [] } = message;
    return {
      persistent: /* safeguard: persistent-messages */ true,
      mandatory: message.mandatory,
      messageId: message.messageId,
      contentType: message.contentType,
      ...(message.mandatory && { correlationId: id }),
      ...(message.headers && { headers: message.headers }),
      ...(bcc.length > 0 && { BCC: bcc.map((key) => this.names.routingKey(exchange, key)) }),
    };
  }

  private refuseWaiting(reason: string): void {
    for (let publish = this.waiting.shift(); publish; publish = this.waiting.shift()) publish.reject(new NotConnectedError(reason));
  }

  /** An answer to the caller in bounded time; a publish without a confirm keeps its place in the window. */
  private sweep(): void {
    if (!this.waiting.peek() && this.unconfirmed.size === 0) this.endSweeps();
    const now = performance.now();
    for (let oldest = this.waiting.peek(); oldest && oldest.giveUpAtMs <= now; oldest = this.waiting.peek()) {
      this.waiting.shift();
      oldest.reject(new NotConnectedError('the broker takes no further messages'));
    }
    for (const publish of this.unconfirmed.values()) {
      if (publish.giveUpAtMs === Number.POSITIVE_INFINITY) continue;
      if (publish.giveUpAtMs > now) return;
      publish.giveUpAtMs = Number.POSITIVE_INFINITY;
      publish.reject(new UnconfirmedError(`no confirm within ${this.limits.timeoutMs} ms`));
    }
  }

  private endSweeps(): void {
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }
}

function settle(publish: Publish, error: unknown): void {
  const { message } = publish;
  if (error !== null) publish.reject(new UnconfirmedError(`message ${message.messageId} was not confirmed: ${errorMessage(error)}`, { cause: error }));
  else if (publish.isReturned) publish.reject(new UnroutableError(`no queue takes "${message.routingKey}"`));
  else publish.resolve();
}

const isClosedError = (error: unknown): boolean => error instanceof Error && error.name === 'IllegalOperationError';
