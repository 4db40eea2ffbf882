import { setTimeout as delay } from 'node:timers/promises';

import { furtherOvocSync, ovocClaimMs, ovocTimeoutMs } from '../runner/instances.js';
import type { Random } from '../runner/random.js';
import type { FaultCase, Stage } from './fault-case.js';
import { creations } from './peer-faults.js';
import { creation, stopNoted } from './process-faults.js';

type Paused = 'ovoc-sync' | 'provisioner';

/** The other one has taken over by then what the one that stands still had begun. */
const pastClaim = (random: Random): number => ovocClaimMs + random.between(500, 2_500);

/** Those that work by claims stand still and wake: briefly, beyond their claim, and while another one does their work. */
export const pauseFaults: readonly FaultCase[] = [
  ...(['ovoc-sync', 'provisioner'] as const).map((name): FaultCase => ({
    name: `pause-${name}-briefly`, family: 'pause', lane: 'processes',
    run: async (stage, random) => standStill(stage, name, async () => { await delay(random.between(1_000, 3_000)); }),
  })),
  {
    name: 'pause-ovoc-sync', family: 'pause', lane: 'processes',
    run: async (stage, random) => standStill(stage, 'ovoc-sync', async () => { await delay(pastClaim(random)); }),
  },
  {
    name: 'pause-ovoc-sync-beside-another', family: 'pause', lane: 'processes', isLong: true,
    run: async (stage, random) => withAnother(stage, random, async (come) => {
      await come();
      // Both have work before one of them stands still.
      await delay(random.between(500, 1_500));
      return standStill(stage, 'ovoc-sync', async () => { await delay(pastClaim(random)); });
    }),
  },
  ...creations.flatMap((resource) => (['before', 'after'] as const).flatMap((point): readonly FaultCase[] => {
    const name = `pause-ovoc-sync-${point}-${resource.toLowerCase()}`;
    return [
      {
        name, family: 'pause', lane: 'processes',
        run: async (stage, random) => standStillAtCreation(stage, resource, point, random, async () => { await delay(pastClaim(random)); }),
      },
      {
        name: `${name}-beside-another`, family: 'pause', lane: 'processes', isLong: true,
        run: async (stage, random) => withAnother(stage, random, async (come) => standStillAtCreation(stage, resource, point, random, async () => {
          // Not before, so that it is known who made the call.
          await come();
          await delay(pastClaim(random));
        })),
      },
    ];
  })),
];

/** Stops it in mid-air for as long as `meanwhile` takes. */
async function standStill({ cluster }: Stage, name: Paused, meanwhile: () => Promise<void>): Promise<string> {
  const startedAt = performance.now();
  const goOn = cluster.freeze(name);
  try {
    await meanwhile();
  } finally {
    goOn();
  }
  return `${name} stood still for ${Math.round(performance.now() - startedAt)} ms`;
}

/** It stands still while OVOC has a creation of its, not carried out yet or carried out and not answered; OVOC goes on long before it wakes. */
async function standStillAtCreation(
  stage: Stage, resource: string, point: 'before' | 'after', random: Random, meanwhile: () => Promise<void>,
): Promise<string> {
  const { simulators } = stage;
  const since = await simulators.mark();
  const remove = await simulators.fault({ peer: 'ovoc', kind: `hold-${point}`, times: 1, match: { method: 'POST', pathContains: `/topology/${resource}` } });
  try {
    const held = await simulators.waitForCall(creation(resource), { since, deadlineMs: 4_000 }).catch(() => undefined);
    if (!held) return 'no such call came';
    const heldMs = random.between(0, ovocTimeoutMs / 2);
    const said = await standStill(stage, 'ovoc-sync', async () => {
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

/** `come` starts a second ovoc-sync; it ends some time after the work, so that both go on beside each other. */
async function withAnother(stage: Stage, random: Random, work: (come: () => Promise<void>) => Promise<string>): Promise<string> {
  const { cluster } = stage;
  const said: string[] = [];
  try {
    said.push(await work(async () => cluster.restart(furtherOvocSync)));
    if (cluster.isUp(furtherOvocSync)) await delay(random.between(500, 2_000));
  } finally {
    if (cluster.isUp(furtherOvocSync) && random.chance(0.5)) said.push(await stopNoted(stage, furtherOvocSync));
    else await cluster.kill(furtherOvocSync);
  }
  return said.join('; ');
}
