import { setTimeout as delay } from 'node:timers/promises';

import type { Fault, ServiceName } from '@trunkline/testing';

import { type InstanceName, longDrain, serviceOf, services, standing } from '../runner/instances.js';
import type { Random } from '../runner/random.js';
import type { FaultCase, FaultContext } from './fault-case.js';
import { killNoted, sbcsAtWork } from './measured.js';
import { script } from './peer-faults.js';
import { asked, stopNoted } from './process-faults.js';

/** Late answers, but none that anybody gives up on: a process that is asked to end has something to end. */
const slowPeers: Readonly<Record<ServiceName, Fault>> = {
  'gateway': { peer: 'sbc', kind: 'latency', match: script, params: { ms: 2_000 } },
  'provisioner': { peer: 'microsoft', kind: 'latency', params: { ms: 1_500 } },
  'sbc-agent': { peer: 'sbc', kind: 'latency', match: script, params: { ms: 2_000 } },
  'ovoc-sync': { peer: 'ovoc', kind: 'latency', match: { method: 'POST' }, params: { ms: 1_000 } },
};
const worksForMs = { least: 500, most: 2_000 } as const;
const killedAfterMs = { least: 50, most: 1_500 } as const;

/** SIGTERM to one of the two, which may take its time to end what it has begun: it does, or kill -9 comes first. Then there is a new process in its place. */
export const drainFaults: readonly FaultCase[] = services.flatMap((service) => [false, true].map((isKilled): FaultCase => ({
  name: `drain-${service}${isKilled ? '-then-kill' : ''}`, family: 'drain', lane: 'processes',
  run: async (stage, random) => drain(stage, random.pick(standing[service]), isKilled, random),
})));

async function drain(stage: FaultContext, name: InstanceName, isKilled: boolean, random: Random): Promise<string> {
  const { cluster, peers } = stage;
  await stopNoted(stage, name);
  await cluster.restart(name, longDrain);
  const faultId = await peers.addFault(slowPeers[serviceOf(name)]);
  try {
    await delay(random.between(worksForMs.least, worksForMs.most));
    await sbcsAtWork(stage, name);
    return `with a long drain ${await (isKilled ? killInDrain(stage, name, random) : stopNoted(stage, name))}`;
  } finally {
    await peers.removeFault(faultId);
    await cluster.restart(name);
  }
}

async function killInDrain(stage: FaultContext, name: InstanceName, random: Random): Promise<string> {
  const end = asked(stage, name);
  const afterMs = random.between(killedAfterMs.least, killedAfterMs.most);
  await delay(afterMs);
  await killNoted(stage, name, 'drain', 0);
  return end.then(({ exit, note }) => (exit.signal === 'SIGKILL' ? `${name} was killed ${afterMs} ms after SIGTERM` : `${note()}, before it could be killed`));
}
