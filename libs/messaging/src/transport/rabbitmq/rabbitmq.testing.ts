import { connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { DEAD_LETTER_EXCHANGE, deadLetterQueue, type Topology } from '../../topology/topology.js';
import { type Transport } from '../transport.js';
import { type TransportHarness } from '../conformance/stage.conformance.js';
import { BrokerNames } from './broker-names.js';
import { workQueueOptions } from './declare-topology.js';
import { RabbitMqTransport, type RabbitMqTransportOptions } from './rabbitmq-transport.js';

/** URL of the broker for tests. @throws when there is none: a test that can't run is a failure */
export function testBrokerUrl(): string {
  const url = process.env.TRUNKLINE_TEST_AMQP_URL;
  if (url === undefined || url === '') throw new Error('TRUNKLINE_TEST_AMQP_URL is not set: these tests need a RabbitMQ, e.g. the one of "npm run services"');
  return url;
}

/** Names of its own on the test broker, removed at the end. */
export class RabbitMqHarness implements TransportHarness {
  readonly prefix = `test-${randomUUID()}.`;
  private readonly opened: Transport[] = [];

  constructor(private readonly topology: Topology) {}

  open(options: Partial<RabbitMqTransportOptions> = {}): RabbitMqTransport {
    const transport = new RabbitMqTransport({ url: testBrokerUrl(), topology: this.topology, connectionName: 'test', namePrefix: this.prefix, ...options });
    this.opened.push(transport);
    return transport;
  }

  /** A work queue is deleted and declared again, with its bindings, before anybody who reads it can notice. */
  async recreate(queue: string): Promise<void> {
    const names = new BrokerNames(this.prefix);
    const name = names.queue(queue);
    const bindings = this.topology.queues.find((each) => each.name === queue)?.bindings ?? [];
    await withChannel((channel) => Promise.all([
      channel.deleteQueue(name),
      channel.assertQueue(name, workQueueOptions(queue, names)),
      ...bindings.map(({ exchange, routingKey }) => channel.bindQueue(name, names.exchange(exchange), routingKey)),
    ]));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.opened.map((each) => each.close({ drainMs: 0 })));
    await withChannel(async (channel) => {
      for (const { name } of this.topology.queues) {
        await channel.deleteQueue(this.prefix + name);
        await channel.deleteQueue(this.prefix + deadLetterQueue(name));
      }
      for (const exchange of [...this.topology.exchanges, DEAD_LETTER_EXCHANGE]) await channel.deleteExchange(this.prefix + exchange);
    });
  }
}

type AmqpChannel = Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['createChannel']>>;

/** A look at the broker past the transport. */
export async function withChannel<T>(use: (channel: AmqpChannel) => Promise<T>): Promise<T> {
  const connection = await connect(testBrokerUrl());
  try {
    const channel = await connection.createChannel();
    // The rejected call says the same; unheard, the event would end the process.
    channel.on('error', () => undefined);
    const result = await use(channel);
    // Closing only the connection would overtake what the channel has buffered.
    await channel.close();
    return result;
  } finally {
    await connection.close();
  }
}
