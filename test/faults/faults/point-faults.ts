import { type FaultPoint, faultPoints } from '@trunkline/runtime';

import { type InstanceName, instanceNames } from '../runner/cluster.js';
import type { FaultCase } from './fault-case.js';

const metWithinMs = 6_000;

/** Who comes to a point at all: steps are everybody's but the gateway's, each service has its own. */
const comesTo: readonly (readonly [prefix: string, victims: readonly InstanceName[]])[] = [
  ['intake.after-receive', ['provisioner', 'sbc-agent-1', 'sbc-agent-2', 'ovoc-sync']],
  ['intake.before-ack', ['provisioner', 'sbc-agent-1', 'sbc-agent-2', 'ovoc-sync']],
  ['intake.', ['sbc-agent-1', 'sbc-agent-2', 'ovoc-sync']],
  ['outbox.', ['provisioner', 'sbc-agent-1', 'sbc-agent-2', 'ovoc-sync']],
  ['results.', ['provisioner', 'sbc-agent-1', 'sbc-agent-2', 'ovoc-sync']],
  ['sbc-agent.', ['sbc-agent-1', 'sbc-agent-2']],
  ...instanceNames.map((name) => [`${name}.`, [name]] as const),
];

/** kill -9 at the named points of the services, once and three times in a row. */
export const pointFaults: readonly FaultCase[] = faultPoints.flatMap((point) => ([1, 3] as const).map((times): FaultCase => ({
  name: `die-at-${point.replaceAll('.', '-')}${times === 1 ? '' : '-thrice'}`, lane: 'processes',
  run: async ({ cluster }, random) => {
    const name = random.pick(victimsOf(point));
    let met = 0;
    for (let time = 0; time < times; time += 1) if (await cluster.dieAt(name, point, random.between(1, 3), metWithinMs)) met += 1;
    return met === 0 ? `${name}: no such call came to the point` : `${name} died there ${met} of ${times} times`;
  },
})));

function victimsOf(point: FaultPoint): readonly InstanceName[] {
  const [, victims] = comesTo.find(([prefix]) => point.startsWith(prefix)) ?? [];
  if (!victims) throw new Error(`nobody comes to ${point}`);
  return victims;
}
