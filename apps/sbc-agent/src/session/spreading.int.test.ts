import { eventually } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';

import { SessionBench } from './device-session.testing.js';

const deviceCount = 40;
/** A device changes hands only between two visits, and of one customer's jobs there is one a visit. */
const visitsADevice = 12;
const readingMs = 2_000;
const patienceMs = 45_000;

describe('an agent that joins another which has every device', () => {
  let bench: SessionBench;
  beforeAll(async () => {
    bench = await SessionBench.start();
  });
  afterEach(() => bench.calm());
  afterAll(() => bench.stop());

  it('has its share of them while there is work', async () => {
    const sbcs = Array.from({ length: deviceCount }, () => bench.newSbc());
    for (const sbc of sbcs) await bench.fault(sbc, 'latency', { what: 'reading', params: { ms: readingMs } });
    await Promise.all(sbcs.map(async (sbc) => {
      const customer = bench.newCustomer(sbc, `Spread${sbc}`);
      for (let count = 0; count < visitsADevice; count += 1) await bench.want(customer);
    }));
    const first = bench.startAgentApart(deviceCount);
    await eventually('the first agent to have the devices', () => first.busyDevices().busyDevices === deviceCount);
    const joining = bench.startAgentApart(deviceCount);
    let most = 0;
    // Of forty the first keeps 23 at most before it lets the other go first; without that the other would have what it finds in the moment between two visits.
    await eventually('the other agent to have its share', () => {
      most = Math.max(most, joining.busyDevices().busyDevices);
      return most >= 12;
    }, patienceMs).catch((error: unknown) => { throw new Error(`it had ${most} devices at most`, { cause: error }); });
  }, 2 * patienceMs);
});
