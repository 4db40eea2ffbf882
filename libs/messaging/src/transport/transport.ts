/** A message on its way out. It is confirmed (by the broker, or by having entered the in-process queues) or `publish` rejects. */
export interface OutgoingMessage {
  /** `''` sends straight to the queue named by `routingKey`. */
  readonly exchange: 'requests' | 'events' | '';
  readonly routingKey: string;
  /** Id of the CloudEvent: the same message sent again keeps it. */
  readonly messageId: string;
  readonly contentType: string;
  readonly body: Buffer;
  /** When no queue at all takes the message, `publish` rejects with `UnroutableError`. */
  readonly mandatory: boolean;
  /** Further routing keys on the same exchange; no reader sees them. */
  readonly bcc?: readonly string[];
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
}

export interface IncomingMessage {
  readonly messageId: string;
  readonly routingKey: string;
  readonly contentType: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The broker handed it out before and got no answer. A hint, never a proof of anything. */
  readonly redelivered: boolean;
}

/** One handed-out message. Exactly one of the three is called, once; later calls change nothing. */
export interface Delivery {
  readonly message: IncomingMessage;
  ack(): void;
  /** Back to the queue, to be handed out again. */
  retry(): void;
  /** To the queue's dead-letter queue, with the reason in header `x-trunkline-reason` when the transport can add one. */
  deadLetter(reason: string): void;
}

export interface Consumer {
  /** No further deliveries; those handed out can still be settled. Resolves when the broker has confirmed. */
  stop(): Promise<void>;
}

export type TransportState =
  | { readonly kind: 'connected' }
  | { readonly kind: 'connecting'; readonly reason: string }
  | { readonly kind: 'closed' };

/** Nothing left this process: connection not there, or it refuses (blocked, full). Nothing has happened. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
}
/** A mandatory message found no queue. Nothing has happened. */
export class UnroutableError extends Error {
  override readonly name = 'UnroutableError';
}
/** Sent, and the connection was lost before the confirm: it may or may not arrive. Send again under the same id. */
export class UnconfirmedError extends Error {
  override readonly name = 'UnconfirmedError';
}
/** No reply within the time allowed, or the connection it would have come on is gone. */
export class RequestTimeoutError extends Error {
  override readonly name = 'RequestTimeoutError';
}

/** `isRedelivered`: somebody may have been at it before, and have done what it asks for. */
export type Responder = (body: Buffer, isRedelivered: boolean) => Promise<Buffer | undefined>;

/**
 * The road between services. Two adapters: RabbitMQ and in-process. Everything set up here (consumers, copies, responders)
 * survives a lost connection: it is set up again with back-off, and `state` says so meanwhile. Setting something up wants a
 * started transport (else NotConnectedError) and resolves when it stands for the first time.
 */
export abstract class Transport {
  abstract readonly kind: 'rabbitmq' | 'in-process';
  abstract readonly state: TransportState;
  /** Calls back at every change of `state`; returns the function that ends it. */
  abstract onState(listener: (state: TransportState) => void): () => void;

  /** Starts connecting and keeps at it. Resolves at the first connection with the topology declared. Idempotent. */
  abstract start(): Promise<void>;

  /** @throws NotConnectedError, UnroutableError, UnconfirmedError */
  abstract publish(message: OutgoingMessage): Promise<void>;

  /** Hands out messages of a queue of the topology, at most `prefetch` unsettled ones at a time. */
  abstract consume(queue: string, options: { readonly prefetch: number }, onDelivery: (delivery: Delivery) => void): Promise<Consumer>;

  /**
   * Live copies of events published with `key` among their `bcc`: a bounded, exclusive queue, new with each connection, no
   * acknowledgement. Copies may be lost; nothing may depend on them.
   */
  abstract subscribeCopies(key: string, onMessage: (message: IncomingMessage) => void): Promise<Consumer>;

  /**
   * Asks one of the responders of a query queue. Not repeated here.
   * @throws NotConnectedError, UnroutableError, RequestTimeoutError
   */
  abstract request(queue: string, body: Buffer, options: { readonly timeoutMs: number }): Promise<Buffer>;

  /** Answers requests of a query queue. A responder that throws, or has nothing to say, sends no reply; the asker times out. */
  abstract respond(queue: string, options: { readonly prefetch: number }, responder: Responder): Promise<Consumer>;

  /** Stops all consumers, waits for unconfirmed publishes and unsettled deliveries (at most `drainMs`), closes. */
  abstract close(options?: { readonly drainMs?: number }): Promise<void>;
}
