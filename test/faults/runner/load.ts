import { setTimeout as delay } from 'node:timers/promises';

import { customerGuidOf, keyedDeploymentId } from '@trunkline/contracts';

import type { Wish } from '../checker/facts.js';
import type { Client, CreateOrder, DeleteOrder } from './client.js';
import type { Random } from './random.js';

export interface PlannedCustomer {
  readonly atMs: number;
  readonly order: CreateOrder;
  /** The same request again after this time, whatever became of the first. */
  readonly repeatAfterMs: number | undefined;
  /** It is removed this long after it was deployed. */
  readonly removeAfterMs: number | undefined;
}

const smallSbcTakes = 30;

/** Valid customers spread over the time, each with names of its own. `tenants` are known to Microsoft. */
export function planLoad(random: Random, count: number, withinMs: number, tenants: readonly string[]): readonly PlannedCustomer[] {
  return Array.from({ length: count }, (_unused, index): PlannedCustomer => {
    const sbcId = index < smallSbcTakes * 3 ? random.pick([3, 4, 5]) : random.pick([4, 5]);
    const shortName = `Load${index + 1}`;
    const body = {
      shortName, fullName: `Load test ${index + 1} Ltd`, siteLocation: { sbcId, sbcOnboardingScript: 7, sbcCleanupScript: 700 }, ovocCustomerType: 'IPGROUP_TYPE',
      msTenantId: random.pick(tenants),
    };
    return {
      atMs: Math.floor(index * withinMs / count),
      order: { kind: 'create', key: `load-${index + 1}`, body, isAsync: random.chance(0.3) },
      repeatAfterMs: random.chance(0.2) ? random.between(0, 4_000) : undefined,
      removeAfterMs: random.chance(0.2) ? random.between(0, 3_000) : undefined,
    };
  });
}

export interface Placed {
  readonly order: CreateOrder | DeleteOrder;
  readonly wish: Wish;
}

/** Drives the plan; resolves when every caller has his answer or his patience ended. */
export async function driveLoad(client: Client, plan: readonly PlannedCustomer[]): Promise<readonly Placed[]> {
  const placed = await Promise.all(plan.map(async ({ atMs, order, removeAfterMs, repeatAfterMs }): Promise<readonly Placed[]> => {
    await delay(atMs);
    const first = client.pursue(order);
    const again = repeatAfterMs === undefined ? undefined : delay(repeatAfterMs).then(() => client.pursue({ ...order, isAsync: false }));
    const wish = await first;
    const repeated = await again;
    const all: Placed[] = [{ order, wish: repeated ? { ...wish, attempts: [...wish.attempts, ...repeated.attempts] } : wish }];
    if (removeAfterMs !== undefined && wish.attempts.at(-1)?.text?.includes('"deploymentState":"Deployed"') === true) {
      await delay(removeAfterMs);
      const removal: DeleteOrder = {
        kind: 'delete', customerGuid: customerGuidOf(keyedDeploymentId('default', order.key)), shortName: order.body.shortName, sbcId: order.body.siteLocation.sbcId,
      };
      all.push({ order: removal, wish: await client.pursue(removal) });
    }
    return all;
  }));
  return placed.flat();
}
