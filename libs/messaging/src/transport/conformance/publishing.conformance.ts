import { describe, expect, it } from 'vitest';
import { deadLetterQueue } from '../../topology/topology.js';
import { NotConnectedError, type TransportState, UnroutableError } from '../transport.js';
import { acknowledge, anOutgoing, bodyOf, collect, type TransportPair, WAIT } from './stage.conformance.js';

/** State, and the way of a message to the queues. */
export function publishingConformance(at: TransportPair): void {
  describe('state', () => {
    it('tells of connecting, connected and closed, each once', async () => {
      const fresh = at.harness.open();
      const heard: TransportState['kind'][] = [];
      fresh.onState((state) => heard.push(state.kind));
      expect(fresh.state.kind).toBe('connecting');
      await Promise.all([fresh.start(), fresh.start()]);
      expect(fresh.state.kind).toBe('connected');
      await fresh.close();
      await fresh.close();
      expect(fresh.state.kind).toBe('closed');
      expect(heard.filter((kind) => kind !== 'connecting')).toEqual(['connected', 'closed']);
    });

    it('tells a listener nothing after it has left', async () => {
      const fresh = at.harness.open();
      const heard: string[] = [];
      fresh.onState((state) => heard.push(state.kind))();
      await fresh.start();
      expect(heard).toEqual([]);
    });

    it('refuses everything before the start and after the end', async () => {
      const fresh = at.harness.open();
      await expect(fresh.publish(anOutgoing())).rejects.toThrow(NotConnectedError);
      await fresh.start();
      await fresh.close();
      await expect(fresh.publish(anOutgoing())).rejects.toThrow(NotConnectedError);
      await expect(fresh.consume('orders', { prefetch: 1 }, () => undefined)).rejects.toThrow(NotConnectedError);
      await expect(fresh.request('questions', Buffer.from('?'), { timeoutMs: 1_000 })).rejects.toThrow(NotConnectedError);
      await expect(fresh.start()).rejects.toThrow(NotConnectedError);
    });

    it('refuses a queue that is not in the topology', async () => {
      await expect(at.transport.consume('nowhere', { prefetch: 1 }, () => undefined)).rejects.toThrow('nowhere');
      await expect(at.transport.respond('nowhere', { prefetch: 1 }, async (body) => body)).rejects.toThrow('nowhere');
    });
  });

  describe('publishing', () => {
    it('brings a message to the reader as it was sent', async () => {
      const orders = await collect(at.other, 'orders', 10, acknowledge);
      await at.transport.publish(anOutgoing({ headers: { 'x-redrive': true, 'x-attempt': 2, 'x-by': 'desk' } }));
      await expect.poll(() => orders.deliveries.length, WAIT).toBe(1);
      expect(orders.deliveries[0]?.message).toMatchObject({
        messageId: 'm-1', routingKey: 'order.requested', contentType: 'application/json', redelivered: false,
        headers: { 'x-redrive': true, 'x-attempt': 2, 'x-by': 'desk' },
      });
      expect(bodyOf(orders.deliveries[0])).toBe('{"n":1}');
    });

    it.each([
      ['an empty body', Buffer.alloc(0)],
      ['a body of a megabyte', Buffer.alloc(1024 * 1024, 'trunk')],
      ['a body that is no text', Buffer.from([0, 255, 206, 0, 10])],
    ])('carries %s', async (_name, body) => {
      const orders = await collect(at.other, 'orders', 10, acknowledge);
      await at.transport.publish(anOutgoing({ body }));
      await expect.poll(() => orders.deliveries.length, WAIT).toBe(1);
      expect(orders.deliveries[0]?.message.body.equals(body)).toBe(true);
    });

    it.each([
      ['stock.changed', ['audit', 'orders']],
      ['stock', ['audit']],
      ['stock.changed.twice', ['audit']],
      ['order.made', ['audit']],
      ['order.made.twice', []],
      ['order', []],
    ])('routes the event "%s" to %j, one copy each', async (routingKey, queues) => {
      const readers = { audit: await collect(at.other, 'audit', 10, acknowledge), orders: await collect(at.other, 'orders', 10, acknowledge) };
      await at.transport.publish(anOutgoing({ exchange: 'events', routingKey, mandatory: false }));
      await at.transport.publish(anOutgoing({ exchange: '', routingKey: 'audit', messageId: 'last' }));
      await at.transport.publish(anOutgoing({ exchange: '', routingKey: 'orders', messageId: 'last' }));
      await expect.poll(() => [readers.audit.ids().at(-1), readers.orders.ids().at(-1)], WAIT).toEqual(['last', 'last']);
      const got = Object.entries(readers).flatMap(([queue, reader]) => reader.ids().filter((id) => id === 'm-1').map(() => queue));
      expect(got).toEqual(queues);
    });

    it('does not mix the keys of the two exchanges', async () => {
      await expect(at.transport.publish(anOutgoing({ exchange: 'events' }))).resolves.toBeUndefined();
      await expect(at.transport.publish(anOutgoing({ exchange: 'requests', routingKey: 'stock.changed' }))).rejects.toThrow(UnroutableError);
    });

    it('sends straight to a queue by its name, also to a dead-letter queue', async () => {
      const [audit, dead] = await Promise.all([collect(at.other, 'audit', 1, acknowledge), collect(at.other, deadLetterQueue('audit'), 1, acknowledge)]);
      await at.transport.publish(anOutgoing({ exchange: '', routingKey: 'audit' }));
      await at.transport.publish(anOutgoing({ exchange: '', routingKey: deadLetterQueue('audit'), messageId: 'm-2' }));
      await expect.poll(() => [...audit.ids(), ...dead.ids()], WAIT).toEqual(['m-1', 'm-2']);
      expect(audit.deliveries[0]?.message.routingKey).toBe('audit');
    });

    it('rejects a mandatory message that no queue takes, and only that one', async () => {
      await expect(at.transport.publish(anOutgoing({ routingKey: 'nobody.cares' }))).rejects.toThrow(UnroutableError);
      await expect(at.transport.publish(anOutgoing({ routingKey: 'nobody.cares', mandatory: false }))).resolves.toBeUndefined();
      const outcomes = await Promise.allSettled([
        at.transport.publish(anOutgoing()),
        at.transport.publish(anOutgoing({ routingKey: 'nobody.cares' })),
        at.transport.publish(anOutgoing()),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });

    it('keeps the order of one sender for one reader', async () => {
      const ids = Array.from({ length: 500 }, (_, index) => `m-${index}`);
      await Promise.all(ids.map((messageId) => at.transport.publish(anOutgoing({ messageId }))));
      const orders = await collect(at.other, 'orders', 20, acknowledge);
      await expect.poll(() => orders.deliveries.length, WAIT).toBe(ids.length);
      expect(orders.ids()).toEqual(ids);
    });

    it('takes a burst larger than its window', async () => {
      const orders = await collect(at.other, 'orders', 200, acknowledge);
      await Promise.all(Array.from({ length: 3_000 }, (_, index) => at.transport.publish(anOutgoing({ messageId: `m-${index}` }))));
      await expect.poll(() => new Set(orders.ids()).size, WAIT).toBe(3_000);
    });
  });
}
