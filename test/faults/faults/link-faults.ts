import { setTimeout as delay } from 'node:timers/promises';

import type { DeploymentEventMessage } from '@trunkline/contracts';
import type { TcpProxy } from '@trunkline/testing';

import { type InstanceName, instanceNames } from '../runner/cluster.js';
import type { FaultCase } from './fault-case.js';

const workQueues = ['provisioner', 'sbc-agent', 'ovoc-sync'] as const;
const withDatabase = instanceNames.filter((name) => name !== 'gateway');
const flapEveryMs = 200;

/** What happens between the services and their broker and database, and to what these hold for them. */
export const linkFaults: readonly FaultCase[] = [
  {
    name: 'broker-flaps', lane: 'processes',
    run: async ({ cluster }, random) => flap(cluster.brokerLinks(), random.between(2_000, 5_000)),
  },
  {
    name: 'broker-away', lane: 'processes',
    run: async ({ cluster }, random) => away(cluster.brokerLinks(), random.between(1_000, 6_000)),
  },
  {
    name: 'broker-away-for-one', lane: 'processes',
    run: async ({ cluster }, random) => {
      const name: InstanceName = random.pick(instanceNames);
      return `${name}: ${await away(cluster.brokerLinks([name]), random.between(1_000, 6_000))}`;
    },
  },
  {
    name: 'broker-silent', lane: 'processes',
    run: async ({ cluster }, random) => {
      const links = cluster.brokerLinks();
      const ms = random.between(1_000, 4_000);
      for (const link of links) link.holdReplies();
      await delay(ms);
      for (const link of links) link.releaseReplies();
      return `said nothing for ${ms} ms`;
    },
  },
  {
    name: 'database-flaps', lane: 'processes',
    run: async ({ cluster }, random) => flap(cluster.databaseLinks(), random.between(1_000, 3_000)),
  },
  {
    name: 'database-away', lane: 'processes',
    run: async ({ cluster }, random) => away(cluster.databaseLinks(), random.between(1_000, 4_000)),
  },
  {
    name: 'database-away-for-one', lane: 'processes',
    run: async ({ cluster }, random) => {
      const name = random.pick(withDatabase);
      return `${name}: ${await away(cluster.databaseLinks([name]), random.between(1_000, 6_000))}`;
    },
  },
  {
    name: 'database-sessions-ended', lane: 'processes',
    run: async ({ ledgers }, random) => {
      const times = random.between(1, 4);
      for (let time = 0; time < times; time += 1) {
        await ledgers.endSessions();
        await delay(random.between(100, 800));
      }
      return `${times} times`;
    },
  },
  {
    name: 'queue-deleted', lane: 'processes',
    run: async ({ cluster }, random) => {
      const queue = random.pick(workQueues);
      await cluster.broker.deleteQueue(queue);
      return queue;
    },
  },
  { name: 'broker-wiped', lane: 'processes', run: async ({ cluster }) => { await cluster.broker.wipe(); return 'all queues and exchanges'; } },
  {
    name: 'events-again', lane: 'processes',
    run: async ({ cluster, ledgers }, random) => {
      const told = random.shuffled(await ledgers.told()).slice(0, 200);
      // Without a working broker there is nobody to tell.
      const copies = told.flatMap((body) => Array.from({ length: random.between(1, 2) }, () => JSON.parse(body) as DeploymentEventMessage));
      for (const event of copies) await cluster.broker.publishEvent(event);
      return `${told.length} old events, out of order`;
    },
  },
];

async function flap(links: readonly TcpProxy[], forMs: number): Promise<string> {
  const end = performance.now() + forMs;
  let times = 0;
  for (; performance.now() < end; times += 1) {
    for (const link of links) link.cut();
    await delay(flapEveryMs);
  }
  return `${times} cuts in ${forMs} ms`;
}

async function away(links: readonly TcpProxy[], forMs: number): Promise<string> {
  for (const link of links) link.refuse();
  await delay(forMs);
  for (const link of links) link.allow();
  return `away for ${forMs} ms`;
}
