import { setTimeout as delay } from 'node:timers/promises';

import type { CallFilter, Exit, PeerCall, ServiceName } from '@trunkline/testing';

import { agents, agentTimeoutMs, heldAtMostMs, type InstanceName, instanceNames, services, standing } from '../runner/instances.js';
import type { Random } from '../runner/random.js';
import type { FaultCase, FaultContext } from './fault-case.js';
import { killNoted, standStillNoted } from './measured.js';

const leaseMs = 15_000;

interface Moment {
  readonly victim: ServiceName;
  readonly call: CallFilter;
  readonly what: string;
}

const script: CallFilter = { peer: 'sbc', method: 'PUT', path: '/incremental' };
const save: CallFilter = { peer: 'sbc', method: 'POST', path: '/saveConfiguration' };
export const creation = (resource: string): CallFilter => ({ peer: 'ovoc', method: 'POST', path: `/topology/${resource}` });

const moments: readonly Moment[] = [
  { victim: 'sbc-agent', call: script, what: 'script' },
  { victim: 'sbc-agent', call: save, what: 'save' },
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
  ...services.flatMap((service): readonly FaultCase[] => [
    {
      name: `kill-${service}`, family: 'kill', lane: 'processes',
      run: async (stage, random) => killAndRestart(stage, random.pick(standing[service]), random),
    },
    {
      name: `kill-both-${service}`, family: 'kill', lane: 'processes',
      run: async (stage, random) => {
        const awayMs = random.between(0, 1_000);
        await Promise.all(standing[service].map((name) => stage.cluster.kill(name)));
        await delay(awayMs);
        await Promise.all(standing[service].map((name) => stage.cluster.restart(name)));
        return `${standing[service].join(' and ')} were away for ${awayMs} ms and a start`;
      },
    },
    {
      name: `kill-thrice-${service}`, family: 'kill', lane: 'processes', isLong: true,
      run: async (stage, random) => {
        const [name, said] = [random.pick(standing[service]), [] as string[]];
        for (let time = 0; time < 3; time += 1) said.push(await killAndRestart(stage, name, random));
        return said.join('; ');
      },
    },
  ]),
  ...moments.flatMap((moment) => (['before', 'after'] as const).map((point): FaultCase => ({
    name: `kill-${moment.victim}-${point}-${moment.what.replaceAll(' ', '-').toLowerCase()}`, family: 'kill-at-call', lane: 'processes',
    run: async (stage, random) => killAtCall(stage, moment, point, random),
  }))),
  {
    name: 'pause-agent', family: 'pause', lane: 'processes', isLong: true,
    // Long enough to see that another one takes over in time.
    run: async (stage, random) => standStill(stage, random.pick(agents), leaseMs + agentTimeoutMs + random.between(2_500, 4_500)),
  },
  {
    name: 'pause-agent-briefly', family: 'pause', lane: 'processes',
    run: async (stage, random) => standStill(stage, random.pick(agents), random.between(1_000, 4_000)),
  },
  ...services.map((service): FaultCase => ({
    name: `stop-${service}`, family: 'stop', lane: 'processes',
    run: async (stage, random) => stopAndRestart(stage, random.pick(standing[service])),
  })),
  {
    name: 'rolling-restart', family: 'stop', lane: 'processes', isLong: true,
    run: async (stage, random) => {
      const said: string[] = [];
      for (const name of random.shuffled(instanceNames)) said.push(await stopAndRestart(stage, name));
      return said.join('; ');
    },
  },
  {
    name: 'kill-all-services', family: 'everything', lane: 'processes',
    run: async (stage, random) => {
      await Promise.all(instanceNames.map((name) => stage.cluster.kill(name)));
      await delay(random.between(0, 1_000));
      await Promise.all(instanceNames.map((name) => stage.cluster.restart(name)));
      return `all ${instanceNames.length}`;
    },
  },
  {
    name: 'clock-two-days-ahead', family: 'clock', lane: 'processes', needs: ['clock'],
    run: async ({ clockLibrary = '', cluster }, random) => {
      const [name, ms] = [random.pick(agents), random.between(6_000, 12_000)];
      // Intervals are measured as ever: only the time of day is another one.
      const clock = { LD_PRELOAD: clockLibrary, FAKETIME: '+2d', FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' };
      await cluster.restart(name, clock);
      await delay(ms);
      await cluster.restart(name);
      return `${name} for ${ms} ms`;
    },
  },
];

export async function stopAndRestart(stage: FaultContext, name: InstanceName): Promise<string> {
  const said = await stopNoted(stage, name);
  await stage.cluster.restart(name);
  return said;
}

/** SIGTERM; it does not come back by itself. */
export async function stopNoted(stage: FaultContext, name: InstanceName): Promise<string> {
  return (await asked(stage, name)).note();
}

/** SIGTERM, and how it ended; `note` is for one that ended by itself. */
export async function asked({ cluster, record }: FaultContext, name: InstanceName): Promise<{ readonly exit: Exit; readonly note: () => string }> {
  const atMs = Date.now();
  const startedAt = performance.now();
  const exit = await cluster.ask(name);
  const tookMs = Math.round(performance.now() - startedAt);
  const note = (): string => {
    if (exit.code !== 0) record.notice(`${name} ended with ${exit.code ?? exit.signal ?? 'nothing'} ${tookMs} ms after SIGTERM`);
    record.shutdowns.push({ instance: name, atMs, tookMs });
    return `${name} ended in ${tookMs} ms`;
  };
  return { exit, note };
}

async function standStill(stage: FaultContext, name: InstanceName, pausedMs: number): Promise<string> {
  await standStillNoted(stage, name, pausedMs, stage.cluster.freeze(name));
  return `${name} stood still for ${pausedMs} ms`;
}

async function killAndRestart(stage: FaultContext, name: InstanceName, random: Random): Promise<string> {
  await killNoted(stage, name, 'kill');
  const awayMs = random.between(0, 1_000);
  await delay(awayMs);
  await stage.cluster.restart(name);
  return `${name} was away for ${awayMs} ms and a start`;
}

/** Kills one or both who may wait for a call's answer, while the peer has not carried it out yet, or has and has not said so. */
async function killAtCall(stage: FaultContext, { call, victim }: Moment, point: 'before' | 'after', random: Random): Promise<string> {
  const { cluster, simulators } = stage;
  const since = await simulators.mark();
  const match = { ...(call.method === undefined ? {} : { method: call.method }), ...(call.path === undefined ? {} : { pathContains: call.path }) };
  const remove = await simulators.fault({ peer: call.peer, kind: `hold-${point}`, times: 1, match });
  try {
    const held = await simulators.waitForCall(call, { since, deadlineMs: 4_000 }).catch(() => undefined);
    if (!held) return 'no such call came';
    const victims = random.chance(0.5) ? standing[victim] : [await makerOf(held, victim, stage) ?? random.pick(standing[victim])];
    await Promise.all(victims.map((name) => cluster.kill(name)));
    const heldMs = random.between(0, heldAtMostMs / 2);
    await delay(heldMs);
    await simulators.release();
    await Promise.all(victims.map((name) => cluster.restart(name)));
    return `${victims.join(' and ')} died at ${call.method ?? ''} ${held.path} (call ${held.seq}, held ${heldMs} ms more)`;
  } finally {
    await remove().catch(() => undefined);
    await simulators.release();
  }
}

/** An SBC's lease tells which agent calls it; of other calls nobody outside can tell. */
async function makerOf({ id }: PeerCall, service: ServiceName, { cluster, tables }: FaultContext): Promise<InstanceName | undefined> {
  if (service !== 'sbc-agent' || id === undefined) return undefined;
  return cluster.holderCalled(await tables.holderOf(id).catch(() => undefined));
}
