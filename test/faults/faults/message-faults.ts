import { randomUUID } from 'node:crypto';

import { type DeploymentEventMessage, type ServiceName, serviceNames } from '@trunkline/contracts';

import type { Random } from '../runner/random.js';
import type { FaultCase, FaultContext } from './fault-case.js';

const workQueues = serviceNames;
const longText = 1_000_000;

/** A type that the service handles, so that only what is wrong is wrong. */
const handled: Readonly<Record<ServiceName, string>> = {
  'provisioner': 'trunkline.sbc.onboarded.v1', 'sbc-agent': 'trunkline.customer.created.v1', 'ovoc-sync': 'trunkline.ovoc.cleanup.requested.v1',
};

function envelope(type: string, id: string, data: object): object {
  return { specversion: '1.0', id, source: 'urn:stranger', type, subject: randomUUID(), time: new Date(0).toISOString(), datacontenttype: 'application/json', data };
}

/** Messages that nobody can handle. */
const poisons: Readonly<Record<string, (queue: ServiceName, id: string) => Buffer>> = {
  'no-json': () => Buffer.from('{"specversion":"1.0", here it breaks'),
  'no-utf8': () => Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28]),
  'empty': () => Buffer.alloc(0),
  'unknown-type': (_queue, id) => Buffer.from(JSON.stringify(envelope('trunkline.customer.teleported.v1', id, {}))),
  'unknown-version': (queue, id) => Buffer.from(JSON.stringify(envelope(handled[queue].replace(/v1$/, 'v99'), id, {}))),
  'wrong-data': (queue, id) => Buffer.from(JSON.stringify(envelope(handled[queue], id, { ticket: 'none', progress: 7 }))),
  'one-megabyte': (queue, id) => Buffer.from(JSON.stringify(envelope(handled[queue], id, { text: 'x'.repeat(longText) }))),
  'nul-text': (queue, id) => Buffer.from(JSON.stringify(envelope(handled[queue], id, { text: 'a\u0000b' }))),
};

/** What happens to messages on their way, and messages that are none of ours. */
export const messageFaults: readonly FaultCase[] = [
  {
    name: 'events-again', family: 'messages', lane: 'processes',
    run: async ({ cluster, tables }, random) => {
      const told = random.shuffled(await tables.told()).slice(0, 200);
      // Without a working broker there is nobody to tell.
      const copies = told.flatMap((body) => Array.from({ length: random.between(1, 2) }, () => JSON.parse(body) as DeploymentEventMessage));
      for (const event of copies) await cluster.broker.publishEvent(event);
      return `${told.length} old events, out of order`;
    },
  },
  {
    name: 'messages-repeated', family: 'messages', lane: 'processes',
    run: async ({ brokerTamperer }, random) => {
      const ms = random.between(2_000, 4_000);
      const count = await brokerTamperer.repeatAll(ms, (items) => random.shuffled(items), () => random.between(0, 30));
      return `${count} copies of what came in ${ms} ms, late and out of order`;
    },
  },
  ...workQueues.map((queue): FaultCase => ({
    name: `messages-delayed-${queue}`, family: 'messages', lane: 'processes',
    run: async ({ brokerTamperer }, random) => {
      const ms = random.between(1_500, 4_000);
      const count = await brokerTamperer.delayAndShuffle(queue, ms, (items) => random.shuffled(items));
      return `${count} messages came up to ${ms} ms late and out of order`;
    },
  })),
  ...Object.entries(poisons).map(([what, make]): FaultCase => ({
    name: `poison-${what}`, family: 'poison', lane: 'processes',
    run: async (stage, random) => inject(stage, random, what, make),
  })),
];

async function inject(
  { brokerTamperer, record }: FaultContext, random: Random, what: string, make: (queue: ServiceName, id: string) => Buffer,
): Promise<string> {
  const queues = random.shuffled(workQueues);
  for (const queue of queues) {
    const messageId = randomUUID();
    // Noted before: whatever breaks while it is sent, it may be there.
    record.injected.push({ messageId, service: queue, what });
    await brokerTamperer.put(queue, make(queue, messageId), messageId);
  }
  return `one for each of ${queues.join(', ')}`;
}
