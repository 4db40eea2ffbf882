import { once } from 'node:events';
import { connect } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { GatewayUnderTest } from './gateway.testing.js';

describe('a gateway behind a load balancer that is late to hear of its end', () => {
  let stage: GatewayUnderTest;
  afterEach(() => stage.clear());

  it('is not ready at once, serves until the delay is over, and then takes no connection', async () => {
    stage = await GatewayUnderTest.set({ shutdownDelayMs: 400 });
    const { gateway, http } = stage;
    const stopped = gateway.stop(AbortSignal.timeout(15_000));
    expect((await http.get('/health/ready')).json).toEqual({ status: 'not ready', reasons: ['stopping'] });
    const served = await http.get('/api/v2/customer');
    expect([served.status, served.headers['connection']]).toEqual([200, 'keep-alive']);
    await stopped;
    await expect(http.get('/api/v2/customer')).rejects.toThrow();
  });

  it('is in no delay any more when it is cut off', async () => {
    stage = await GatewayUnderTest.set({ shutdownDelayMs: 60_000 });
    await stage.gateway.stop(AbortSignal.timeout(50));
    await expect(stage.http.get('/health/live')).rejects.toThrow();
  });

  it('that is cut off waits for no request that goes on arriving', async () => {
    stage = await GatewayUnderTest.set();
    const { hostname, port } = new URL(stage.gateway.url);
    const slow = connect(Number(port), hostname);
    slow.on('error', () => undefined);
    slow.write('POST /api/v2/customer HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: 1000\r\nexpect: 100-continue\r\n\r\n');
    // It has begun to read the body.
    await once(slow, 'data');
    slow.write('{');
    await stage.gateway.stop(AbortSignal.abort());
    await expect(stage.http.get('/health/live')).rejects.toThrow();
    slow.destroy();
  });
});
