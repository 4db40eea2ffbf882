import { deadLetterQueue, queueHeader, reasonHeader, routingKeyHeader, type Topology } from '../../topology/topology.js';
import { NotConnectedError, type IncomingMessage, type OutgoingMessage, UnroutableError } from '../transport.js';
import { silentLogger, type TransportLogger } from '../transport-logger.js';
import { HandOutQueue } from './hand-out-queue.js';
import { TopicBindings } from './topic-bindings.js';

export interface Question {
  readonly body: Buffer;
  /** Milliseconds of the monotonic clock after which nobody waits for the answer. */
  readonly expiresAtMs: number;
  reply(body: Buffer): void;
}

export interface InProcessBrokerOptions {
  /** Messages a queue holds before it refuses more. */
  readonly queueCapacity?: number;
  readonly logger?: TransportLogger;
}

const COPIES_CAPACITY = 10_000;
const DEFAULT_CAPACITY = 50_000;

/**
 * The queues of one process, shared by its transports. Routes like the RabbitMQ topology, keeps nothing on disk: what is in
 * it when the process ends is gone.
 */
export class InProcessBroker {
  private readonly logger: TransportLogger;
  private readonly exchanges = new Map<string, TopicBindings<HandOutQueue<IncomingMessage>>>();
  private readonly queues = new Map<string, HandOutQueue<IncomingMessage>>();
  private readonly questions = new Map<string, HandOutQueue<Question>>();
  private copiesCount = 0;

  constructor(topology: Topology, options: InProcessBrokerOptions = {}) {
    this.logger = options.logger ?? silentLogger;
    const capacity = options.queueCapacity ?? DEFAULT_CAPACITY;
    for (const exchange of topology.exchanges) this.exchanges.set(exchange, new TopicBindings());
    for (const { name, kind, bindings } of topology.queues) {
      if (kind === 'query') {
        this.questions.set(name, new HandOutQueue(name, capacity));
        continue;
      }
      const queue = new HandOutQueue<IncomingMessage>(name, capacity);
      this.queues.set(name, queue);
      this.queues.set(deadLetterQueue(name), new HandOutQueue(deadLetterQueue(name), capacity));
      for (const { exchange, routingKey } of bindings) this.bindingsOf(exchange).bind(routingKey, queue);
    }
  }

  /** Enters all queues the message is routed to, or none. @throws NotConnectedError when one of them is full, UnroutableError */
  accept(message: OutgoingMessage): void {
    const targets = this.route(message);
    if (targets.size === 0) {
      if (message.mandatory) throw new UnroutableError(`no queue takes "${message.routingKey}"`);
      return;
    }
    for (const queue of targets) {
      if (queue.isFull && !this.dropsOldest(queue)) throw new NotConnectedError(`queue "${queue.name}" is full`);
    }
    const incoming: IncomingMessage = {
      messageId: message.messageId,
      routingKey: message.routingKey,
      contentType: message.contentType,
      // Senders may use their buffer again.
      body: Buffer.from(message.body),
      headers: Object.freeze({ ...message.headers }),
      redelivered: false,
    };
    for (const queue of targets) {
      if (queue.isFull) queue.dropOldest();
      queue.push(incoming);
    }
  }

  /** @throws Error for a name that is neither a work queue nor the dead-letter queue of one */
  workQueue(name: string): HandOutQueue<IncomingMessage> {
    const queue = this.queues.get(name);
    if (!queue) throw new Error(`"${name}" is no work queue of the topology`);
    return queue;
  }

  questionQueue(name: string): HandOutQueue<Question> | undefined {
    return this.questions.get(name);
  }

  /** False when the queue has no dead-letter queue: it is one itself. */
  deadLetter(queue: string, message: IncomingMessage, reason: string): boolean {
    const target = this.queues.get(deadLetterQueue(queue));
    if (!target) return false;
    if (target.isFull) {
      const dropped = target.dropOldest();
      this.logger.warn({ queue: target.name, messageId: dropped?.messageId }, 'dead-letter queue is full, dropped its oldest message');
    }
    const headers = { ...message.headers, [reasonHeader]: reason, [queueHeader]: queue, [routingKeyHeader]: message.routingKey };
    target.push({ ...message, routingKey: target.name, headers: Object.freeze(headers), redelivered: false });
    return true;
  }

  openCopies(key: string): { readonly queue: HandOutQueue<IncomingMessage>; close(): void } {
    this.copiesCount += 1;
    const queue = new HandOutQueue<IncomingMessage>(`copies-${this.copiesCount}`, COPIES_CAPACITY);
    const bindings = this.bindingsOf('events');
    bindings.bind(key, queue);
    return { queue, close: () => { bindings.unbind(key, queue); } };
  }

  private route(message: OutgoingMessage): Set<HandOutQueue<IncomingMessage>> {
    const keys = [message.routingKey, ...(message.bcc ?? [])];
    if (message.exchange !== '') return this.bindingsOf(message.exchange).find(keys);
    const named = keys.map((key) => this.queues.get(key));
    return new Set(named.filter((queue) => queue !== undefined));
  }

  private dropsOldest(queue: HandOutQueue<IncomingMessage>): boolean {
    return !this.queues.has(queue.name);
  }

  private bindingsOf(exchange: string): TopicBindings<HandOutQueue<IncomingMessage>> {
    const bindings = this.exchanges.get(exchange);
    if (!bindings) throw new Error(`"${exchange}" is no exchange of the topology`);
    return bindings;
  }
}
