import { setTimeout as delay } from 'node:timers/promises';

import { serviceNames } from '@trunkline/contracts';
import { eventually } from '@trunkline/testing';

import { databaseUrlOf, instanceNames, withDatabase } from '../runner/instances.js';
import type { Random } from '../runner/random.js';
import type { FaultCase, FaultContext } from './fault-case.js';
import { recovered } from './measured.js';

const replacedWithinMs = 90_000;
const workQueues = serviceNames;

/** What happens to the broker and the database themselves. */
export const serverFaults: readonly FaultCase[] = [
  {
    name: 'broker-killed', family: 'broker', lane: 'processes', needs: ['broker'],
    run: async (stage, random) => outage(stage, 'broker', 'broker-killed', 'broker kill', 'broker start', random.between(0, 4_000)),
  },
  {
    name: 'broker-killed-after-declaration', family: 'broker', lane: 'processes', needs: ['broker'], isLong: true,
    run: async (stage, random) => {
      const queue = random.pick(workQueues);
      await stage.cluster.broker.deleteQueue(queue);
      await stage.cluster.broker.declared(queue);
      // RabbitMQ 3.10 does not know how to bring back a quorum queue this young: its service waits for half a minute before it replaces it.
      await command(stage, 'broker kill');
      await command(stage, 'broker start');
      await eventually(`the services to be of use again after ${queue} did not come back`, () => stage.cluster.isReady(), replacedWithinMs);
      return `${queue} declared anew`;
    },
  },
  {
    name: 'broker-restarted', family: 'broker', lane: 'processes', needs: ['broker'],
    run: async (stage) => {
      await command(stage, 'broker restart');
      return recovered(stage, 'broker', 'broker-restarted');
    },
  },
  {
    name: 'broker-data-lost', family: 'broker', lane: 'processes', needs: ['broker'],
    run: async (stage, random) => {
      const said = await outage(stage, 'broker', 'broker-data-lost', 'broker kill', 'broker wipe-and-start', random.between(0, 2_000));
      await forgotten(stage);
      return said;
    },
  },
  ...(['disk', 'memory'] as const).map((what): FaultCase => ({
    name: `broker-${what}-full`, family: 'broker', lane: 'processes', needs: ['broker'],
    run: async (stage, random) => {
      const ms = random.between(3_000, 10_000);
      await command(stage, `broker ${what}-alarm on`);
      try {
        await delay(ms);
      } finally {
        await command(stage, `broker ${what}-alarm off`);
      }
      return `publishers waited for ${ms} ms`;
    },
  })),
  {
    name: 'database-restarted-at-once', family: 'database', lane: 'processes', needs: ['database'],
    run: async (stage, random) => outage(stage, 'database', 'database-restarted-at-once', 'database stop-at-once', 'database start', random.between(0, 3_000)),
  },
  {
    name: 'database-killed', family: 'database', lane: 'processes', needs: ['database'],
    run: async (stage, random) => outage(stage, 'database', 'database-killed', 'database kill', 'database start', random.between(0, 3_000)),
  },
  {
    name: 'everything-killed-at-once', family: 'everything', lane: 'processes', needs: ['broker', 'database'],
    run: async (stage, random) => {
      await Promise.all([...instanceNames.map((name) => stage.cluster.kill(name)), command(stage, 'broker kill'), command(stage, 'database kill')]);
      await delay(random.between(0, 1_000));
      // Whoever starts first meets servers that are not there yet.
      await Promise.all([...instanceNames.map((name) => stage.cluster.restart(name)), command(stage, 'database start'), command(stage, 'broker start')]);
      return `all services, broker and database, ${await recovered(stage, 'broker', 'everything-killed-at-once')}`;
    },
  },
  {
    name: 'database-sessions-ended', family: 'database', lane: 'processes',
    run: async ({ tables }, random) => {
      const times = random.between(1, 4);
      for (let time = 0; time < times; time += 1) {
        await tables.endSessions();
        await delay(random.between(100, 800));
      }
      return `${times} times`;
    },
  },
  {
    name: 'database-full-of-sessions', family: 'database', lane: 'processes',
    run: async ({ cluster, tables }, random) => {
      // First taken, then ended: whoever wants to come back finds no room.
      const urls = [...new Set(withDatabase.flatMap((name) => databaseUrlOf(cluster.database, name) ?? []))];
      const [first, ms] = [await tables.occupy(urls.slice(0, 1)), random.between(2_000, 6_000)];
      await tables.endSessions('occupied');
      const second = await tables.occupy(urls);
      await delay(ms);
      await Promise.all([first.release(), second.release()]);
      return `${first.held} and ${second.held} sessions held for ${ms} ms`;
    },
  },
  ...['sbc_agent.job', 'sbc_agent.device_lease', 'ovoc_sync.job', 'provisioner.deployment', 'provisioner.outbox'].map((table): FaultCase => ({
    name: `database-locked-${table}`, family: 'database', lane: 'processes',
    run: async ({ tables }, random) => {
      const ms = random.between(2_500, 6_000);
      await tables.lockFor(table, ms);
      return `for ${ms} ms`;
    },
  })),
  {
    name: 'queue-deleted', family: 'broker', lane: 'processes',
    run: async (stage, random: Random) => {
      const queue = random.pick(workQueues);
      await stage.cluster.broker.deleteQueue(queue);
      return queue;
    },
  },
  {
    // RabbitMQ 3.10 then hands its messages to consumers who get none, until they consume anew.
    name: 'queue-recreated', family: 'broker', lane: 'processes',
    run: async (stage, random: Random) => {
      const queue = random.pick(workQueues);
      await stage.cluster.broker.recreateQueue(queue);
      return queue;
    },
  },
  {
    name: 'broker-wiped', family: 'broker', lane: 'processes',
    run: async (stage) => {
      await stage.cluster.broker.wipe();
      await forgotten(stage);
      return 'all queues and exchanges';
    },
  },
];

async function command({ servers }: FaultContext, text: string): Promise<void> {
  if (!servers) throw new Error('the servers are not ours');
  await servers.do(text);
}

async function outage(stage: FaultContext, server: 'broker' | 'database', fault: string, down: string, up: string, awayMs: number): Promise<string> {
  await command(stage, down);
  try {
    await delay(awayMs);
  } finally {
    await command(stage, up);
  }
  return `away for ${awayMs} ms and a start, ${await recovered(stage, server, fault)}`;
}

/** Dead letters that were only on the broker are gone with it. */
async function forgotten({ record, tables }: FaultContext): Promise<void> {
  record.brokerForgot(new Set((await tables.deadLetters()).map(({ messageId }) => messageId)));
}
