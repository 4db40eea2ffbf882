import { randomUUID } from 'node:crypto';

import { cloudEventsContentType, type Message, routingKeyOf } from '@trunkline/contracts';
import { deadLetterQueue, type RabbitMqTransport, topology } from '@trunkline/messaging';

// The broker's own test tools stay beside the adapter they belong to: nothing that runs in production may reach them through an index.
import { RabbitMqHarness, withChannel } from '../../messaging/src/transport/rabbitmq/rabbitmq.testing.js';
import { eventually } from './eventually.js';
import { testSetting } from './fresh-database.js';

/** The broker as somebody sees it who may do anything there. */
export class BrokerWindow {
  readonly url = testSetting('TRUNKLINE_TEST_AMQP_URL');
  private publisher: RabbitMqTransport | undefined;

  private constructor(private readonly harness: RabbitMqHarness) {}

  /** Names of its own, so that applications side by side do not meet. */
  static open(): BrokerWindow {
    return new BrokerWindow(new RabbitMqHarness(topology));
  }

  get prefix(): string {
    return this.harness.prefix;
  }

  /** Publishes bytes as a stranger, or as one of the services, would. */
  async publish(exchange: 'requests' | 'events', routingKey: string, body: string | Buffer, messageId: string = randomUUID()): Promise<void> {
    if (!this.publisher) {
      this.publisher = this.harness.open();
      await this.publisher.start();
    }
    await this.publisher.publish({ exchange, routingKey, messageId, contentType: cloudEventsContentType, body: typeof body === 'string' ? Buffer.from(body) : body, mandatory: exchange === 'requests' });
  }

  async publishEvent(event: Pick<Message, 'id' | 'type'>): Promise<void> {
    await this.publish('events', routingKeyOf(event.type), JSON.stringify(event), event.id);
  }

  async deleteQueue(queue: string): Promise<void> {
    await withChannel(async (channel) => { await channel.deleteQueue(this.prefix + queue); });
  }

  /** Deletes it and declares it again before anybody who reads it can notice. */
  async recreateQueue(queue: string): Promise<void> {
    await this.harness.recreate(queue);
  }

  /** Resolves as soon as somebody has declared the queue. */
  async declared(queue: string): Promise<void> {
    // Asking for a queue that is not there ends the channel.
    await eventually(`"${queue}" to be declared`, () => withChannel((channel) => channel.checkQueue(this.prefix + queue)).then(() => true, () => false));
  }

  /** All queues and exchanges are gone, with what was in them, as after the loss of the broker's disk. */
  async wipe(): Promise<void> {
    await withChannel(async (channel) => {
      for (const { name } of topology.queues) {
        for (const queue of [name, deadLetterQueue(name)]) await channel.deleteQueue(this.prefix + queue);
      }
      for (const exchange of topology.exchanges) await channel.deleteExchange(this.prefix + exchange);
    });
  }

  /** Messages that wait in the queue, texts included; they are left there. */
  async waiting(queue: string): Promise<readonly string[]> {
    return withChannel(async (channel) => {
      const texts: string[] = [];
      for (let message = await channel.get(this.prefix + queue); message !== false; message = await channel.get(this.prefix + queue)) {
        texts.push(`${JSON.stringify(message.properties.headers)} ${message.content.toString('utf8')}`);
      }
      // Closing the channel hands them back.
      return texts;
    });
  }

  /** Ids of the messages that wait in the queue, and why they are there where the broker or a service says so; they are left there. */
  async waitingIds(queue: string): Promise<readonly { readonly messageId: string; readonly reason?: string }[]> {
    return withChannel(async (channel) => {
      const found: { messageId: string; reason?: string }[] = [];
      for (let message = await channel.get(this.prefix + queue); message !== false; message = await channel.get(this.prefix + queue)) {
        const reason: unknown = message.properties.headers?.['x-refused-because'];
        found.push({ messageId: String(message.properties.messageId), ...(typeof reason === 'string' ? { reason } : {}) });
      }
      return found;
    });
  }

  /** Copies of every message from now on; the function returned ends it and answers their headers and texts. */
  async tap(): Promise<() => Promise<readonly string[]>> {
    const queue = `tap-${randomUUID()}`;
    await withChannel(async (channel) => {
      await channel.assertQueue(this.prefix + queue, { durable: false });
      for (const exchange of topology.exchanges) await channel.bindQueue(this.prefix + queue, this.prefix + exchange, '#');
    });
    return async () => {
      const texts = await this.waiting(queue);
      await this.deleteQueue(queue);
      return texts;
    };
  }

  async close(): Promise<void> {
    await this.harness.dispose();
  }
}
