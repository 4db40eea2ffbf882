import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { taskIdOf } from '@trunkline/contracts';
import { eventually } from '@trunkline/testing';

import { type InstanceName, isAgent } from '../runner/instances.js';
import { machineLoad } from '../runner/progress.js';
import type { FaultContext } from './fault-case.js';

const readyWithinMs = 60_000;
const busyWithinMs = 3_000;
/** What the dead one had still sent to the database has arrived by then. */
const settledAfterMs = 150;
/** Of a pause. */
const lookedAtAfter = 0.2;

/** Kills it, an agent once it is at work or after `withinMs`; of an agent it is noted which devices others have to take over. */
export async function killNoted(stage: FaultContext, name: InstanceName, cause: string, withinMs = busyWithinMs): Promise<void> {
  const { cluster, record, tables } = stage;
  const holder = cluster.leaseNameOf(name);
  // An agent that holds nothing leaves nothing to be taken over.
  const sbcIds = await sbcsAtWork(stage, name, withinMs);
  await cluster.kill(name);
  const atMs = Date.now();
  if (holder === undefined || sbcIds.length === 0) return;
  const restingBefore = await tables.restingSbcs().catch(() => undefined);
  await delay(settledAfterMs);
  const [owed, restingAfter] = await Promise.all([tables.busySbcs(), tables.restingSbcs()]).catch(() => [[], []] as const);
  // Where nobody could look, nothing is owed.
  const owedSbcIds = restingBefore === undefined ? [] : owed.filter((id) => sbcIds.includes(id));
  const restingSbcIds = [...restingBefore ?? [], ...restingAfter];
  record.agentDeaths.push({ instance: name, atMs, sbcIds, holder, cause, owedSbcIds, restingSbcIds, load: machineLoad() });
}

/** Lets an agent that stands still do so for `ms`, then `goOn`; what it held is noted, for it may write there once more. */
export async function standStillNoted({ cluster, record, tables }: FaultContext, name: InstanceName, ms: number, goOn: () => void): Promise<void> {
  const fromMs = Date.now();
  const holder = cluster.leaseNameOf(name);
  try {
    const sbcIds = holder === undefined ? [] : await tables.heldSbcsOf(holder);
    // The pause is the fault. Early in it nobody can have taken over yet, and what had been sent to the database has long arrived.
    await delay(ms * lookedAtAfter);
    // Where nobody could look, nothing is owed.
    const looking = Promise.all([holder === undefined ? [] : tables.busySbcsOf(holder), tables.restingSbcs()]);
    const [owedSbcIds, restingSbcIds] = await looking.catch(() => [[], []] as const);
    await delay(Math.max(0, fromMs + ms - Date.now()));
    record.pauses.push({ instance: name, fromMs, toMs: Date.now(), sbcIds, owedSbcIds, restingSbcIds, load: machineLoad() });
  } finally {
    goOn();
  }
}

/** The SBCs that an agent works on, as soon as it does; none where it does not within the time, and of other services. */
export async function sbcsAtWork({ cluster, tables }: FaultContext, name: InstanceName, withinMs = busyWithinMs): Promise<readonly number[]> {
  const holder = isAgent(name) ? cluster.leaseNameOf(name) : undefined;
  if (holder === undefined) return [];
  return eventually(`${name} to be at work`, async () => {
    const sbcIds = await tables.busySbcsOf(holder);
    return sbcIds.length > 0 && sbcIds;
  }, withinMs).catch(() => []);
}

/** To be called when a server is there again: waits until every gateway is ready and of use, and notes how long that took. */
export async function recovered({ cluster, record }: FaultContext, server: 'broker' | 'database', fault: string): Promise<string> {
  const [backAtMs, backAt] = [Date.now(), performance.now()];
  await eventually(`the gateways to be ready after ${fault}`, () => cluster.isReady(), readyWithinMs);
  const readyAfterMs = Math.round(performance.now() - backAt);
  // Nobody knows this task: to say so takes the broker, the provisioner and its database.
  await eventually(`a question to be answered after ${fault}`, async () => (
    (await Promise.all(cluster.gateways.map(({ http }) => http.get(`/api/v2/task/${taskIdOf(randomUUID())}`).catch(() => undefined)))).every((answer) => answer?.status === 404)
  ), readyWithinMs);
  const answeredAfterMs = Math.round(performance.now() - backAt);
  record.recoveries.push({ server, fault, backAtMs, readyAfterMs, answeredAfterMs, load: machineLoad() });
  return `ready ${readyAfterMs} ms and of use ${answeredAfterMs} ms after`;
}
