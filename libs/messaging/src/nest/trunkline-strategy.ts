import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { errorMessage, InFlight, reachFaultPoint } from '@trunkline/runtime';
import { isObservable, lastValueFrom } from 'rxjs';
import { atMost } from '../transport/at-most.js';
import { type Consumer, type Delivery, type IncomingMessage, type Transport } from '../transport/transport.js';
import { silentLogger, type TransportLogger } from '../transport/transport-logger.js';
import type { HandlerFailures } from './handler-failures.js';
import { MessageContext, QueryContext } from './message-context.js';
import { MessageRefusedError } from './message-refused-error.js';
import { type Answer, decodeQuestion, encode, failureOf } from './query-protocol.js';
import { RedeliveryPauses } from './redelivery-pauses.js';

export type Decoded =
  | { readonly ok: true; readonly type: string; readonly message: object }
  | { readonly ok: false; readonly reason: string };

export interface TrunklineStrategyOptions {
  /** Started by `listen`; closing it stays the owner's business, after the application has closed. */
  readonly transport: Transport;
  /** Work queue behind the `@EventPattern` handlers. */
  readonly queue?: string;
  /** Query queues behind the `@MessagePattern` handlers. */
  readonly queryQueues?: readonly string[];
  /** Unsettled deliveries at a time, for each of the queues. */
  readonly prefetch: number;
  /** Text to message; a refused one becomes a dead letter with the reason. */
  readonly decode: (body: Buffer, delivery: IncomingMessage) => Decoded;
  /** Decides when a message whose handler keeps failing is given up; without it such a message is handed out again for ever. */
  readonly failures?: HandlerFailures;
  readonly logger?: TransportLogger;
  /** Tells strategies apart when several serve one Nest application: handlers then name it in their decorator. */
  readonly transportId?: symbol;
  /** How long `close` waits for handlers that are running. */
  readonly drainMs?: number;
  /** Uniform in [0, 1). */
  readonly chance?: () => number;
}

const DEFAULT_DRAIN_MS = 10_000;
const STOP_MS = 2_000;

/**
 * Joins a transport to Nest. A delivery is acknowledged when its handler has resolved, goes back after a pause when it has rejected,
 * and becomes a dead letter when it can't be decoded, has no handler, is refused by it, or is given up after its handler has failed too often.
 */
export class TrunklineStrategy extends Server implements CustomTransportStrategy {
  // Failures of handlers are seen and logged here.
  override readonly propagatesEventHandlerErrors = true;
  private readonly log: TransportLogger;
  private readonly pauses: RedeliveryPauses;
  private readonly inFlight = new InFlight();
  private readonly waitingToReturn = new Set<() => void>();
  private readonly eventHandlers = new Map<string, MessageHandler>();
  private readonly queryHandlers = new Map<string, MessageHandler>();
  private consumers: Consumer[] = [];
  private isClosing = false;
  private endStatus: (() => void) | undefined;

  constructor(private readonly options: TrunklineStrategyOptions) {
    super();
    this.log = options.logger ?? silentLogger;
    this.pauses = new RedeliveryPauses(options.chance ?? Math.random);
    if (options.transportId !== undefined) this.transportId = options.transportId;
  }

  /** Calls back when the transport is connected and the queues are read, or with the error that forbids it for good. */
  override listen(callback: (error?: unknown) => void): void {
    this.begin().then(() => { callback(); }, callback);
  }

  /** Stops reading, waits a bounded time for running handlers, and gives back what waits for another attempt. */
  override async close(): Promise<void> {
    this.isClosing = true;
    await atMost(STOP_MS, Promise.all(this.consumers.map((consumer) => consumer.stop())));
    for (const giveBack of [...this.waitingToReturn]) giveBack();
    const isDrained = await this.inFlight.empty(this.options.drainMs ?? DEFAULT_DRAIN_MS);
    if (!isDrained) this.log.warn({ inFlight: this.inFlight.size }, 'handlers still run at shutdown, their messages will be handed out again');
    this.endStatus?.();
  }

  override on(): never {
    throw new Error('TrunklineStrategy has no events of its own: listen to Transport.onState');
  }

  override unwrap<T>(): T {
    return this.options.transport as T;
  }

  private async begin(): Promise<void> {
    for (const [pattern, handler] of this.messageHandlers) {
      (handler.isEventHandler === true ? this.eventHandlers : this.queryHandlers).set(pattern, handler);
    }
    const { transport, queue, queryQueues = [], prefetch } = this.options;
    this.endStatus = transport.onState((state) => { this._status$.next(state.kind); });
    await transport.start();
    this._status$.next(transport.state.kind);
    if (queue !== undefined) await this.keep(transport.consume(queue, { prefetch }, (delivery) => { this.take(delivery, queue); }));
    for (const asked of queryQueues) {
      await this.keep(transport.respond(asked, { prefetch }, (body, isRedelivered) => this.answer(body, isRedelivered)));
    }
  }

  /** A consumer that comes up while the application already closes is stopped at once. */
  private async keep(starting: Promise<Consumer>): Promise<void> {
    const consumer = await starting;
    this.consumers.push(consumer);
    if (this.isClosing) await consumer.stop();
  }

  private take(delivery: Delivery, queue: string): void {
    if (this.isClosing) {
      delivery.retry();
      return;
    }
    const decoded = this.decode(delivery.message);
    if (!decoded.ok) {
      this.refuse(delivery, queue, decoded.reason);
      return;
    }
    const handler = this.eventHandlers.get(decoded.type);
    if (!handler) {
      this.refuse(delivery, queue, `no handler for "${decoded.type}"`);
      return;
    }
    this.inFlight.begin();
    void this.handle(handler, decoded.type, decoded.message, delivery, queue).finally(() => { this.inFlight.end(); });
  }

  private async handle(handler: MessageHandler, type: string, message: object, delivery: Delivery, queue: string): Promise<void> {
    const { messageId } = delivery.message;
    reachFaultPoint('intake.after-receive');
    try {
      /* safeguard: ack-after-commit */
      await settled(handler(message, new MessageContext(delivery.message, type)));
    } catch (error) {
      if (error instanceof MessageRefusedError) /* safeguard: refusal-kept */ this.refuse(delivery, queue, error.message);
      else await this.afterFailure(type, message, delivery, error);
      return;
    }
    const hadFailed = this.pauses.succeeded(messageId);
    reachFaultPoint('intake.before-ack');
    delivery.ack();
    if (hadFailed) await this.options.failures?.succeeded(delivery.message);
  }

  private async afterFailure(type: string, decoded: object, delivery: Delivery, error: unknown): Promise<void> {
    const { message: incoming } = delivery;
    const { messageId } = incoming;
    try {
      const after = await this.options.failures?.after({ incoming, type, decoded, error });
      if (after?.kind === 'given-up') {
        this.log.error({ messageId, messageType: type, attempts: after.attempts, error: messageIn(error) }, 'handler keeps failing, the message is a dead letter now');
        this.pauses.succeeded(messageId);
        delivery.ack();
        return;
      }
    } catch (notStored) {
      this.log.warn({ messageId, messageType: type, error: messageIn(notStored) }, 'the failure of a handler could not be counted');
    }
    const pauseMs = this.pauses.failed(messageId);
    this.log.warn({ messageId, messageType: type, error: messageIn(error), pauseMs }, 'handler failed, the message is handed out again');
    this.giveBackAfter(pauseMs, delivery);
  }

  private giveBackAfter(pauseMs: number, delivery: Delivery): void {
    const giveBack = (): void => {
      clearTimeout(timer);
      this.waitingToReturn.delete(giveBack);
      delivery.retry();
    };
    const timer = setTimeout(giveBack, this.isClosing ? 0 : pauseMs);
    this.waitingToReturn.add(giveBack);
  }

  private refuse(delivery: Delivery, queue: string, reason: string): void {
    this.log.error({ queue, messageId: delivery.message.messageId, reason }, 'message refused, it becomes a dead letter');
    delivery.deadLetter(reason);
  }

  private decode(message: IncomingMessage): Decoded {
    try {
      return this.options.decode(message.body, message);
    } catch (error) {
      return { ok: false, reason: `undecodable: ${errorMessage(error)}` };
    }
  }

  private async answer(body: Buffer, isRedelivered: boolean): Promise<Buffer | undefined> {
    this.inFlight.begin();
    try {
      const answer = await this.find(body, isRedelivered);
      return answer && encodeOrFail(answer, this.log);
    } finally {
      this.inFlight.end();
    }
  }

  private async find(body: Buffer, isRedelivered: boolean): Promise<Answer | undefined> {
    const question = decodeQuestion(body);
    if (!question) return { ok: false, error: { code: 'BAD_QUESTION', message: 'The question is no JSON object with a pattern' } };
    const handler = this.queryHandlers.get(question.pattern);
    if (!handler) return { ok: false, error: { code: 'UNKNOWN_PATTERN', message: `Nobody here answers "${question.pattern}"` } };
    if (isRedelivered && /* safeguard: acting-query-once */ handler.extras?.isActing === true) {
      // Its asker may have been heard: a second look at what he did himself would tell him no.
      this.log.warn({ pattern: question.pattern }, 'a question that acts was delivered again: it is not answered');
      return undefined;
    }
    try {
      return { ok: true, data: await settled(handler(question.data, new QueryContext(question.pattern))) };
    } catch (error) {
      this.log.warn({ pattern: question.pattern, error: messageIn(error) }, 'query handler failed');
      return failureOf(error);
    }
  }
}

/** A handler behind an interceptor, a filter or beside another handler of its pattern ends in a stream. */
async function settled(result: unknown): Promise<unknown> {
  const value = await result;
  return isObservable(value) ? lastValueFrom(value, { defaultValue: undefined }) : value;
}

/** Data that JSON can't carry is a failure of the handler. */
function encodeOrFail(answer: Answer, log: TransportLogger): Buffer {
  try {
    return encode(answer);
  } catch (error) {
    log.error({ error: errorMessage(error) }, 'answer of a query handler is no JSON');
    return encode(failureOf(error));
  }
}

/** Nest's filter turns errors into plain objects. */
function messageIn(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string') return error.message;
  return errorMessage(error);
}
