import { setTimeout as delay } from 'node:timers/promises';

import { ApplicationUnderTest, eventually, Simulators } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { leaveUnderLoad } from '../flows/suite/leaving-agents.js';

describe('agents that leave one after the other, with scripts of a minute', () => {
  const load = { devices: 40, customersADevice: 4, agents: 4, scriptMs: 60_000, everyMs: 20_000, withinMs: 600_000 };

  it('cut off none, and leave no device waiting, with a drain of 90 s', async () => {
    const seen = await leaveUnderLoad({ ...load, drainMs: 90_000 });
    process.stdout.write(`drain 90 s: ${JSON.stringify(seen)}\n`);
    expect(seen.cut).toBe(0);
    expect(seen.longestIdleMs).toBeLessThan(2_500);
  });

  it('cut them off with one of 15 s, and nothing is lost or done twice', async () => {
    const seen = await leaveUnderLoad({ ...load, customersADevice: 2, drainMs: 15_000 });
    process.stdout.write(`drain 15 s: ${JSON.stringify(seen)}\n`);
    expect(seen.cut).toBeGreaterThan(0);
  });
});

describe('a fifth agent beside four with 200 busy devices', () => {
  it('has at least 30 of them within 10 s', async () => {
    const sbcIds = Array.from({ length: 200 }, (_unused, index) => index + 3);
    // Long enough that two cores have time for all of it: some sixteen deployments a second.
    const scriptMs = 12_000;
    const simulators = await Simulators.start({ SIM_SBC_IDS: sbcIds.join(','), SIM_SCRIPT_TIME_MS: String(scriptMs) });
    const application = await ApplicationUnderTest.start({
      mode: 'one process per service on RabbitMQ', simulators,
      settings: { LOG_LEVEL: 'info', SBC_RESPONSE_TIMEOUT_MS: '30000', STEP_DEADLINE_MS: '3600000', REDRIVE_AFTER_MS: '60000' },
    });
    let isOver = false;
    const callers: Promise<void>[] = [];
    try {
      const clients = [application.http];
      for (let count = 1; count < 4; count += 1) {
        await application.startAnother('sbc-agent');
        // Each has 64 connections, and every device wants a caller of its own.
        clients.push((await application.startAnother('gateway')).http);
      }
      callers.push(...sbcIds.map(async (sbcId, index) => {
        // Devices that all came to the end of a script at once would all be at work again before anybody could look.
        await delay(scriptMs * index / sbcIds.length);
        for (let count = 0; !isOver; count += 1) {
          await clients[index % clients.length]?.post('/api/v2/customer', {
            shortName: `S${sbcId}x${count}`, fullName: 'Spread Ltd', siteLocation: { sbcId, sbcOnboardingScript: 7, sbcCleanupScript: 700 },
            ovocCustomerType: 'IPGROUP_TYPE', msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de',
          });
        }
      }));
      // Seldom: each is a new session, and the processors have enough to do.
      const held = async () => {
        await delay(300);
        return application.rows<{ holder: string; n: number }>('SELECT holder, count(*)::int AS n FROM sbc_agent.device_lease WHERE holder IS NOT NULL GROUP BY holder');
      };
      await eventually('the devices to be busy', async () => (await held()).reduce((sum, { n }) => sum + n, 0) > 180, 60_000);
      const fifth = await application.startAnother('sbc-agent');
      const holder = await fifth.process.logged('its name', ({ instance }) => (typeof instance === 'string' ? instance : undefined));
      const joinedAt = performance.now();
      const seen: string[] = [];
      await eventually('the fifth agent to have 30 devices', async () => {
        const all = await held();
        const own = all.find((each) => each.holder === holder)?.n ?? 0;
        seen.push(`${((performance.now() - joinedAt) / 1_000).toFixed(1)} s: ${own} of ${all.reduce((sum, { n }) => sum + n, 0)}`);
        return own >= 30;
      }, 10_000).catch((error: unknown) => { throw new Error(`it had ${seen.join('; ')}`, { cause: error }); });
      process.stdout.write(`the fifth agent has ${seen.at(-1) ?? ''}\n`);
    } finally {
      isOver = true;
      await Promise.allSettled(callers);
      await application.stop();
      await simulators.stop();
    }
  });
});
