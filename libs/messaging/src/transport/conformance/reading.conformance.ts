import { describe, expect, it } from 'vitest';
import { deadLetterQueue } from '../../topology/topology.js';
import { type Delivery } from '../transport.js';
import { acknowledge, anOutgoing, bodyOf, collect, roundTrip, type TransportPair, WAIT } from './stage.conformance.js';

/** Handing out, settling and giving back. */
export function readingConformance(at: TransportPair): void {
  describe('reading', () => {
    const publish = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) await at.transport.publish(anOutgoing({ messageId: `m-${index}` }));
    };

    it('hands out no more than the prefetch, and one more for each that is settled', async () => {
      const orders = await collect(at.other, 'orders', 2);
      await publish(5);
      await expect.poll(() => orders.deliveries.length, WAIT).toBe(2);
      await roundTrip(at.transport, at.other);
      expect(orders.ids()).toEqual(['m-0', 'm-1']);
      orders.deliveries[0]?.ack();
      await expect.poll(() => orders.ids(), WAIT).toEqual(['m-0', 'm-1', 'm-2']);
    });

    it('shares a queue among its readers without handing anything out twice', async () => {
      const [one, two] = await Promise.all([collect(at.transport, 'orders', 5, acknowledge), collect(at.other, 'orders', 5, acknowledge)]);
      await publish(60);
      await expect.poll(() => one.deliveries.length + two.deliveries.length, WAIT).toBe(60);
      expect(new Set([...one.ids(), ...two.ids()]).size).toBe(60);
      expect(Math.min(one.deliveries.length, two.deliveries.length)).toBeGreaterThan(0);
    });

    it('hands out a returned message again, marked as redelivered', async () => {
      const orders = await collect(at.other, 'orders', 1, (delivery) => { if (delivery.message.redelivered) delivery.ack(); else delivery.retry(); });
      await publish(1);
      await expect.poll(() => orders.deliveries.map(({ message }) => message.redelivered), WAIT).toEqual([false, true]);
    });

    it('brings a refused message with reason and queue to the dead letters, otherwise unchanged', async () => {
      const dead = await collect(at.other, deadLetterQueue('orders'), 10, acknowledge);
      const orders = await collect(at.other, 'orders', 10, (delivery) => { delivery.deadLetter('undecodable: no JSON'); });
      await at.transport.publish(anOutgoing({ headers: { 'x-redrive': true } }));
      await expect.poll(() => dead.ids(), WAIT).toEqual(['m-1']);
      expect(dead.deliveries[0]?.message).toMatchObject({
        messageId: 'm-1', contentType: 'application/json',
        headers: { 'x-redrive': true, 'x-trunkline-reason': 'undecodable: no JSON', 'x-trunkline-queue': 'orders' },
      });
      expect(bodyOf(dead.deliveries[0])).toBe('{"n":1}');
      await roundTrip(at.transport, at.other);
      expect(orders.deliveries).toHaveLength(1);
    });

    it('returns a refused message of a dead-letter queue to that queue', async () => {
      const seen: boolean[] = [];
      await at.other.consume(deadLetterQueue('orders'), { prefetch: 1 }, (delivery) => {
        seen.push(delivery.message.redelivered);
        if (delivery.message.redelivered) delivery.ack();
        else delivery.deadLetter('again');
      });
      await at.transport.publish(anOutgoing({ exchange: '', routingKey: deadLetterQueue('orders') }));
      await expect.poll(() => seen, WAIT).toEqual([false, true]);
    });

    it.each([
      ['ack, then retry and deadLetter', (delivery: Delivery) => { delivery.ack(); delivery.retry(); delivery.deadLetter('late'); }, 0],
      ['deadLetter, then ack and retry', (delivery: Delivery) => { delivery.deadLetter('first'); delivery.ack(); delivery.retry(); }, 1],
      ['ack twice', (delivery: Delivery) => { delivery.ack(); delivery.ack(); }, 0],
    ])('counts only the first answer to a delivery: %s', async (_name, settle, deadLetters) => {
      const dead = await collect(at.other, deadLetterQueue('orders'), 10, acknowledge);
      const orders = await collect(at.other, 'orders', 1, settle);
      await publish(3);
      await expect.poll(() => orders.deliveries.length, WAIT).toBe(3);
      await expect.poll(() => dead.deliveries.length, WAIT).toBe(3 * deadLetters);
      await roundTrip(at.transport, at.other);
      expect(orders.deliveries).toHaveLength(3);
      expect(at.other.state.kind).toBe('connected');
    });

    it('hands a message out again when its reader threw, and stays connected', async () => {
      const heard: string[] = [];
      at.other.onState((state) => heard.push(state.kind));
      const orders = await collect(at.other, 'orders', 1, (delivery) => {
        if (!delivery.message.redelivered) throw new Error('reader is broken');
        delivery.ack();
      });
      await publish(1);
      await expect.poll(() => orders.deliveries.length, WAIT).toBe(2);
      expect(heard).toEqual([]);
    });

    it('hands out nothing after the stop, and takes the answers to what was handed out', async () => {
      const orders = await collect(at.other, 'orders', 2);
      await publish(2);
      await expect.poll(() => orders.deliveries.length, WAIT).toBe(2);
      await orders.stop();
      await orders.stop();
      await publish(1);
      orders.deliveries[0]?.ack();
      orders.deliveries[1]?.retry();
      const next = await collect(at.transport, 'orders', 5);
      await expect.poll(() => next.deliveries.length, WAIT).toBe(2);
      expect(next.deliveries.map(({ message }) => [message.messageId, message.redelivered]).sort()).toEqual([['m-0', false], ['m-1', true]]);
      expect(orders.deliveries).toHaveLength(2);
    });
  });

  describe('closing', () => {
    it('waits for what is unsettled', async () => {
      const orders = await collect(at.other, 'orders', 1);
      await at.transport.publish(anOutgoing());
      await expect.poll(() => orders.deliveries.length, WAIT).toBe(1);
      let isClosed = false;
      const closing = at.other.close({ drainMs: 10_000 }).then(() => { isClosed = true; });
      await roundTrip(at.transport, at.transport);
      expect(isClosed).toBe(false);
      orders.deliveries[0]?.ack();
      await closing;
      const next = await collect(at.transport, 'orders', 1);
      await at.transport.publish(anOutgoing({ messageId: 'm-2' }));
      await expect.poll(() => next.ids(), WAIT).toEqual(['m-2']);
    });

    it('gives back what is unsettled when the time runs out, and ignores later answers', async () => {
      const orders = await collect(at.other, 'orders', 1);
      await at.transport.publish(anOutgoing());
      await expect.poll(() => orders.deliveries.length, WAIT).toBe(1);
      await at.other.close({ drainMs: 20 });
      orders.deliveries[0]?.ack();
      const next = await collect(at.transport, 'orders', 1);
      await expect.poll(() => next.deliveries.map(({ message }) => message.redelivered), WAIT).toEqual([true]);
    });
  });
}
