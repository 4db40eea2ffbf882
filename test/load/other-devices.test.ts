import { ApplicationUnderTest, eventually, Simulators } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const healthySbc = 4;
const brokenSbc = 5;
const rounds = 6;
const createsARound = 60;
const atOnce = 4;
const waitingForTheBroken = 20;
/** What one broken SBC may add to the times of the others. */
const mostSlowdown = 1.2;

describe('an SBC that answers nobody', () => {
  let simulators: Simulators;
  let application: ApplicationUnderTest;
  let count = 0;

  beforeAll(async () => {
    simulators = await Simulators.start({ SIM_SBC_SIZES: JSON.stringify({ 'ip-group': 5_000, 'sbc routing ip2ip-routing': 5_000 }) });
    application = await ApplicationUnderTest.start({
      mode: 'one process per service on RabbitMQ', simulators, settings: { LOG_LEVEL: 'info', STEP_DEADLINE_MS: '3600000', REDRIVE_AFTER_MS: '60000' },
    });
    for (let warm = 0; warm < createsARound; warm += 1) await create(healthySbc);
  });
  afterAll(async () => {
    await application.stop();
    await simulators.stop();
  });

  it.each(['stall', 'refuse'])('does not slow the others down: calls %s', async (kind) => {
    const times: Record<'alone' | 'beside', number[]> = { alone: [], beside: [] };
    for (let round = 0; round < rounds; round += 1) {
      times.alone.push(...await timesOfARound());
      const remove = await simulators.fault({ peer: 'sbc', id: brokenSbc, kind });
      await Promise.all(Array.from({ length: waitingForTheBroken }, () => create(brokenSbc, { Prefer: 'respond-async' })));
      times.beside.push(...await timesOfARound());
      await remove();
      await simulators.release();
      await eventually('the broken SBC to be done with what waited', async () => (await openJobs()) === 0, 120_000);
    }
    const [alone, beside] = [percentile(times.alone, 0.99), percentile(times.beside, 0.99)];
    process.stdout.write(`${kind}: p50 ${percentile(times.alone, 0.5)} ms alone, ${percentile(times.beside, 0.5)} ms beside a broken SBC; `
      + `p99 ${alone} ms alone, ${beside} ms beside: ${(beside / alone).toFixed(2)} times (${times.alone.length} creates each)\n`);
    expect(beside / alone).toBeLessThan(mostSlowdown);
  });

  const openJobs = async (): Promise<number | undefined> => (
    (await application.rows<{ n: number }>(`SELECT count(*)::int AS n FROM sbc_agent.job WHERE state IN ('waiting', 'running')`))[0]?.n
  );

  async function timesOfARound(): Promise<number[]> {
    const times: number[] = [];
    await Promise.all(Array.from({ length: atOnce }, async () => {
      for (let index = 0; index < createsARound / atOnce; index += 1) times.push(await create(healthySbc));
    }));
    return times;
  }

  /** Milliseconds until the answer. */
  async function create(sbcId: number, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const siteLocation = { sbcId, sbcOnboardingScript: 7, sbcCleanupScript: 700 };
    const body = { shortName: `Other${count++}`, fullName: 'Other Devices Ltd', siteLocation, ovocCustomerType: 'IPGROUP_TYPE', msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de' };
    const { status, text, tookMs } = await application.http.post('/api/v2/customer', body, headers);
    expect(status, text).toBe('Prefer' in headers ? 202 : 200);
    return tookMs;
  }
});

function percentile(times: readonly number[], share: number): number {
  return [...times].sort((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? 0;
}
