import { setTimeout as delay } from 'node:timers/promises';

import { topology } from '@trunkline/messaging';
import { eventually } from '@trunkline/testing';
import { type ConfirmChannel, connect, type ConsumeMessage, type Options } from 'amqplib';

interface Copy {
  readonly exchange: string;
  readonly message: ConsumeMessage;
}

const heldAtMost = 200;
/** Topology is declared again from time to time. */
const declaredWithinMs = 30_000;

/** Somebody with an account of his own at the broker, who takes messages out of their order. */
export class BrokerTamperer {
  constructor(private readonly url: string, private readonly prefix: string) {}

  /** Puts bytes into one queue, as nobody of ours would. */
  async put(queue: string, body: Buffer, messageId: string, headers: Record<string, unknown> = {}): Promise<void> {
    await this.isThere(queue);
    const send = async (channel: ConfirmChannel): Promise<void> => {
      let isReturned = false;
      channel.on('return', () => { isReturned = true; });
      channel.sendToQueue(this.prefix + queue, body, { messageId, headers, persistent: true, mandatory: true, contentType: 'application/cloudevents+json' });
      await channel.waitForConfirms();
      if (isReturned) throw new Error(`${queue} was gone again when a message was put into it`);
    };
    // A broker that is in trouble, or a queue that is only coming back, refuses it.
    await eventually(`${queue} to take a message`, () => this.withChannel(send).then(() => true, () => false), declaredWithinMs);
  }

  /** Takes what comes to a queue for so long, and puts it back in another order. Answers how many. */
  async delayAndShuffle(queue: string, forMs: number, shuffle: <T>(items: readonly T[]) => T[]): Promise<number> {
    await this.isThere(queue);
    return this.withChannel(async (channel) => {
      const taken: ConsumeMessage[] = [];
      await channel.prefetch(heldAtMost);
      await channel.consume(this.prefix + queue, (message) => { if (message) taken.push(message); });
      await delay(forMs);
      const batch = shuffle([...taken]);
      for (const { content, properties } of batch) channel.sendToQueue(this.prefix + queue, content, again(properties));
      await channel.waitForConfirms();
      // Acknowledged only now: whatever breaks before leaves a copy, never a loss.
      for (const message of batch) channel.ack(message);
      return batch.length;
    });
  }

  /** Copies every request and event for so long, then publishes the copies, some twice, late and out of order. Answers how many. */
  async repeatAll(forMs: number, shuffle: <T>(items: readonly T[]) => T[], pauseMs: () => number): Promise<number> {
    for (const { name } of topology.queues) await this.isThere(name);
    return this.withChannel(async (channel) => {
      const copies: Copy[] = [];
      const { queue } = await channel.assertQueue('', { exclusive: true, durable: false });
      for (const { bindings } of topology.queues) {
        for (const { exchange, routingKey } of bindings) await channel.bindQueue(queue, this.prefix + exchange, routingKey);
      }
      await channel.consume(queue, (message) => { if (message) copies.push({ exchange: message.fields.exchange, message }); }, { noAck: true });
      await delay(forMs);
      const told = shuffle([...copies, ...shuffle(copies).slice(0, Math.ceil(copies.length / 2))]);
      for (const { exchange, message: { content, fields, properties } } of told) {
        channel.publish(exchange, fields.routingKey, content, again(properties));
        await delay(pauseMs());
      }
      await channel.waitForConfirms();
      return told.length;
    });
  }

  /** After a fault that deleted it a queue is there again when its service has noticed. */
  private async isThere(queue: string): Promise<void> {
    const look = async (channel: ConfirmChannel): Promise<void> => {
      for (const exchange of topology.exchanges) await channel.checkExchange(this.prefix + exchange);
      await channel.checkQueue(this.prefix + queue);
    };
    await eventually(`exchanges and the queue ${queue} to be there`, () => this.withChannel(look).then(() => true, () => false), declaredWithinMs);
  }

  private async withChannel<T>(use: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    const connection = await connect(this.url, { timeout: 5_000 });
    // What breaks is seen by whoever waits for a confirm.
    connection.on('error', () => undefined);
    try {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => undefined);
      const result = await use(channel);
      await channel.close();
      return result;
    } finally {
      await connection.close().catch(() => undefined);
    }
  }
}

function again(properties: ConsumeMessage['properties']): Options.Publish {
  // The broker counts deliveries by itself.
  const { 'x-delivery-count': _counted, ...headers } = properties.headers ?? {};
  const given = Object.entries({ ...properties }).filter(([name, value]) => kept.has(name) && value !== undefined);
  return { ...Object.fromEntries(given), headers, persistent: true };
}

/** What its publisher said of it; the broker's own words are left out. */
const kept: ReadonlySet<string> = new Set(['appId', 'contentType', 'correlationId', 'messageId', 'replyTo', 'timestamp', 'type']);
