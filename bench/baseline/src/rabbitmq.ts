import { Logger } from '@nestjs/common';
import { ClientProxyFactory, type ClientProxy, type MicroserviceOptions, type RmqContext, Transport } from '@nestjs/microservices';
import type { Channel, ConsumeMessage } from 'amqplib';
import { lastValueFrom } from 'rxjs';

import { settings } from './settings.js';

/** One queue a process, one event into each. */
export type Queue = 'gateway' | 'tenants' | 'customers' | 'sbc' | 'ovoc';

const connection = {
  urls: [settings.amqpUrl], queueOptions: { durable: true }, persistent: true, prefetchCount: 128, socketOptions: { connectionOptions: { noDelay: true } },
};

export const consumerOf = (queue: Queue): MicroserviceOptions => (
  { transport: Transport.RMQ, options: { ...connection, queue: settings.queuePrefix + queue, noAck: false } });

export const clientOf = (queue: Queue): ClientProxy => (
  // The client's own reply queue wants no acknowledgement; it is not used.
  ClientProxyFactory.create({ transport: Transport.RMQ, options: { ...connection, queue: settings.queuePrefix + queue } }));

/** Resolves when the broker has confirmed the message. */
export async function send(client: ClientProxy, pattern: string, data: object): Promise<void> {
  await lastValueFrom(client.emit(pattern, data), { defaultValue: undefined });
}

const logger = new Logger('baseline');

/** Acknowledges when the work is done; a message whose work fails is refused for good. */
export async function acknowledged(context: unknown, work: () => Promise<void>): Promise<void> {
  const rmq = context as RmqContext;
  const channel = rmq.getChannelRef() as Channel;
  const message = rmq.getMessage() as unknown as ConsumeMessage;
  try {
    await work();
    channel.ack(message);
  } catch (error) {
    logger.error(error);
    channel.nack(message, false, false);
  }
}
