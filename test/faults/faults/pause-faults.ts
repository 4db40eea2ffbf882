import { setTimeout as delay } from 'node:timers/promises';

import type { ServiceName } from '@trunkline/testing';

import { type InstanceName, ovocClaimMs, ovocTimeoutMs, standing } from '../runner/instances.js';
import type { Random } from '../runner/random.js';
import type { FaultCase, FaultContext } from './fault-case.js';
import { creations } from './peer-faults.js';
import { creation, stopNoted } from './process-faults.js';

/** The other one has taken over by then what the one that stands still had begun. */
const pastClaim = (random: Random): number => ovocClaimMs + random.between(500, 2_500);
/** The broker has given up on whoever stands still by then. */
const pastHeartbeat = (random: Random): number => random.between(20_000, 30_000);

const withoutLease = ['gateway', 'provisioner', 'ovoc-sync'] as const satisfies readonly ServiceName[];
const longPauses = { 'gateway': pastHeartbeat, 'provisioner': pastHeartbeat, 'ovoc-sync': pastClaim } as const;

/** Those without a lease stand still and wake: one of the two briefly, and for so long that the other one does its work; or both. */
export const pauseFaults: readonly FaultCase[] = [
  ...withoutLease.flatMap((service): readonly FaultCase[] => [
    {
      name: `pause-${service}-briefly`, family: 'pause', lane: 'processes',
      run: async (stage, random) => standStill(stage, [random.pick(standing[service])], async () => { await delay(random.between(1_000, 3_000)); }),
    },
    {
      name: `pause-${service}`, family: 'pause', lane: 'processes', isLong: true,
      run: async (stage, random) => standStill(stage, [random.pick(standing[service])], async () => { await delay(longPauses[service](random)); }),
    },
  ]),
  {
    name: 'pause-both-ovoc-sync', family: 'pause', lane: 'processes',
    run: async (stage, random) => standStill(stage, standing['ovoc-sync'], async () => { await delay(pastClaim(random)); }),
  },
  ...creations.flatMap((resource) => (['before', 'after'] as const).flatMap((point): readonly FaultCase[] => {
    const at = `ovoc-sync-${point}-${resource.toLowerCase()}`;
    return [
      {
        name: `pause-both-${at}`, family: 'pause', lane: 'processes',
        run: async (stage, random) => standStillAtCreation(stage, standing['ovoc-sync'], { resource, point }, random, async () => { await delay(pastClaim(random)); }),
      },
      {
        name: `pause-${at}`, family: 'pause', lane: 'processes', isLong: true,
        run: async (stage, random) => withoutTheOther(stage, random, async (name, come) => (
          standStillAtCreation(stage, [name], { resource, point }, random, async () => {
            // Not before, so that it is known who made the call.
            await come();
            await delay(pastClaim(random));
          })
        )),
      },
    ];
  })),
];

/** Stops them in mid-air for as long as `meanwhile` takes. */
async function standStill({ cluster }: FaultContext, names: readonly InstanceName[], meanwhile: () => Promise<void>): Promise<string> {
  const startedAt = performance.now();
  const goOn = names.map((name) => cluster.freeze(name));
  try {
    await meanwhile();
  } finally {
    for (const each of goOn) each();
  }
  return `${names.join(' and ')} stood still for ${Math.round(performance.now() - startedAt)} ms`;
}

interface Creation {
  readonly resource: string;
  readonly point: 'before' | 'after';
}

/** They stand still while OVOC has a creation of theirs, not carried out yet or carried out and not answered; OVOC goes on long before they wake. */
async function standStillAtCreation(
  stage: FaultContext, names: readonly InstanceName[], { point, resource }: Creation, random: Random, meanwhile: () => Promise<void>,
): Promise<string> {
  const { simulators } = stage;
  const since = await simulators.mark();
  const remove = await simulators.fault({ peer: 'ovoc', kind: `hold-${point}`, times: 1, match: { method: 'POST', pathContains: `/topology/${resource}` } });
  try {
    const held = await simulators.waitForCall(creation(resource), { since, deadlineMs: 4_000 }).catch(() => undefined);
    if (!held) return 'no such call came';
    const heldMs = random.between(0, ovocTimeoutMs / 2);
    const said = await standStill(stage, names, async () => {
      await delay(heldMs);
      await simulators.release();
      await meanwhile();
    });
    return `${said} at POST ${held.path} (call ${held.seq}, held ${heldMs} ms more)`;
  } finally {
    await remove().catch(() => undefined);
    await simulators.release();
  }
}

/** One ovoc-sync is asked to end and stays away until the work lets it `come`, or has ended. */
async function withoutTheOther(stage: FaultContext, random: Random, work: (name: InstanceName, come: () => Promise<void>) => Promise<string>): Promise<string> {
  const { cluster } = stage;
  const [name, other] = random.shuffled(standing['ovoc-sync']);
  if (!name || !other) throw new Error('there are not two');
  const said = [await stopNoted(stage, other)];
  const come = async (): Promise<void> => { if (!cluster.isUp(other)) await cluster.restart(other); };
  try {
    said.push(await work(name, come));
  } finally {
    await come();
  }
  return said.join('; ');
}
