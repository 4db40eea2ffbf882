import { describe, expect, it } from 'vitest';
import { type IncomingMessage, RequestTimeoutError, type Transport, UnroutableError } from '../transport.js';
import { acknowledge, anOutgoing, collect, type TransportPair, WAIT } from './stage.conformance.js';

/** Live copies, questions and replies. */
export function askingConformance(at: TransportPair): void {
  describe('copies', () => {
    it('reach only those named, without a trace of the names', async () => {
      const copies: Record<string, IncomingMessage[]> = { one: [], two: [] };
      await at.transport.subscribeCopies('gateway.one', (message) => copies.one?.push(message));
      await at.other.subscribeCopies('gateway.two', (message) => copies.two?.push(message));
      const orders = await collect(at.other, 'orders', 5, acknowledge);
      await at.transport.publish(anOutgoing({ exchange: 'events', routingKey: 'stock.changed', bcc: ['gateway.one'] }));
      await at.transport.publish(anOutgoing({ exchange: 'events', routingKey: 'order.made', messageId: 'm-2', bcc: ['gateway.two', 'gateway.absent'] }));
      await at.transport.publish(anOutgoing({ exchange: 'events', routingKey: 'deployment.completed', messageId: 'm-3', bcc: ['gateway.one', 'gateway.two'] }));
      await expect.poll(() => [copies.one?.map((each) => each.messageId), copies.two?.map((each) => each.messageId)], WAIT)
        .toEqual([['m-1', 'm-3'], ['m-2', 'm-3']]);
      await expect.poll(() => orders.ids(), WAIT).toEqual(['m-1']);
      expect(copies.one?.[0]?.routingKey).toBe('stock.changed');
      expect(JSON.stringify([copies.one?.[0]?.headers, orders.deliveries[0]?.message.headers])).not.toContain('gateway');
    });

    it('end with the stop, and then a mandatory message for them alone is unroutable', async () => {
      const got: IncomingMessage[] = [];
      const consumer = await at.transport.subscribeCopies('gateway.one', (message) => got.push(message));
      const message = anOutgoing({ exchange: 'events', routingKey: 'nobody.cares', bcc: ['gateway.one'] });
      await at.transport.publish(message);
      await expect.poll(() => got.length, WAIT).toBe(1);
      await consumer.stop();
      await expect(at.transport.publish(message)).rejects.toThrow(UnroutableError);
      expect(got).toHaveLength(1);
    });

    it('go on after a reader threw', async () => {
      const got: string[] = [];
      await at.transport.subscribeCopies('gateway.one', (message) => {
        got.push(message.messageId);
        if (got.length === 1) throw new Error('reader is broken');
      });
      for (const messageId of ['m-1', 'm-2']) await at.transport.publish(anOutgoing({ exchange: 'events', routingKey: 'order.made', messageId, bcc: ['gateway.one'] }));
      await expect.poll(() => got, WAIT).toEqual(['m-1', 'm-2']);
    });
  });

  describe('requests', () => {
    const ask = (text: string, timeoutMs = 5_000): Promise<string> => at.transport.request('questions', Buffer.from(text), { timeoutMs }).then((reply) => reply.toString());

    it('get the reply to the question asked, many at a time', async () => {
      await at.other.respond('questions', { prefetch: 10 }, async (body) => Buffer.from(`re: ${body.toString()}`));
      const texts = Array.from({ length: 100 }, (_, index) => `q${index}`);
      expect(await Promise.all(texts.map((text) => ask(text)))).toEqual(texts.map((text) => `re: ${text}`));
    });

    it('are shared by responders', async () => {
      const answeredBy: Transport[] = [];
      for (const each of [at.transport, at.other]) {
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
      await at.other.respond('questions', { prefetch: 2 }, async (body) => {
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
      await at.other.respond('questions', { prefetch: 1 }, async (body) => {
        if (body.toString() === 'bad') throw new Error('no idea');
        return body;
      });
      await expect(ask('bad', 100)).rejects.toThrow(RequestTimeoutError);
      expect(await ask('good')).toBe('good');
    });

    it('that came too late for the asker leave no reply for another', async () => {
      await expect(ask('early', 10)).rejects.toThrow(RequestTimeoutError);
      await at.other.respond('questions', { prefetch: 5 }, async (body) => body);
      expect(await ask('later')).toBe('later');
    });

    it('to a queue that does not exist are unroutable', async () => {
      await expect(at.transport.request('nowhere', Buffer.from('?'), { timeoutMs: 2_000 })).rejects.toThrow(UnroutableError);
    });

    it('are not answered after the responder has stopped', async () => {
      const responder = await at.other.respond('questions', { prefetch: 1 }, async (body) => body);
      expect(await ask('first')).toBe('first');
      await responder.stop();
      await expect(ask('second', 50)).rejects.toThrow(RequestTimeoutError);
    });
  });
}
