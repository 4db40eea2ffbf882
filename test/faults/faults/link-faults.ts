import { setTimeout as delay } from 'node:timers/promises';

import type { Disturbance, FaultProxy } from '@trunkline/testing';

import { type InstanceName, instanceNames, withDatabase } from '../runner/instances.js';
import type { Random } from '../runner/random.js';
import type { FaultCase, FaultContext } from './fault-case.js';
import { recovered } from './measured.js';

const flapEveryMs = 200;
type Server = 'broker' | 'database';

const linksTo = ({ cluster }: FaultContext, server: Server, only?: readonly InstanceName[]): readonly FaultProxy[] => (
  server === 'broker' ? cluster.links.toBroker(only) : cluster.links.toDatabase(only)
);
const usersOf = (server: Server): readonly InstanceName[] => (server === 'broker' ? instanceNames : withDatabase);

/** Everything a network does but refusing, by name. Sizes reach from within the greeting to after some messages. */
const disturbances: Readonly<Record<string, (random: Random) => Disturbance>> = {
  'delayed': (random) => ({ kind: 'delay', ms: random.between(50, 400) }),
  'cut-in-requests': (random) => ({ kind: 'cut-after', of: 'requests', bytes: random.between(50, 3_000) }),
  'cut-in-replies': (random) => ({ kind: 'cut-after', of: 'replies', bytes: random.between(50, 3_000) }),
  'half-open': () => ({ kind: 'half-open' }),
  'black-hole': () => ({ kind: 'black-hole' }),
};

const peers = ['sbc', 'ovoc', 'microsoft'] as const;

/** What happens between the services and all others: broker, database and peers. */
export const linkFaults: readonly FaultCase[] = [
  ...(['broker', 'database'] as const).flatMap((server): readonly FaultCase[] => {
    const own = { family: `${server}-link`, lane: 'processes' } as const;
    return [
      { ...own, name: `${server}-flaps`, run: async (stage, random) => flap(linksTo(stage, server), random.between(2_000, 5_000)) },
      {
        ...own, name: `${server}-away`,
        run: async (stage, random) => `${await during(linksTo(stage, server), { kind: 'refuse' }, random.between(1_000, 6_000))}, ${await recovered(stage, server, `${server}-away`)}`,
      },
      {
        ...own, name: `${server}-away-for-one`,
        run: async (stage, random) => {
          const name = random.pick(usersOf(server));
          return `${name}: ${await during(linksTo(stage, server, [name]), { kind: 'refuse' }, random.between(1_000, 6_000))}`;
        },
      },
      {
        ...own, name: `${server}-silent`,
        run: async (stage, random) => {
          const [links, ms] = [linksTo(stage, server), random.between(1_000, 4_000)];
          for (const link of links) link.holdReplies();
          await delay(ms);
          for (const link of links) link.releaseReplies();
          return `said nothing for ${ms} ms`;
        },
      },
      ...Object.entries(disturbances).flatMap(([how, disturbance]): readonly FaultCase[] => [
        { ...own, name: `${server}-${how}`, run: async (stage, random) => during(linksTo(stage, server), disturbance(random), random.between(2_000, 6_000)) },
        {
          ...own, name: `${server}-${how}-for-one`,
          run: async (stage, random) => {
            const name = random.pick(usersOf(server));
            return `${name}: ${await during(linksTo(stage, server, [name]), disturbance(random), random.between(2_000, 8_000))}`;
          },
        },
      ]),
    ];
  }),
  ...peers.flatMap((peer) => [...Object.entries(disturbances), ['flaps', undefined] as const].map(([how, disturbance]): FaultCase => ({
    name: `${peer}-link-${how}`, family: 'peer-link', lane: 'peers',
    run: async ({ cluster: { links }, record, nextOrder, peers: { sbcIds } }, random) => {
      const sbcId = nextOrder()?.body.siteLocation.sbcId ?? random.pick(sbcIds);
      const link = peer === 'sbc' ? links.sbcs.get(sbcId) : links[peer];
      if (!link) throw new Error(`no link to ${peer}`);
      if (peer === 'sbc') record.befalls(`${peer}-link-${how}`, sbcId);
      const ms = random.between(1_500, 5_000);
      return `${peer === 'sbc' ? `SBC ${sbcId}: ` : ''}${await (disturbance ? during([link], disturbance(random), ms) : flap([link], ms))}`;
    },
  }))),
];

async function flap(links: readonly FaultProxy[], forMs: number): Promise<string> {
  const end = performance.now() + forMs;
  let times = 0;
  for (; performance.now() < end; times += 1) {
    for (const link of links) link.cut();
    await delay(flapEveryMs);
  }
  return `${times} cuts in ${forMs} ms`;
}

async function during(links: readonly FaultProxy[], disturbance: Disturbance, forMs: number): Promise<string> {
  for (const link of links) link.disturb(disturbance);
  try {
    await delay(forMs);
  } finally {
    for (const link of links) link.calm();
  }
  return `${JSON.stringify(disturbance)} for ${forMs} ms`;
}
