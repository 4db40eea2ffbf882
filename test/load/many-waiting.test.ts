import { readFileSync } from 'node:fs';

import { ApplicationUnderTest, eventually, Simulators } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const sbcIds = [4, 5] as const;
const few = 2_000;
const many = 10_000;
const atOnce = 32;
/** A waiting deployment is a row: what a process holds in memory must not grow with their number. */
const mostGrowth = 1.5;
const first500 = 500;
const endWithinMs = 120_000;

describe('ten thousand deployments that wait for SBCs that are away', () => {
  let simulators: Simulators;
  let application: ApplicationUnderTest;

  beforeAll(async () => {
    simulators = await Simulators.start({ SIM_SBC_SIZES: JSON.stringify({ 'ip-group': many, 'sbc routing ip2ip-routing': many }), SIM_SCRIPT_TIME_MS: '1' });
    application = await ApplicationUnderTest.start({
      mode: 'one process per service on RabbitMQ', simulators, settings: { LOG_LEVEL: 'info', STEP_DEADLINE_MS: '3600000', REDRIVE_AFTER_MS: '60000' },
    });
  });
  afterAll(async () => {
    await application.stop();
    await simulators.stop();
  });

  it('take rows, not memory, and go on once the SBCs answer', async () => {
    const msTenantId = await simulators.addTenant();
    for (const id of sbcIds) await simulators.fault({ peer: 'sbc', id, kind: 'refuse' });
    const accept = async (index: number): Promise<void> => {
      const siteLocation = { sbcId: sbcIds[index % sbcIds.length], sbcOnboardingScript: 7, sbcCleanupScript: 700 };
      const body = { shortName: `Wait${index}`, fullName: `Waiting ${index} Ltd`, siteLocation, ovocCustomerType: 'IPGROUP_TYPE', msTenantId };
      const { status, text } = await application.http.post('/api/v2/customer', body, { 'Prefer': 'respond-async', 'Idempotency-Key': `wait-${index}` });
      expect(status, text).toBe(202);
    };
    await inParallel(0, few, accept);
    await waiting(few);
    const first = memoryOf(application.pids());
    await inParallel(few, many, accept);
    await waiting(many);
    const last = memoryOf(application.pids());
    for (const [name, mb] of last) {
      const before = first.get(name) ?? 0;
      process.stdout.write(`${name}: ${before} MB with ${few} waiting, ${mb} MB with ${many}: ${(mb / before).toFixed(2)} times\n`);
      expect(mb / before, `memory of ${name}`).toBeLessThan(mostGrowth);
    }
    await simulators.clearFaults();
    // All ten thousand would take the simulators a quarter of an hour: each prints its whole configuration for every reading.
    await eventually('the first to be deployed', async () => (await inState('Deployed')) >= first500, endWithinMs);
  });

  const waiting = (count: number) => eventually(`${count} jobs to wait`, async () => (
    (await application.rows<{ n: number }>(`SELECT count(*)::int AS n FROM sbc_agent.job WHERE state IN ('waiting', 'running')`))[0]?.n === count
  ), 120_000);

  const inState = async (state: string): Promise<number> => (await application.rows<{ n: number }>('SELECT count(*)::int AS n FROM provisioner.deployment WHERE state = $1', [state]))[0]?.n ?? 0;
});

async function inParallel(from: number, to: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = from;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < to) await work(next++);
  }));
}

/** Resident memory in MB, by process. */
function memoryOf(pids: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...pids].map(([name, pid]) => {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return [name, Math.round(Number(kilobytes) / 1_024)];
  }));
}
