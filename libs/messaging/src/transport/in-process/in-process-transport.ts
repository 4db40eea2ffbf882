import { errorMessage, InFlight } from '@trunkline/runtime';
import { handOver, handOverCopy } from '../guarded-reader.js';
import { StateHolder } from '../state-holder.js';
import {
  type Consumer, type Delivery, type IncomingMessage, NotConnectedError, type OutgoingMessage, RequestTimeoutError, type Responder,
  Transport, type TransportState,
  UnroutableError,
} from '../transport.js';
import { silentLogger, type TransportLogger } from '../transport-logger.js';
import { type Attachment, type HandOutQueue } from './hand-out-queue.js';
import { type InProcessBroker, type Question } from './in-process-broker.js';
import { InProcessDelivery } from './in-process-delivery.js';

const DEFAULT_DRAIN_MS = 5_000;

/** Transport between the services of one process. What is unsettled at `close` goes back to its queue for the other readers. */
export class InProcessTransport extends Transport {
  readonly kind = 'in-process';
  private readonly logger: TransportLogger;
  private readonly holder: StateHolder;
  private readonly stops = new Set<() => void>();
  private readonly unsettled = new Set<InProcessDelivery>();
  private readonly inFlight = new InFlight();
  private readonly asked = new Set<(error: RequestTimeoutError) => void>();

  constructor(private readonly broker: InProcessBroker, options: { readonly logger?: TransportLogger } = {}) {
    super();
    this.logger = options.logger ?? silentLogger;
    this.holder = new StateHolder(this.logger);
  }

  override get state(): TransportState {
    return this.holder.current;
  }

  override onState(listener: (state: TransportState) => void): () => void {
    return this.holder.listen(listener);
  }

  override async start(): Promise<void> {
    this.holder.set({ kind: 'connected' });
    if (this.state.kind === 'closed') throw new NotConnectedError('transport is closed');
  }

  override async publish(message: OutgoingMessage): Promise<void> {
    this.mustBeConnected();
    this.broker.accept(message);
  }

  override async consume(queueName: string, { prefetch }: { readonly prefetch: number }, onDelivery: (delivery: Delivery) => void): Promise<Consumer> {
    this.mustBeConnected();
    const queue = this.broker.workQueue(queueName);
    return this.read(queue, prefetch, (message, attachment) => {
      const delivery = new InProcessDelivery(message, queue, this.broker, () => {
        this.unsettled.delete(delivery);
        this.inFlight.end();
        attachment().release();
      });
      this.unsettled.add(delivery);
      this.inFlight.begin();
      handOver(delivery, queueName, this.logger, onDelivery);
    });
  }

  override async subscribeCopies(key: string, onMessage: (message: IncomingMessage) => void): Promise<Consumer> {
    this.mustBeConnected();
    const copies = this.broker.openCopies(key);
    const consumer = this.read(copies.queue, Number.POSITIVE_INFINITY, (message) => {
      handOverCopy(message, this.logger, onMessage);
    });
    this.stops.add(copies.close);
    return {
      stop: async () => {
        this.stops.delete(copies.close);
        copies.close();
        await consumer.stop();
      },
    };
  }

  override async request(queueName: string, body: Buffer, { timeoutMs }: { readonly timeoutMs: number }): Promise<Buffer> {
    this.mustBeConnected();
    const queue = this.broker.questionQueue(queueName);
    if (!queue) throw new UnroutableError(`no queue takes questions for "${queueName}"`);
    if (queue.isFull) throw new NotConnectedError(`queue "${queueName}" is full`);
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.asked.delete(refuse);
        settle();
      };
      const refuse = (error: Error): void => { end(() => { reject(error); }); };
      const timer = setTimeout(() => { refuse(new RequestTimeoutError(`no reply from "${queueName}" within ${timeoutMs} ms`)); }, timeoutMs);
      this.asked.add(refuse);
      queue.push({
        body: Buffer.from(body),
        expiresAtMs: performance.now() + timeoutMs,
        reply: (answer) => { end(() => { resolve(answer); }); },
      });
    });
  }

  override async respond(queueName: string, { prefetch }: { readonly prefetch: number }, responder: Responder): Promise<Consumer> {
    this.mustBeConnected();
    const queue = this.broker.questionQueue(queueName);
    if (!queue) throw new Error(`"${queueName}" is no query queue of the topology`);
    return this.read(queue, prefetch, (question, attachment) => {
      void this.answer(queueName, question, responder).finally(() => { attachment().release(); });
    });
  }

  override async close({ drainMs = DEFAULT_DRAIN_MS }: { readonly drainMs?: number } = {}): Promise<void> {
    for (const stop of [...this.stops]) stop();
    this.stops.clear();
    await this.inFlight.empty(drainMs);
    this.holder.set({ kind: 'closed' });
    for (const delivery of [...this.unsettled]) delivery.retry();
    for (const refuse of [...this.asked]) refuse(new RequestTimeoutError('no reply: transport was closed'));
  }

  private async answer(queueName: string, question: Question, responder: Responder): Promise<void> {
    if (performance.now() >= question.expiresAtMs) return;
    this.inFlight.begin();
    try {
      const answer = await responder(question.body, false);
      if (answer) question.reply(answer);
    } catch (error) {
      this.logger.error({ queue: queueName, error: errorMessage(error) }, 'responder failed, the asker gets no reply');
    } finally {
      this.inFlight.end();
    }
  }

  private read<T>(queue: HandOutQueue<T>, prefetch: number, take: (item: T, attachment: () => Attachment) => void): Consumer {
    const attachment: Attachment = queue.attach({ prefetch, handOut: (item) => { take(item, () => attachment); } });
    const detach = (): void => { attachment.detach(); };
    this.stops.add(detach);
    return {
      stop: async () => {
        this.stops.delete(detach);
        detach();
      },
    };
  }

  private mustBeConnected(): void {
    if (this.state.kind !== 'connected') throw new NotConnectedError(this.state.kind === 'closed' ? 'transport is closed' : 'transport is not started');
  }
}
