import { type Channel, type ChannelModel, connect } from 'amqplib';
import { atMost } from '../at-most.js';
import { messageOf } from '../guarded-reader.js';
import { type TransportLogger } from '../transport-logger.js';
import { destroy } from './broker-link.js';

/** A broker that is well answers within milliseconds, while it starts within a second. */
export const CONSUME_MS = 3_000;
/** RabbitMQ waits 5 s for the members of a queue that it is to delete. */
const DELETE_MS = 15_000;
const ANYTHING_MS = 1_000;
const INTERNAL_ERROR = 541;

type Finding = 'well' | 'dead' | 'unknown';

export interface QueueRepairOptions {
  /** With account; never logged. */
  readonly url: string;
  readonly connectTimeoutMs: number;
  readonly logger: TransportLogger;
}

/**
 * Removes queues that exist and can't be read, so that they can be declared again: RabbitMQ 3.10 leaves a quorum queue so when it is killed within half a
 * second of the declaration. Nothing published there is ever confirmed, so an empty one holds nothing that anybody relies on; one that is not empty is
 * left to an operator. Each is tried on a connection of its own, for the answer to the attempt may be the end of the connection. Never rejects.
 */
export async function repairQueues(queues: readonly string[], options: QueueRepairOptions): Promise<void> {
  await Promise.all(queues.map(async (queue) => {
    try {
      if (await examine(queue, options) === 'dead') await remove(queue, options);
    } catch (error) {
      options.logger.warn({ queue, error: messageOf(error) }, 'queue could not be examined');
    }
  }));
}

async function examine(queue: string, options: QueueRepairOptions): Promise<Finding> {
  return withConnection(options, async (connection, closedBecause) => {
    const channel = await quietChannel(connection);
    let finding = 'unknown' as Finding;
    const consuming = channel.prefetch(1).then(() => channel.consume(queue, () => undefined)).then(() => { finding = 'well'; }, () => undefined);
    await atMost(CONSUME_MS, consuming);
    if (finding === 'well') return finding;
    if (closedBecause() !== undefined) return closedBecause() === INTERNAL_ERROR ? 'dead' : finding;
    // On a connection that is silent altogether the queue is under no suspicion.
    await atMost(ANYTHING_MS, quietChannel(connection).then(() => { finding = 'dead'; }, () => undefined));
    return finding;
  });
}

async function remove(queue: string, options: QueueRepairOptions): Promise<void> {
  await withConnection(options, async (connection) => {
    const channel = await quietChannel(connection);
    const { messageCount, consumerCount } = await channel.checkQueue(queue);
    if (messageCount > 0 || consumerCount > 0) {
      options.logger.error({ queue, messageCount, consumerCount }, 'queue can not be read and is not empty: repair it, or delete it and lose what is in it');
      return;
    }
    let isDeleted = false;
    await atMost(DELETE_MS, channel.deleteQueue(queue).then(() => { isDeleted = true; }));
    if (isDeleted) options.logger.warn({ queue }, 'queue could not be read and was empty: deleted, to be declared again');
    else options.logger.error({ queue }, 'queue can neither be read nor deleted: an operator must repair it');
  });
}

type Use<T> = (connection: ChannelModel, closedBecause: () => number | undefined) => Promise<T>;

async function withConnection<T>({ url, connectTimeoutMs }: QueueRepairOptions, use: Use<T>): Promise<T> {
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
