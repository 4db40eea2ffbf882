import { setTimeout as delay } from 'node:timers/promises';

import type { CallFilter } from '@trunkline/testing';

import { heldAtMostMs, type InstanceName, instanceNames, serviceOf } from '../runner/cluster.js';
import type { Random } from '../runner/random.js';
import type { FaultCase, Stage } from './fault-case.js';

const agents: readonly InstanceName[] = ['sbc-agent-1', 'sbc-agent-2'];
const leaseMs = 15_000;
const stopWithinMs = 25_000;

interface Moment {
  readonly victim: 'agents' | Exclude<InstanceName, 'sbc-agent-1' | 'sbc-agent-2'>;
  readonly call: CallFilter;
  readonly what: string;
}

const script: CallFilter = { peer: 'sbc', method: 'PUT', path: '/incremental' };
const save: CallFilter = { peer: 'sbc', method: 'POST', path: '/saveConfiguration' };
const creation = (resource: string): CallFilter => ({ peer: 'ovoc', method: 'POST', path: `/topology/${resource}` });

const moments: readonly Moment[] = [
  { victim: 'agents', call: script, what: 'script' },
  { victim: 'agents', call: save, what: 'save' },
  { victim: 'ovoc-sync', call: creation('lcCustomers'), what: 'OVOC customer' },
  { victim: 'ovoc-sync', call: creation('services'), what: 'OVOC service' },
  { victim: 'ovoc-sync', call: creation('sites'), what: 'OVOC site' },
  { victim: 'ovoc-sync', call: creation('links'), what: 'OVOC link' },
  { victim: 'ovoc-sync', call: { peer: 'ovoc', method: 'DELETE' }, what: 'OVOC removal' },
  { victim: 'provisioner', call: { peer: 'microsoft', method: 'GET' }, what: 'tenant check' },
  { victim: 'provisioner', call: script, what: 'script' },
  { victim: 'gateway', call: script, what: 'script' },
];

/** kill -9, hangs and restarts of the services' processes. */
export const processFaults: readonly FaultCase[] = [
  ...instanceNames.map((name): FaultCase => ({
    name: `kill-${name}`, lane: 'processes',
    run: async (stage, random) => killAndRestart(stage, name, random),
  })),
  ...instanceNames.map((name): FaultCase => ({
    name: `kill-thrice-${name}`, lane: 'processes',
    run: async (stage, random) => {
      const said: string[] = [];
      for (let time = 0; time < 3; time += 1) said.push(await killAndRestart(stage, name, random));
      return said.join('; ');
    },
  })),
  ...moments.flatMap((moment) => (['before', 'after'] as const).map((point): FaultCase => ({
    name: `kill-${moment.victim}-${point}-${moment.what.replaceAll(' ', '-').toLowerCase()}`, lane: 'processes',
    run: async (stage, random) => killAtCall(stage, moment, point, random),
  }))),
  {
    name: 'pause-agent', lane: 'processes',
    run: async ({ cluster }, random) => {
      const name = random.pick(agents);
      const pausedMs = leaseMs + random.between(1_000, 4_000);
      const goOn = cluster.freeze(name);
      // The pause is the fault.
      await delay(pausedMs);
      goOn();
      return `${name} stood still for ${pausedMs} ms`;
    },
  },
  ...instanceNames.map((name): FaultCase => ({
    name: `stop-${name}`, lane: 'processes',
    run: async ({ cluster, notice }) => {
      const startedAt = performance.now();
      const exit = await cluster.ask(name);
      const tookMs = Math.round(performance.now() - startedAt);
      if (exit.code !== 0 || tookMs > stopWithinMs) notice(`${name} ended with ${exit.code ?? exit.signal ?? 'nothing'} ${tookMs} ms after SIGTERM`);
      await cluster.restart(name);
      return `${name} ended in ${tookMs} ms`;
    },
  })),
];

async function killAndRestart({ cluster }: Stage, name: InstanceName, random: Random): Promise<string> {
  await cluster.kill(name);
  const awayMs = random.between(0, 1_000);
  await delay(awayMs);
  await cluster.restart(name);
  return `${name} was away for ${awayMs} ms and a start`;
}

/** Kills who waits for a call's answer, while the peer has not carried it out yet, or has and has not said so. */
async function killAtCall({ cluster, simulators }: Stage, { call, victim }: Moment, point: 'before' | 'after', random: Random): Promise<string> {
  const since = await simulators.mark();
  const match = { ...(call.method === undefined ? {} : { method: call.method }), ...(call.path === undefined ? {} : { pathContains: call.path }) };
  const remove = await simulators.fault({ peer: call.peer, kind: `hold-${point}`, times: 1, match });
  try {
    const held = await simulators.waitForCall(call, { since, deadlineMs: 4_000 }).catch(() => undefined);
    if (!held) return 'no such call came';
    // Which of the agents made it, nobody outside can tell.
    const victims = victim === 'agents' ? agents : [victim];
    await Promise.all(victims.map((name) => cluster.kill(name)));
    const heldMs = random.between(0, heldAtMostMs / 2);
    await delay(heldMs);
    await simulators.release();
    await Promise.all(victims.map((name) => cluster.restart(name)));
    return `${victims.map(serviceOf).join(', ')} died at ${call.method ?? ''} ${held.path} (call ${held.seq}, held ${heldMs} ms more)`;
  } finally {
    await remove().catch(() => undefined);
    await simulators.release();
  }
}
