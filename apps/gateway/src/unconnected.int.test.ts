import { RabbitMqTransport, topology } from '@trunkline/messaging';
import { createLogger } from '@trunkline/runtime';
import { FaultProxy, testSetting } from '@trunkline/testing';
import { request } from 'undici';
import { afterAll, describe, expect, it } from 'vitest';

import { createGateway } from './create-gateway.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const body = JSON.stringify({
  shortName: 'Northwind7', siteLocation: { sbcId: 5, sbcOnboardingScript: 7, sbcCleanupScript: 700 }, ovocCustomerType: 'IPGROUP_TYPE', msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de',
});

describe('a gateway that starts before RabbitMQ', () => {
  const closers: (() => Promise<void>)[] = [];
  afterAll(async () => { for (const close of closers.reverse()) await close(); });

  it('says 503 with the reason, and is ready once the broker is there', async () => {
    const link = await FaultProxy.start(testSetting('TRUNKLINE_TEST_AMQP_URL'));
    closers.push(() => link.close());
    link.refuse();
    const name = `unconnected-${process.pid}`;
    const transport = new RabbitMqTransport({ url: link.url, topology, connectionName: 'test', namePrefix: `${name}-`, logger });
    const connected = transport.start();
    const gateway = await createGateway({
      transport, logger, instance: name,
      configuration: { HTTP_HOST: '127.0.0.1', HTTP_PORT: 0, BASE_PATH: '', SYNC_WAIT_MS: 1_000, DRAIN_MS: 1_000, SHUTDOWN_DELAY_MS: 0, SECRETS_KEY: Buffer.alloc(32).toString('base64') },
    });
    closers.push(() => transport.close(), () => gateway.stop(AbortSignal.timeout(1_000)));

    const refused = await request(`${gateway.url}/api/v2/customer`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect([refused.statusCode, await refused.body.json()]).toMatchObject([503, { errorCode: 'SERVICE_UNAVAILABLE' }]);
    const notReady = await request(`${gateway.url}/health/ready`);
    expect(notReady.statusCode).toBe(503);
    await notReady.body.dump();

    link.allow();
    await connected;
    const ready = await request(`${gateway.url}/health/ready`);
    expect(ready.statusCode).toBe(200);
    await ready.body.dump();
  });
});
