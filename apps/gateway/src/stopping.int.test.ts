import { afterEach, describe, expect, it } from 'vitest';

import { Stage } from './gateway.testing.js';

describe('a gateway behind a load balancer that is late to hear of its end', () => {
  let stage: Stage;
  afterEach(() => stage.clear());

  it('is not ready at once, serves until the delay is over, and then takes no connection any more', async () => {
    stage = await Stage.set({ shutdownDelayMs: 400 });
    const { gateway, http } = stage;
    const stopped = gateway.stop(AbortSignal.timeout(15_000));
    expect((await http.get('/health/ready')).json).toEqual({ status: 'not ready', reasons: ['stopping'] });
    const served = await http.get('/api/v2/customer');
    expect([served.status, served.headers['connection']]).toEqual([200, 'keep-alive']);
    await stopped;
    await expect(http.get('/api/v2/customer')).rejects.toThrow();
  });

  it('is in no delay any more when it is cut off', async () => {
    stage = await Stage.set({ shutdownDelayMs: 60_000 });
    await stage.gateway.stop(AbortSignal.timeout(50));
    await expect(stage.http.get('/health/live')).rejects.toThrow();
  });
});
