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

/** A small appliance, with room for few. */
const smallSbc = 3;
const smallSbcTakes = 30;

export interface LoadSize {
  readonly count: number;
  readonly withinMs: number;
  readonly sbcIds: readonly number[];
  /** Known to Microsoft. */
  readonly tenants: readonly string[];
}

/** Valid customers spread over the time, each with names of its own. */
export function planLoad(random: Random, { count, sbcIds, tenants, withinMs }: LoadSize): readonly PlannedCustomer[] {
  const roomy = sbcIds.filter((id) => id !== smallSbc);
  return Array.from({ length: count }, (_unused, index): PlannedCustomer => {
    const sbcId = index < smallSbcTakes * sbcIds.length ? random.pick(sbcIds) : random.pick(roomy);
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

/** A customer whose creation begins so soon that he can still be hindered, and not before. */
export function nextOf(plan: readonly PlannedCustomer[], sinceStartMs: number): CreateOrder | undefined {
  return plan.find(({ atMs }) => atMs > sinceStartMs + soonMs)?.order;
}

const soonMs = 500;

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

const askersAtOnce = 16;

/** What every caller is told now, and about his task. */
export async function askedAgain(client: Client, placed: readonly Placed[]): Promise<readonly Wish[]> {
  const answers: Wish[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: askersAtOnce }, async () => {
    for (let index = next++; index < placed.length; index = next++) {
      const { order, wish } = placed[index] ?? {};
      if (order && wish) answers[index] = await client.ask(wish, order);
    }
  }));
  return answers;
}
