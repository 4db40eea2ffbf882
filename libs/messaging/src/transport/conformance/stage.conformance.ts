import { expect } from 'vitest';
import { type Topology } from '../../topology/topology.js';
import { type Consumer, type Delivery, type OutgoingMessage, type Transport } from '../transport.js';

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

export const WAIT = { timeout: 10_000, interval: 5 };

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

export const acknowledge = (delivery: Delivery): void => { delivery.ack(); };
export const bodyOf = (delivery: Delivery | undefined): string | undefined => delivery?.message.body.toString();

/** What the cases of the suite work with; new for each of them. */
export interface TransportPair {
  harness: TransportHarness;
  /** Two started transports on the harness's broker. */
  transport: Transport;
  other: Transport;
}

/** Everything sent before has had its chance to arrive: a message of its own went the same way and came back. */
export async function roundTrip(from: Transport, to: Transport): Promise<void> {
  let hasArrived = false;
  const key = `round.${Math.random()}`;
  const consumer = await to.subscribeCopies(key, () => { hasArrived = true; });
  await from.publish(anOutgoing({ exchange: 'events', routingKey: 'round.trip', messageId: key, mandatory: false, bcc: [key] }));
  await expect.poll(() => hasArrived, WAIT).toBe(true);
  await consumer.stop();
}
