import { type Channel, type ChannelModel, connect } from 'amqplib';
import { errorMessage } from '@trunkline/runtime';
import { atMost } from '../../at-most.js';
import { type TransportLogger } from '../../transport-logger.js';

/** RabbitMQ waits 5 s for the members of a queue that it is to delete. */
const DELETE_MS = 15_000;
const ANYTHING_MS = 1_000;
/** Longer than an election takes, or a pause of the broker. */
const PATIENCE_MS = 30_000;
const INTERNAL_ERROR = 541;

type Finding = 'well' | 'dead' | 'unknown';

export interface QueueSurgery {
  /** Whether a queue can be read. */
  readonly examine: (queue: string) => Promise<Finding>;
  readonly remove: (queue: string) => Promise<void>;
}

export interface QueueSurgeryOptions {
  /** With account; never logged. */
  readonly url: string;
  readonly connectTimeoutMs: number;
  /** Within which a healthy queue lets itself be consumed. */
  readonly consumeMs: number;
  /** Ends a connection at once, without a word to the broker. */
  readonly destroy: (connection: ChannelModel) => void;
  readonly logger: TransportLogger;
}

/**
 * Removes queues that exist and can't be read, so that they can be declared again (adr/0021). Nobody can say what such a queue holds (its count reads 0),
 * and one whose leader is only away comes back: so it is removed when it has been found dead for 30 s on end. What it held is sent again like that of a
 * broker which has lost its data.
 *
 * Defect: a kill -9 within half a second of the declaration leaves a quorum queue without a member, for ever. Seen in RabbitMQ 3.10; newer ones not tried.
 * Tests: unreadable-queue.test.ts, test/flows/broker-killed.test.ts.
 */
export class QueueRepair {
  private readonly deadSinceMs = new Map<string, number>();
  /** The broker did not let somebody consume the last time. */
  private isDue = false;

  constructor(
    private readonly logger: TransportLogger, private readonly broker: QueueSurgery, private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** A consumer was not let in. */
  consumeFailed(): void {
    this.isDue = true;
  }

  /** Looks at the queues when a consumer was not let in since the last time. Never rejects. */
  async runWhenDue(queues: readonly string[]): Promise<void> {
    if (/* safeguard: dead-queue-replaced */ !this.isDue) return;
    this.isDue = false;
    await this.run(queues);
  }

  /** Never rejects. */
  async run(queues: readonly string[]): Promise<void> {
    await Promise.all(queues.map(async (queue) => {
      try {
        if (await this.broker.examine(queue) === 'dead') await this.judge(queue);
        else this.deadSinceMs.delete(queue);
      } catch (error) {
        this.logger.warn({ queue, error: errorMessage(error) }, 'queue could not be examined');
      }
    }));
  }

  /** All queues are being read. */
  allWell(): void {
    this.deadSinceMs.clear();
  }

  private async judge(queue: string): Promise<void> {
    const sinceMs = this.deadSinceMs.get(queue) ?? this.monotonicMs();
    this.deadSinceMs.set(queue, sinceMs);
    const deadForMs = Math.round(this.monotonicMs() - sinceMs);
    this.logger.warn({ queue, deadForMs, patienceMs: PATIENCE_MS }, 'queue is there and can not be read');
    if (/* safeguard: dead-queue-patience */ deadForMs >= PATIENCE_MS) await this.broker.remove(queue);
  }
}

/** Each queue is tried on a connection of its own, for the answer to the attempt may be the end of the connection. */
export function surgeryOver(options: QueueSurgeryOptions): QueueSurgery {
  return { examine: (queue) => examine(queue, options), remove: (queue) => remove(queue, options) };
}

async function examine(queue: string, options: QueueSurgeryOptions): Promise<Finding> {
  return withConnection(options, async (connection, closedBecause) => {
    const channel = await quietChannel(connection);
    let finding = 'unknown' as Finding;
    const consuming = channel.prefetch(1).then(() => channel.consume(queue, () => undefined)).then(() => { finding = 'well'; }, () => undefined);
    await atMost(options.consumeMs, consuming);
    if (finding === 'well') return finding;
    if (closedBecause() !== undefined) return closedBecause() === INTERNAL_ERROR ? 'dead' : finding;
    // On a connection that is silent altogether the queue is under no suspicion.
    await atMost(ANYTHING_MS, quietChannel(connection).then(() => { finding = 'dead'; }, () => undefined));
    return finding;
  });
}

async function remove(queue: string, options: QueueSurgeryOptions): Promise<void> {
  await withConnection(options, async (connection) => {
    const channel = await quietChannel(connection);
    const { messageCount, consumerCount } = await channel.checkQueue(queue);
    if (messageCount > 0 || consumerCount > 0) {
      options.logger.error({ queue, messageCount, consumerCount }, 'queue can not be read and is in use: an operator must repair it');
      return;
    }
    if (await atMost(DELETE_MS, channel.deleteQueue(queue))) options.logger.warn({ queue }, 'queue could not be read: deleted with whatever it held, to be declared again');
    else options.logger.error({ queue }, 'queue can neither be read nor deleted: an operator must repair it');
  });
}

type Use<T> = (connection: ChannelModel, closedBecause: () => number | undefined) => Promise<T>;

async function withConnection<T>({ connectTimeoutMs, destroy, url }: QueueSurgeryOptions, use: Use<T>): Promise<T> {
  const connection = await connect(url, { noDelay: true, timeout: connectTimeoutMs });
  let code: number | undefined;
  connection.on('error', (error) => { code = 'code' in error && typeof error.code === 'number' ? error.code : 0; });
  try {
    return await use(connection, () => code);
  } finally {
    // Saying goodbye would wait for the channel that waits for the queue.
    destroy(connection);
  }
}

async function quietChannel(connection: ChannelModel): Promise<Channel> {
  const channel = await connection.createChannel();
  // The rejected call says the same; unheard, the event would end the process.
  channel.on('error', () => undefined);
  return channel;
}
