import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetterQueue, type Topology } from '../topology/topology.js';
import {
  type Consumer, type Delivery, type IncomingMessage, NotConnectedError, type OutgoingMessage, RequestTimeoutError, type Transport, type TransportState,
  UnroutableError,
} from './transport.js';

/** The topology every harness of the suite declares. */
export const conformanceTopology: Topology = {
  exchanges: ['requests', 'events'],
  queues: [
    { name: 'orders', kind: 'work', bindings: [{ exchange: 'requests', routingKey: 'order.requested' }, { exchange: 'events', routingKey: 'stock.changed' }] },
    {
      name: 'audit',
      kind: 'work',
      bindings: [{ exchange: 'events', routingKey: 'stock.#' }, { exchange: 'events', routingKey: 'stock.changed' }, { exchange: 'events', routingKey: 'order.*' }],
    },
    { name: 'questions', kind: 'query', bindings: [] },
  ],
};

/** A broker, or a namespace of one, that belongs to one test. */
export interface TransportHarness {
  /** One more transport on it, not started. The harness closes it. */
  open(): Transport;
  dispose(): Promise<void>;
}

const WAIT = { timeout: 10_000, interval: 5 };

export const anOutgoing = (over: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  exchange: 'requests', routingKey: 'order.requested', messageId: 'm-1', contentType: 'application/json', body: Buffer.from('{"n":1}'), mandatory: true, ...over,
});

export interface Collected extends Consumer {
  readonly deliveries: Delivery[];
  ids(): string[];
}

/** Reads a queue and keeps what was handed out; `settle` is called with each. */
export async function collect(transport: Transport, queue: string, prefetch: number, settle?: (delivery: Delivery) => void): Promise<Collected> {
  const deliveries: Delivery[] = [];
  const consumer = await transport.consume(queue, { prefetch }, (delivery) => {
    deliveries.push(delivery);
    settle?.(delivery);
  });
  return { deliveries, ids: () => deliveries.map(({ message }) => message.messageId), stop: () => consumer.stop() };
}

const acknowledge = (delivery: Delivery): void => { delivery.ack(); };
const bodyOf = (delivery: Delivery | undefined): string | undefined => delivery?.message.body.toString();

/** What every transport promises. Adapters that promise more (survive a cut, keep messages) have tests of their own for that. */
export function transportConformance(name: string, makeHarness: () => Promise<TransportHarness>): void {
  describe(`${name} as a transport`, () => {
    let harness: TransportHarness;
    let transport: Transport;
    let other: Transport;

    beforeEach(async () => {
      harness = await makeHarness();
      transport = harness.open();
      other = harness.open();
      await Promise.all([transport.start(), other.start()]);
    });

    afterEach(async () => {
      await harness.dispose();
    });

    describe('state', () => {
      it('tells of connecting, connected and closed, each once', async () => {
        const fresh = harness.open();
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
        const fresh = harness.open();
        const heard: string[] = [];
        fresh.onState((state) => heard.push(state.kind))();
        await fresh.start();
        expect(heard).toEqual([]);
      });

      it('refuses everything before the start and after the end', async () => {
        const fresh = harness.open();
        await expect(fresh.publish(anOutgoing())).rejects.toThrow(NotConnectedError);
        await fresh.start();
        await fresh.close();
        await expect(fresh.publish(anOutgoing())).rejects.toThrow(NotConnectedError);
        await expect(fresh.consume('orders', { prefetch: 1 }, () => undefined)).rejects.toThrow(NotConnectedError);
        await expect(fresh.request('questions', Buffer.from('?'), { timeoutMs: 1_000 })).rejects.toThrow(NotConnectedError);
        await expect(fresh.start()).rejects.toThrow(NotConnectedError);
      });

      it('refuses a queue that is not in the topology', async () => {
        await expect(transport.consume('nowhere', { prefetch: 1 }, () => undefined)).rejects.toThrow('nowhere');
        await expect(transport.respond('nowhere', { prefetch: 1 }, async (body) => body)).rejects.toThrow('nowhere');
      });
    });

    describe('publishing', () => {
      it('brings a message to the reader as it was sent', async () => {
        const orders = await collect(other, 'orders', 10, acknowledge);
        await transport.publish(anOutgoing({ headers: { 'x-redrive': true, 'x-attempt': 2, 'x-by': 'desk' } }));
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
        const orders = await collect(other, 'orders', 10, acknowledge);
        await transport.publish(anOutgoing({ body }));
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
        const readers = { audit: await collect(other, 'audit', 10, acknowledge), orders: await collect(other, 'orders', 10, acknowledge) };
        await transport.publish(anOutgoing({ exchange: 'events', routingKey, mandatory: false }));
        await transport.publish(anOutgoing({ exchange: '', routingKey: 'audit', messageId: 'last' }));
        await transport.publish(anOutgoing({ exchange: '', routingKey: 'orders', messageId: 'last' }));
        await expect.poll(() => [readers.audit.ids().at(-1), readers.orders.ids().at(-1)], WAIT).toEqual(['last', 'last']);
        const got = Object.entries(readers).flatMap(([queue, reader]) => reader.ids().filter((id) => id === 'm-1').map(() => queue));
        expect(got).toEqual(queues);
      });

      it('does not mix the keys of the two exchanges', async () => {
        await expect(transport.publish(anOutgoing({ exchange: 'events' }))).resolves.toBeUndefined();
        await expect(transport.publish(anOutgoing({ exchange: 'requests', routingKey: 'stock.changed' }))).rejects.toThrow(UnroutableError);
      });

      it('sends straight to a queue by its name, also to a dead-letter queue', async () => {
        const [audit, dead] = await Promise.all([collect(other, 'audit', 1, acknowledge), collect(other, deadLetterQueue('audit'), 1, acknowledge)]);
        await transport.publish(anOutgoing({ exchange: '', routingKey: 'audit' }));
        await transport.publish(anOutgoing({ exchange: '', routingKey: deadLetterQueue('audit'), messageId: 'm-2' }));
        await expect.poll(() => [...audit.ids(), ...dead.ids()], WAIT).toEqual(['m-1', 'm-2']);
        expect(audit.deliveries[0]?.message.routingKey).toBe('audit');
      });

      it('rejects a mandatory message that no queue takes, and only that one', async () => {
        await expect(transport.publish(anOutgoing({ routingKey: 'nobody.cares' }))).rejects.toThrow(UnroutableError);
        await expect(transport.publish(anOutgoing({ routingKey: 'nobody.cares', mandatory: false }))).resolves.toBeUndefined();
        const outcomes = await Promise.allSettled([
          transport.publish(anOutgoing()),
          transport.publish(anOutgoing({ routingKey: 'nobody.cares' })),
          transport.publish(anOutgoing()),
        ]);
        expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      });

      it('keeps the order of one sender for one reader', async () => {
        const ids = Array.from({ length: 500 }, (_, index) => `m-${index}`);
        await Promise.all(ids.map((messageId) => transport.publish(anOutgoing({ messageId }))));
        const orders = await collect(other, 'orders', 20, acknowledge);
        await expect.poll(() => orders.deliveries.length, WAIT).toBe(ids.length);
        expect(orders.ids()).toEqual(ids);
      });

      it('takes a burst larger than its window', async () => {
        const orders = await collect(other, 'orders', 200, acknowledge);
        await Promise.all(Array.from({ length: 3_000 }, (_, index) => transport.publish(anOutgoing({ messageId: `m-${index}` }))));
        await expect.poll(() => new Set(orders.ids()).size, WAIT).toBe(3_000);
      });
    });

    describe('reading', () => {
      const publish = async (count: number): Promise<void> => {
        for (let index = 0; index < count; index += 1) await transport.publish(anOutgoing({ messageId: `m-${index}` }));
      };

      it('hands out no more than the prefetch, and one more for each that is settled', async () => {
        const orders = await collect(other, 'orders', 2);
        await publish(5);
        await expect.poll(() => orders.deliveries.length, WAIT).toBe(2);
        await roundTrip(transport, other);
        expect(orders.ids()).toEqual(['m-0', 'm-1']);
        orders.deliveries[0]?.ack();
        await expect.poll(() => orders.ids(), WAIT).toEqual(['m-0', 'm-1', 'm-2']);
      });

      it('shares a queue among its readers without handing anything out twice', async () => {
        const [one, two] = await Promise.all([collect(transport, 'orders', 5, acknowledge), collect(other, 'orders', 5, acknowledge)]);
        await publish(60);
        await expect.poll(() => one.deliveries.length + two.deliveries.length, WAIT).toBe(60);
        expect(new Set([...one.ids(), ...two.ids()]).size).toBe(60);
        expect(Math.min(one.deliveries.length, two.deliveries.length)).toBeGreaterThan(0);
      });

      it('hands out a returned message again, marked as redelivered', async () => {
        const orders = await collect(other, 'orders', 1, (delivery) => { if (delivery.message.redelivered) delivery.ack(); else delivery.retry(); });
        await publish(1);
        await expect.poll(() => orders.deliveries.map(({ message }) => message.redelivered), WAIT).toEqual([false, true]);
      });

      it('brings a refused message with reason and queue to the dead letters, otherwise unchanged', async () => {
        const dead = await collect(other, deadLetterQueue('orders'), 10, acknowledge);
        const orders = await collect(other, 'orders', 10, (delivery) => { delivery.deadLetter('undecodable: no JSON'); });
        await transport.publish(anOutgoing({ headers: { 'x-redrive': true } }));
        await expect.poll(() => dead.ids(), WAIT).toEqual(['m-1']);
        expect(dead.deliveries[0]?.message).toMatchObject({
          messageId: 'm-1', contentType: 'application/json',
          headers: { 'x-redrive': true, 'x-trunkline-reason': 'undecodable: no JSON', 'x-trunkline-queue': 'orders' },
        });
        expect(bodyOf(dead.deliveries[0])).toBe('{"n":1}');
        await roundTrip(transport, other);
        expect(orders.deliveries).toHaveLength(1);
      });

      it('returns a refused message of a dead-letter queue to that queue', async () => {
        const seen: boolean[] = [];
        await other.consume(deadLetterQueue('orders'), { prefetch: 1 }, (delivery) => {
          seen.push(delivery.message.redelivered);
          if (delivery.message.redelivered) delivery.ack();
          else delivery.deadLetter('again');
        });
        await transport.publish(anOutgoing({ exchange: '', routingKey: deadLetterQueue('orders') }));
        await expect.poll(() => seen, WAIT).toEqual([false, true]);
      });

      it.each([
        ['ack, then retry and deadLetter', (delivery: Delivery) => { delivery.ack(); delivery.retry(); delivery.deadLetter('late'); }, 0],
        ['deadLetter, then ack and retry', (delivery: Delivery) => { delivery.deadLetter('first'); delivery.ack(); delivery.retry(); }, 1],
        ['ack twice', (delivery: Delivery) => { delivery.ack(); delivery.ack(); }, 0],
      ])('counts only the first answer to a delivery: %s', async (_name, settle, deadLetters) => {
        const dead = await collect(other, deadLetterQueue('orders'), 10, acknowledge);
        const orders = await collect(other, 'orders', 1, settle);
        await publish(3);
        await expect.poll(() => orders.deliveries.length, WAIT).toBe(3);
        await expect.poll(() => dead.deliveries.length, WAIT).toBe(3 * deadLetters);
        await roundTrip(transport, other);
        expect(orders.deliveries).toHaveLength(3);
        expect(other.state.kind).toBe('connected');
      });

      it('hands a message out again when its reader threw, and stays connected', async () => {
        const heard: string[] = [];
        other.onState((state) => heard.push(state.kind));
        const orders = await collect(other, 'orders', 1, (delivery) => {
          if (!delivery.message.redelivered) throw new Error('reader is broken');
          delivery.ack();
        });
        await publish(1);
        await expect.poll(() => orders.deliveries.length, WAIT).toBe(2);
        expect(heard).toEqual([]);
      });

      it('hands out nothing after the stop, and takes the answers to what was handed out', async () => {
        const orders = await collect(other, 'orders', 2);
        await publish(2);
        await expect.poll(() => orders.deliveries.length, WAIT).toBe(2);
        await orders.stop();
        await orders.stop();
        await publish(1);
        orders.deliveries[0]?.ack();
        orders.deliveries[1]?.retry();
        const next = await collect(transport, 'orders', 5);
        await expect.poll(() => next.deliveries.length, WAIT).toBe(2);
        expect(next.deliveries.map(({ message }) => [message.messageId, message.redelivered]).sort()).toEqual([['m-0', false], ['m-1', true]]);
        expect(orders.deliveries).toHaveLength(2);
      });
    });

    describe('closing', () => {
      it('waits for what is unsettled', async () => {
        const orders = await collect(other, 'orders', 1);
        await transport.publish(anOutgoing());
        await expect.poll(() => orders.deliveries.length, WAIT).toBe(1);
        let isClosed = false;
        const closing = other.close({ drainMs: 10_000 }).then(() => { isClosed = true; });
        await roundTrip(transport, transport);
        expect(isClosed).toBe(false);
        orders.deliveries[0]?.ack();
        await closing;
        const next = await collect(transport, 'orders', 1);
        await transport.publish(anOutgoing({ messageId: 'm-2' }));
        await expect.poll(() => next.ids(), WAIT).toEqual(['m-2']);
      });

      it('gives back what is unsettled when the time runs out, and ignores later answers', async () => {
        const orders = await collect(other, 'orders', 1);
        await transport.publish(anOutgoing());
        await expect.poll(() => orders.deliveries.length, WAIT).toBe(1);
        await other.close({ drainMs: 20 });
        orders.deliveries[0]?.ack();
        const next = await collect(transport, 'orders', 1);
        await expect.poll(() => next.deliveries.map(({ message }) => message.redelivered), WAIT).toEqual([true]);
      });
    });

    describe('copies', () => {
      it('reach only those named, without a trace of the names', async () => {
        const copies: Record<string, IncomingMessage[]> = { one: [], two: [] };
        await transport.subscribeCopies('gateway.one', (message) => copies.one?.push(message));
        await other.subscribeCopies('gateway.two', (message) => copies.two?.push(message));
        const orders = await collect(other, 'orders', 5, acknowledge);
        await transport.publish(anOutgoing({ exchange: 'events', routingKey: 'stock.changed', bcc: ['gateway.one'] }));
        await transport.publish(anOutgoing({ exchange: 'events', routingKey: 'order.made', messageId: 'm-2', bcc: ['gateway.two', 'gateway.absent'] }));
        await transport.publish(anOutgoing({ exchange: 'events', routingKey: 'deployment.completed', messageId: 'm-3', bcc: ['gateway.one', 'gateway.two'] }));
        await expect.poll(() => [copies.one?.map((each) => each.messageId), copies.two?.map((each) => each.messageId)], WAIT)
          .toEqual([['m-1', 'm-3'], ['m-2', 'm-3']]);
        await expect.poll(() => orders.ids(), WAIT).toEqual(['m-1']);
        expect(copies.one?.[0]?.routingKey).toBe('stock.changed');
        expect(JSON.stringify([copies.one?.[0]?.headers, orders.deliveries[0]?.message.headers])).not.toContain('gateway');
      });

      it('end with the stop, and then a mandatory message for them alone is unroutable', async () => {
        const got: IncomingMessage[] = [];
        const consumer = await transport.subscribeCopies('gateway.one', (message) => got.push(message));
        const message = anOutgoing({ exchange: 'events', routingKey: 'nobody.cares', bcc: ['gateway.one'] });
        await transport.publish(message);
        await expect.poll(() => got.length, WAIT).toBe(1);
        await consumer.stop();
        await expect(transport.publish(message)).rejects.toThrow(UnroutableError);
        expect(got).toHaveLength(1);
      });

      it('go on after a reader threw', async () => {
        const got: string[] = [];
        await transport.subscribeCopies('gateway.one', (message) => {
          got.push(message.messageId);
          if (got.length === 1) throw new Error('reader is broken');
        });
        for (const messageId of ['m-1', 'm-2']) await transport.publish(anOutgoing({ exchange: 'events', routingKey: 'order.made', messageId, bcc: ['gateway.one'] }));
        await expect.poll(() => got, WAIT).toEqual(['m-1', 'm-2']);
      });
    });

    describe('requests', () => {
      const ask = (text: string, timeoutMs = 5_000): Promise<string> => transport.request('questions', Buffer.from(text), { timeoutMs }).then((reply) => reply.toString());

      it('get the reply to the question asked, many at a time', async () => {
        await other.respond('questions', { prefetch: 10 }, async (body) => Buffer.from(`re: ${body.toString()}`));
        const texts = Array.from({ length: 100 }, (_, index) => `q${index}`);
        expect(await Promise.all(texts.map((text) => ask(text)))).toEqual(texts.map((text) => `re: ${text}`));
      });

      it('are shared by responders', async () => {
        const answeredBy: Transport[] = [];
        for (const each of [transport, other]) {
          await each.respond('questions', { prefetch: 1 }, async (body) => {
            answeredBy.push(each);
            return body;
          });
        }
        await Promise.all(Array.from({ length: 40 }, (_, index) => ask(`q${index}`)));
        expect(new Set(answeredBy).size).toBe(2);
        expect(answeredBy).toHaveLength(40);
      });

      it('are handed to a responder at most prefetch at a time', async () => {
        let running = 0;
        let most = 0;
        const open: (() => void)[] = [];
        await other.respond('questions', { prefetch: 2 }, async (body) => {
          running += 1;
          most = Math.max(most, running);
          await new Promise<void>((resolve) => open.push(resolve));
          running -= 1;
          return body;
        });
        const asked = Promise.all(['a', 'b', 'c', 'd'].map((text) => ask(text)));
        for (let released = 0; released < 4; released += 1) {
          await expect.poll(() => open.length, WAIT).toBeGreaterThan(released);
          open[released]?.();
        }
        expect(await asked).toEqual(['a', 'b', 'c', 'd']);
        expect(most).toBe(2);
      });

      it('time out when nobody replies in time', async () => {
        await expect(ask('anybody?', 30)).rejects.toThrow(RequestTimeoutError);
      });

      it('time out when the responder throws, and the next one is answered', async () => {
        await other.respond('questions', { prefetch: 1 }, async (body) => {
          if (body.toString() === 'bad') throw new Error('no idea');
          return body;
        });
        await expect(ask('bad', 100)).rejects.toThrow(RequestTimeoutError);
        expect(await ask('good')).toBe('good');
      });

      it('that came too late for the asker leave no reply for another', async () => {
        await expect(ask('early', 10)).rejects.toThrow(RequestTimeoutError);
        await other.respond('questions', { prefetch: 5 }, async (body) => body);
        expect(await ask('later')).toBe('later');
      });

      it('to a queue that does not exist are unroutable', async () => {
        await expect(transport.request('nowhere', Buffer.from('?'), { timeoutMs: 2_000 })).rejects.toThrow(UnroutableError);
      });

      it('are not answered after the responder has stopped', async () => {
        const responder = await other.respond('questions', { prefetch: 1 }, async (body) => body);
        expect(await ask('first')).toBe('first');
        await responder.stop();
        await expect(ask('second', 50)).rejects.toThrow(RequestTimeoutError);
      });
    });
  });
}

/** Everything sent before has had its chance to arrive: a message of its own went the same way and came back. */
async function roundTrip(from: Transport, to: Transport): Promise<void> {
  let hasArrived = false;
  const key = `round.${Math.random()}`;
  const consumer = await to.subscribeCopies(key, () => { hasArrived = true; });
  await from.publish(anOutgoing({ exchange: 'events', routingKey: 'round.trip', messageId: key, mandatory: false, bcc: [key] }));
  await expect.poll(() => hasArrived, WAIT).toBe(true);
  await consumer.stop();
}
