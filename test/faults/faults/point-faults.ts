import { setTimeout as delay } from 'node:timers/promises';

import { serviceNames, steps } from '@trunkline/contracts';
import { type FaultPoint, faultPoints } from '@trunkline/runtime';
import { eventually, type ServiceName } from '@trunkline/testing';

import { agents, services, standing } from '../runner/instances.js';
import type { Random } from '../runner/random.js';
import type { FaultCase, FaultContext } from './fault-case.js';
import { standStillNoted } from './measured.js';

const leaseMs = 15_000;
const metWithinMs = 8_000;
/** The other one may reach the point as well. */
const alsoMetWithinMs = 1_000;
const wakesForMs = 4_000;

/** Points of libraries are in each service that works by jobs; the provisioner's intake makes none. */
const victimsOf = (point: FaultPoint): readonly ServiceName[] => {
  const owner = point.split('.')[0];
  const service = services.find((name) => name === owner);
  if (service) return [service];
  return point === 'intake.before-commit' || point === 'intake.after-commit' ? steps.map((step) => step.service) : serviceNames;
};
const isUnmet = (said: string): boolean => said.endsWith('was not met');

/** Points at which standing still is worse than dying: what comes next is a write. */
const stopPoints = faultPoints.filter((point) => /^sbc-agent\.(?:after-lease|before-script|before-script-bytes|before-save|in-cleanup)$/.test(point));

/** kill -9 at named points of the services, once and three times in a row, and agents that stand still there for longer than their lease. */
export const pointFaults: readonly FaultCase[] = [
  ...faultPoints.flatMap((point) => victimsOf(point).flatMap((victim): readonly FaultCase[] => [
    {
      name: `die-${victim}-${point}`, family: 'kill-at-point', lane: 'processes',
      run: async (stage, random) => dieAt(stage, victim, `${point}:${random.between(1, 2)}`, random),
    },
    {
      name: `die-thrice-${victim}-${point}`, family: 'kill-at-point', lane: 'processes', isLong: true,
      run: async (stage, random) => {
        const said: string[] = [];
        // What did not come the first time will not come the third.
        for (let time = 0; time < 3 && !said.some(isUnmet); time += 1) said.push(await dieAt(stage, victim, point, random));
        return said.join('; ');
      },
    },
  ])),
  ...stopPoints.map((point): FaultCase => ({
    name: `stand-still-${point}`, family: 'pause', lane: 'processes', isLong: true,
    run: async (stage, random) => standStillAt(stage, point, random),
  })),
];

/** One of the two is prepared to die, so that the other one goes on, or both are. */
async function dieAt({ cluster }: FaultContext, victim: ServiceName, arming: string, random: Random): Promise<string> {
  const names = random.chance(0.5) ? standing[victim] : [random.pick(standing[victim])];
  try {
    const armed = await Promise.all(names.map((name) => cluster.arm(name, arming)));
    const hasDied = async (count: number, ms: number) => eventually(`${victim} to die`, () => armed.filter(({ isRunning }) => !isRunning).length >= count, ms).then(() => true, () => false);
    if (!await hasDied(1, metWithinMs)) return `${arming} was not met`;
    await hasDied(armed.length, alsoMetWithinMs);
    const exits = await Promise.all(armed.filter(({ isRunning }) => !isRunning).map(({ ended }) => ended));
    return `of ${names.join(' and ')} died ${exits.map(({ code, signal }) => signal ?? `with ${code ?? '?'}`).join(', ')} at ${arming}`;
  } finally {
    await Promise.all(names.map((name) => cluster.restart(name)));
  }
}

async function standStillAt(stage: FaultContext, point: FaultPoint, random: Random): Promise<string> {
  const [name, { cluster }] = [random.pick(agents), stage];
  try {
    const armed = await cluster.arm(name, `${point}:stop`);
    const isMet = await eventually(`${name} to stand still`, () => armed.isStandingStill, metWithinMs * 2).catch(() => false);
    if (!isMet) return `${point} was not met`;
    const ms = leaseMs + random.between(1_000, 3_000);
    await standStillNoted(stage, name, ms, () => { armed.signal('SIGCONT'); });
    await delay(wakesForMs);
    return `${name} stood still at ${point} for ${ms} ms`;
  } finally {
    await cluster.restart(name);
  }
}
