import { eventually } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';

import { SessionBench } from './device-session.testing.js';

const deviceCount = 16;
/** More than a visit does at once, several times over: a device changes hands only between two visits. */
const customersADevice = 40;

describe('an agent that joins another which has every device', () => {
  let bench: SessionBench;
  beforeAll(async () => {
    bench = await SessionBench.start();
  });
  afterEach(() => bench.calm());
  afterAll(() => bench.stop());

  it('has its share of them within seconds', async () => {
    const sbcs = Array.from({ length: deviceCount }, () => bench.newSbc());
    for (let count = 0; count < customersADevice; count += 1) await Promise.all(sbcs.map((sbc) => bench.want(bench.newCustomer(sbc, `Spread${sbc}x${count}`))));
    const first = bench.startAgentApart(deviceCount, { batchSize: 1 });
    await eventually('the first agent to have the devices', () => first.busyDevices().busyDevices === deviceCount);
    const joining = bench.startAgentApart(deviceCount, { batchSize: 1 });
    let most = 0;
    // Of sixteen the first may keep ten before it lets the other go first.
    await eventually('the other agent to have its share', () => {
      most = Math.max(most, joining.busyDevices().busyDevices);
      return most >= 4;
    }, 15_000).catch((error: unknown) => { throw new Error(`it had ${most} devices at most`, { cause: error }); });
  });
});
