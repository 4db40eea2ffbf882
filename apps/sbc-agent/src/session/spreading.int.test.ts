import { eventually } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { SessionBench } from './device-session.testing.js';

const deviceCount = 40;
const readingMs = 2_000;
/** A device changes hands only between two visits, and of one customer's jobs there is one a visit. */
const visitsADevice = 12;
/** When each device has changed hands once, or could have: whether they spread is a matter of visits, not of time. */
const visitsToSpread = 2 * deviceCount;
const patienceMs = 60_000;

describe('an agent that joins another which has every device', () => {
  let bench: SessionBench;
  beforeAll(async () => {
    bench = await SessionBench.start();
  });
  afterEach(() => bench.reset());
  afterAll(() => bench.stop());

  it('has its share of them while there is work', async () => {
    const sbcs = Array.from({ length: deviceCount }, () => bench.newSbc());
    for (const sbc of sbcs) await bench.fault(sbc, 'latency', { what: 'reading', params: { ms: readingMs } });
    await Promise.all(sbcs.map(async (sbc) => {
      const customer = bench.newCustomer(sbc, `Spread${sbc}`);
      for (let count = 0; count < visitsADevice; count += 1) await bench.requestOnboarding(customer);
    }));
    const visits = async (): Promise<number> => (await Promise.all(sbcs.map((sbc) => bench.leaseOf(sbc)))).reduce((sum, { epoch }) => sum + Number(epoch), 0);
    const first = bench.startAgentApart(deviceCount);
    await eventually('the first agent to have the devices', () => first.busyDevices().busyDevices === deviceCount);
    const visitsBefore = await visits();

    const joining = bench.startAgentApart(deviceCount);
    let most = 0;
    await eventually('the devices to have been visited again', async () => {
      most = Math.max(most, joining.busyDevices().busyDevices);
      return most >= 12 || await visits() - visitsBefore > visitsToSpread;
    }, patienceMs);

    // Of forty the first keeps 23 at most before it lets the other go first; without that the other has what it finds in the moment between two visits.
    expect(most).toBeGreaterThanOrEqual(12);
  }, 2 * patienceMs);
});
