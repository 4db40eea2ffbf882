import { describe, expect, it } from 'vitest';
import { deadLetterQueue } from '../../topology/topology.js';
import { NotConnectedError } from '../transport.js';
import { anOutgoing, collect, conformanceTopology } from '../conformance/stage.conformance.js';
import { InProcessBroker } from './in-process-broker.js';
import { InProcessTransport } from './in-process-transport.js';

const WAIT = { timeout: 5_000, interval: 2 };

async function started(broker: InProcessBroker): Promise<InProcessTransport> {
  const transport = new InProcessTransport(broker);
  await transport.start();
  return transport;
}

describe('the in-process broker', () => {
  it('refuses a message for a full queue, for its other queues too, until there is room', async () => {
    const transport = await started(new InProcessBroker(conformanceTopology, { queueCapacity: 2 }));
    await transport.publish(anOutgoing({ messageId: 'm-1' }));
    await transport.publish(anOutgoing({ messageId: 'm-2' }));
    const event = anOutgoing({ exchange: 'events', routingKey: 'stock.changed', messageId: 'm-3' });
    await expect(transport.publish(event)).rejects.toThrow(NotConnectedError);
    const audit = await collect(transport, 'audit', 10, (delivery) => { delivery.ack(); });
    const orders = await collect(transport, 'orders', 10, (delivery) => { delivery.ack(); });
    await expect.poll(() => orders.ids(), WAIT).toEqual(['m-1', 'm-2']);
    expect(audit.ids()).toEqual([]);
    await transport.publish(event);
    await expect.poll(() => [orders.ids().at(-1), audit.ids().at(-1)], WAIT).toEqual(['m-3', 'm-3']);
  });

  it('takes returned messages back into a full queue, ahead of the rest', async () => {
    const transport = await started(new InProcessBroker(conformanceTopology, { queueCapacity: 1 }));
    await transport.publish(anOutgoing({ messageId: 'm-1' }));
    const reader = await collect(transport, 'orders', 1);
    await expect.poll(() => reader.ids(), WAIT).toEqual(['m-1']);
    await transport.publish(anOutgoing({ messageId: 'm-2' }));
    await reader.stop();
    reader.deliveries[0]?.retry();
    const next = await collect(transport, 'orders', 1, (delivery) => { delivery.ack(); });
    await expect.poll(() => next.ids(), WAIT).toEqual(['m-1', 'm-2']);
  });

  it('drops the oldest dead letter rather than grow without bound', async () => {
    const transport = await started(new InProcessBroker(conformanceTopology, { queueCapacity: 2 }));
    const reader = await collect(transport, 'orders', 1, (delivery) => { delivery.deadLetter('no'); });
    for (const messageId of ['m-1', 'm-2', 'm-3']) {
      await transport.publish(anOutgoing({ messageId }));
      await expect.poll(() => reader.ids().at(-1), WAIT).toBe(messageId);
    }
    const dead = await collect(transport, deadLetterQueue('orders'), 10);
    await expect.poll(() => dead.ids(), WAIT).toEqual(['m-2', 'm-3']);
  });

  it('refuses questions to a full query queue', async () => {
    const transport = await started(new InProcessBroker(conformanceTopology, { queueCapacity: 1 }));
    const first = transport.request('questions', Buffer.from('?'), { timeoutMs: 20 }).catch((error: unknown) => error);
    await expect(transport.request('questions', Buffer.from('?'), { timeoutMs: 20 })).rejects.toThrow(NotConnectedError);
    await first;
  });

  it('never hands out in the turn of the sender', async () => {
    const transport = await started(new InProcessBroker(conformanceTopology));
    const reader = await collect(transport, 'orders', 10);
    const publishing = transport.publish(anOutgoing());
    expect(reader.deliveries).toEqual([]);
    await publishing;
    expect(reader.deliveries).toEqual([]);
    await expect.poll(() => reader.deliveries.length, WAIT).toBe(1);
  });

  it('keeps what it took when the sender uses its buffer again', async () => {
    const transport = await started(new InProcessBroker(conformanceTopology));
    const body = Buffer.from('first');
    await transport.publish(anOutgoing({ body }));
    body.fill('x');
    const reader = await collect(transport, 'orders', 1);
    await expect.poll(() => reader.deliveries[0]?.message.body.toString(), WAIT).toBe('first');
  });
});
