import { setTimeout as delay } from 'node:timers/promises';

import { type ExamplePair, sampleParameters } from '../../devices/example-pairs.js';
import type { AskedAction, ClientRequest } from '../checker/facts.js';
import { type Client, type CreateOrder, type DeleteOrder, deploymentIdOf, removalOf } from './client.js';
import type { Random } from './random.js';

/** Somebody wants it undone while it may still run, or before anybody has heard of it. */
export interface Hindrance {
  readonly kind: 'cancel' | 'delete';
  /** From when the create was sent. */
  readonly afterMs: number;
  /** Two callers at once. */
  readonly isTwice: boolean;
}

export interface PlannedCustomer {
  readonly atMs: number;
  readonly order: CreateOrder;
  /** The same request again after this time, whatever became of the first. */
  readonly repeatAfterMs: number | undefined;
  /** It is removed this long after it was deployed. */
  readonly removeAfterMs: number | undefined;
  readonly hindrance: Hindrance | undefined;
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
  /** Of which, and of the first shipped pair, the customers use one or another. */
  readonly examples: readonly ExamplePair[];
}

const deletedShare = 0.08;
const cancelledShare = 0.05;

/** Valid customers spread over the time, each with names of its own. */
export function planLoad(random: Random, { count, examples, sbcIds, tenants, withinMs }: LoadSize): readonly PlannedCustomer[] {
  const roomy = sbcIds.filter((id) => id !== smallSbc);
  const hindrances = planHindrances(random.fork(), count);
  const pairs = planPairs(random.fork(), count, examples);
  return Array.from({ length: count }, (_unused, index): PlannedCustomer => {
    const sbcId = index < smallSbcTakes * sbcIds.length ? random.pick(sbcIds) : random.pick(roomy);
    const shortName = `Load${index + 1}`;
    const body = {
      shortName, fullName: `Load test ${index + 1} Ltd`, msTenantId: random.pick(tenants), ...scriptsOf(pairs[index], sbcId, 100 + index % 900),
    };
    return {
      atMs: Math.floor(index * withinMs / count),
      order: { kind: 'create', key: `load-${index + 1}`, body, isAsync: random.chance(0.3) },
      repeatAfterMs: random.chance(0.2) ? random.between(0, 4_000) : undefined,
      removeAfterMs: random.chance(0.2) ? random.between(0, 3_000) : undefined,
      hindrance: hindrances.get(index),
    };
  });
}

/** By place in the plan: an example, or none for the first shipped pair. Every one comes before one comes again. */
function planPairs(random: Random, count: number, examples: readonly ExamplePair[]): readonly (ExamplePair | undefined)[] {
  let rest: (ExamplePair | undefined)[] = [];
  return Array.from({ length: count }, () => {
    if (rest.length === 0) rest = random.shuffled([undefined, ...examples]);
    return rest.pop();
  });
}

function scriptsOf(pair: ExamplePair | undefined, sbcId: number, customer: number) {
  if (!pair) return { siteLocation: { sbcId, sbcOnboardingScript: 7, sbcCleanupScript: 700 }, ovocCustomerType: 'IPGROUP_TYPE' };
  const siteLocation = { sbcId, sbcOnboardingScript: pair.id, sbcCleanupScript: pair.id * 100 };
  return { siteLocation, ovocCustomerType: pair.customerType, scriptParameters: sampleParameters(pair, customer) };
}

/** By place in the plan. Shares, not chances: a short run has some of each as well. */
function planHindrances(random: Random, count: number): ReadonlyMap<number, Hindrance> {
  const lots = random.shuffled(Array.from({ length: count }, (_unused, index) => index));
  const [deletes, cancels] = [Math.ceil(count * deletedShare), Math.ceil(count * cancelledShare)];
  return new Map(lots.slice(0, deletes + cancels).map((index, lot) => (
    [index, { kind: lot < deletes ? 'delete' : 'cancel', afterMs: random.between(0, 3_000), isTwice: lot % 3 === 0 }]
  )));
}

export interface Placed {
  readonly order: CreateOrder | DeleteOrder;
  readonly request: ClientRequest;
}

/** A customer whose creation begins so soon that he can still be hindered, and not before. */
export function nextOf(plan: readonly PlannedCustomer[], sinceStartMs: number, isMeant: (order: CreateOrder) => boolean = () => true): CreateOrder | undefined {
  return plan.find(({ atMs, order }) => atMs > sinceStartMs + soonMs && isMeant(order))?.order;
}

const soonMs = 500;

type Note = (asked: AskedAction) => void;

/** Drives the plan; resolves when every caller has his answer or his patience ended. Actions are noted when they are answered. */
export async function driveLoad(client: Client, plan: readonly PlannedCustomer[], note: Note): Promise<readonly Placed[]> {
  const placed = await Promise.all(plan.map(async ({ atMs, hindrance, order, removeAfterMs, repeatAfterMs }): Promise<readonly Placed[]> => {
    await delay(atMs);
    const first = client.pursue(order);
    const hindered = hindrance ? hinder(client, order, hindrance, note) : Promise.resolve([]);
    const again = repeatAfterMs === undefined ? undefined : delay(repeatAfterMs).then(() => client.pursue({ ...order, isAsync: false }));
    const request = await first;
    const repeated = await again;
    const all: Placed[] = [{ order, request: repeated ? { ...request, attempts: [...request.attempts, ...repeated.attempts] } : request }, ...await hindered];
    if (removeAfterMs !== undefined && request.attempts.at(-1)?.text?.includes('"deploymentState":"Deployed"') === true) {
      await delay(removeAfterMs);
      const removal = removalOf(order);
      all.push({ order: removal, request: await client.pursue(removal) });
    }
    return all;
  }));
  return placed.flat();
}

async function hinder(client: Client, order: CreateOrder, { afterMs, isTwice, kind }: Hindrance, note: Note): Promise<readonly Placed[]> {
  await delay(afterMs);
  const callers = isTwice ? [1, 2] : [1];
  if (kind === 'delete') {
    const removal = removalOf(order);
    return Promise.all(callers.map(async () => ({ order: removal, request: await client.pursue(removal) })));
  }
  const deploymentId = deploymentIdOf(order.key);
  await Promise.all(callers.map(async (caller) => {
    const reason = `cancelled by caller ${caller} of ${order.key}`;
    note({ deploymentId, action: 'cancel', reason, occasion: `cancel ${order.key}`, attempts: await client.act(deploymentId, 'cancel', reason) });
  }));
  return [];
}

const askersAtOnce = 16;

/** What every caller is told now, and about his task. */
export async function askedAgain(client: Client, placed: readonly Placed[]): Promise<readonly ClientRequest[]> {
  const answers: ClientRequest[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: askersAtOnce }, async () => {
    for (let index = next++; index < placed.length; index = next++) {
      const { order, request } = placed[index] ?? {};
      if (order && request) answers[index] = await client.ask(request, order);
    }
  }));
  return answers;
}
