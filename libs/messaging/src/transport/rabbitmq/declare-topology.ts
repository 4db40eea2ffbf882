import { type Channel, type ChannelModel, type Options } from 'amqplib';
import { errorMessage } from '@trunkline/runtime';
import { DEAD_LETTER_EXCHANGE, deadLetterQueue, type QueueDefinition, type Topology } from '../../topology/topology.js';
import { type BrokerNames } from './broker-names.js';
import { endChannel } from './watched-channel.js';

/** An exchange or queue of ours exists with other properties: only a person can decide what becomes of it. */
export class TopologyMismatchError extends Error {
  override readonly name = 'TopologyMismatchError';
}

const PRECONDITION_FAILED = 406;
const QUESTION_TTL_MS = 30_000;
const QUESTIONS_EXPIRE_MS = 10 * 60_000;
/**
 * RabbitMQ 4 gives up after 20 deliveries unless told otherwise; attempts are counted in the database, and an hour without
 * one must not empty a queue.
 */
const DELIVERY_LIMIT = 1_000_000;
const lasting = { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': DELIVERY_LIMIT } };

/** Declares the whole table; harmless to repeat. @throws TopologyMismatchError naming what is in the way */
export async function declareTopology(connection: ChannelModel, topology: Topology, names: BrokerNames): Promise<void> {
  const channel = await connection.createChannel();
  // The rejected call says the same; unheard, the event would end the process.
  channel.on('error', () => undefined);
  for (const exchange of topology.exchanges) await declareExchange(channel, names.exchange(exchange), 'topic');
  await declareExchange(channel, names.exchange(DEAD_LETTER_EXCHANGE), 'direct');
  for (const queue of topology.queues) await declareQueue(channel, queue, names);
  await endChannel(channel);
}

async function declareQueue(channel: Channel, { name, kind, bindings }: QueueDefinition, names: BrokerNames): Promise<void> {
  if (kind === 'work') {
    const deadLetters = names.queue(deadLetterQueue(name));
    await assertQueue(channel, deadLetters, lasting);
    await channel.bindQueue(deadLetters, names.exchange(DEAD_LETTER_EXCHANGE), deadLetters);
    await assertQueue(channel, names.queue(name), workQueueOptions(name, names));
  } else {
    await assertQueue(channel, names.queue(name), { durable: true, expires: QUESTIONS_EXPIRE_MS, messageTtl: QUESTION_TTL_MS });
  }
  for (const { exchange, routingKey } of bindings) await channel.bindQueue(names.queue(name), names.exchange(exchange), routingKey);
}

export function workQueueOptions(name: string, names: BrokerNames): Options.AssertQueue {
  return { ...lasting, deadLetterExchange: names.exchange(DEAD_LETTER_EXCHANGE), deadLetterRoutingKey: names.queue(deadLetterQueue(name)) };
}

async function declareExchange(channel: Channel, name: string, type: 'topic' | 'direct'): Promise<void> {
  await channel.assertExchange(name, type, { durable: true }).catch((error: unknown) => { throw translated(error, `exchange "${name}"`); });
}

async function assertQueue(channel: Channel, name: string, options: Options.AssertQueue): Promise<void> {
  await channel.assertQueue(name, options).catch((error: unknown) => { throw translated(error, `queue "${name}"`); });
}

function translated(error: unknown, what: string): unknown {
  const isMismatch = error instanceof Error && 'code' in error && error.code === PRECONDITION_FAILED;
  if (!isMismatch) return error;
  const text = `${what} exists on the broker with other properties than ours; delete it or use another virtual host (${errorMessage(error)})`;
  return new TopologyMismatchError(text, { cause: error });
}
