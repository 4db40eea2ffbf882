import { getDeployments, keyedDeploymentId, taskIdOf } from '@trunkline/contracts';
import { QueryClient, RabbitMqTransport, topology } from '@trunkline/messaging';
import { BrokerWindow, FaultProxy, Story } from '@trunkline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { aCreateBody, GatewayUnderTest } from '../gateway.testing.js';

const path = '/api/v2/customer';
const soon = { timeout: 15_000, interval: 10 };

describe('waiting over RabbitMQ', () => {
  let broker: BrokerWindow;
  let link: FaultProxy;
  let stage: GatewayUnderTest;

  // The played provisioner speaks with the broker itself, the gateway through a link that can be cut.
  beforeEach(async () => {
    broker = BrokerWindow.open();
    link = await FaultProxy.start(broker.url);
    const urls = [broker.url, link.url];
    stage = await GatewayUnderTest.set({
      budgetMs: 60_000,
      open: () => new RabbitMqTransport({ url: urls.shift() ?? link.url, topology, connectionName: 'test', namePrefix: broker.prefix }),
    });
  });

  afterEach(async () => {
    link.allow();
    await stage.clear();
    await link.close();
    await broker.close();
  });

  it('is over when the copies of the events have arrived', async () => {
    const { http, played } = stage;
    played.onRequest = (request) => played.tell(Story.of(request).deployed(), request);
    expect(await http.post(path, aCreateBody)).toMatchObject({ status: 200, json: { deploymentState: 'Deployed' } });
    expect(played.asked).toEqual([]);
  });

  it('ends soon after a cut in which the deployment ended', async () => {
    const { http, played } = stage;
    played.onRequest = (request) => played.tell([Story.of(request).accepted()], request);
    const answer = http.post(path, aCreateBody, { 'idempotency-key': 'key-1' });
    await expect.poll(() => played.requests.length, soon).toBe(1);

    link.refuse();
    await expect.poll(async () => (await http.get('/health/ready')).status, soon).toBe(503);
    const events = Story.of(played.requests[0]!).deployed();
    await played.keep(events);
    await played.tell(events, played.requests[0]!);
    link.allow();

    expect(await answer).toMatchObject({ status: 200, json: { deploymentState: 'Deployed' } });
    // Sooner than the next question about everything.
    expect((await answer).tookMs).toBeLessThan(9_000);
    expect((await http.get('/health/ready')).status).toBe(200);
  });

  it('ends soon when the outcome comes before the acceptance of a repeated request', async () => {
    const { http, played } = stage;
    const answer = http.post(path, aCreateBody, { 'idempotency-key': 'key-1' });
    await expect.poll(() => played.requests.length, soon).toBe(1);
    const request = played.requests[0]!;
    const events = Story.of(request).deployed();
    await played.keep(events);
    await played.tell(events.slice(-1), request);
    await expect.poll(() => played.asked.length, soon).toBe(1);
    await played.tell(events.slice(0, 1), request);

    expect(await answer).toMatchObject({ status: 200, json: { deploymentState: 'Deployed' } });
    expect((await answer).tookMs).toBeLessThan(4_000);
  });

  it('is refused at once while there is no connection', async () => {
    const { http } = stage;
    link.refuse();
    await expect.poll(async () => (await http.get('/health/ready')).status, soon).toBe(503);
    expect(await http.post(path, aCreateBody)).toMatchObject({ status: 503, json: { errorCode: 'SERVICE_UNAVAILABLE' } });
  });

  it('is refused at once while the provisioner is not ready, and begins again when it is', async () => {
    const { http, played } = stage;
    played.onRequest = (request) => played.tell(Story.of(request).deployed(), request);
    played.reasons = ['PostgreSQL does not answer: ECONNREFUSED'];
    await expect.poll(async () => (await http.get('/health/ready')).json, soon).toEqual({ status: 'not ready', reasons: ['provisioner: PostgreSQL does not answer: ECONNREFUSED'] });
    const refusal = { status: 503, headers: { 'retry-after': '5' }, json: { errorCode: 'SERVICE_UNAVAILABLE' } };
    expect(await http.post(path, aCreateBody)).toMatchObject(refusal);
    // What was sent under this key before may have got through.
    const deploymentId = keyedDeploymentId('default', 'key-1');
    expect((await http.post(path, aCreateBody, { 'idempotency-key': 'key-1' })).json).toMatchObject({ ...refusal.json, deploymentId, taskId: taskIdOf(deploymentId) });
    played.reasons = [];
    await expect.poll(async () => (await http.get('/health/ready')).status, soon).toBe(200);
    expect(played.requests).toEqual([]);
    expect(await http.post(path, aCreateBody)).toMatchObject({ status: 200, json: { deploymentState: 'Deployed' } });
  });

  it('is refused also while more reads wait for the database than the provisioner has hands', async () => {
    const { http, played } = stage;
    let letGo = (): void => undefined;
    played.readable = new Promise((resolve) => { letGo = resolve; });
    const queries = new QueryClient(stage.transport);
    // More than one consumer takes at a time, and than the one that renews it.
    const reads = Array.from({ length: 1_300 }, () => queries.ask(getDeployments.queue, getDeployments.pattern, { provider: 'default', deploymentIds: [] }, 60_000));
    await expect.poll(() => played.asked.length, soon).toBeGreaterThanOrEqual(512);
    played.reasons = ['PostgreSQL does not answer: ECONNREFUSED'];
    await expect.poll(async () => (await http.get('/health/ready')).status, soon).toBe(503);
    letGo();
    await Promise.all(reads);
  });

  it('goes on, and sends the request again, when the connection is lost before it was confirmed', async () => {
    const { http, played } = stage;
    link.holdReplies();
    const answer = http.post(path, aCreateBody);
    await expect.poll(() => played.requests.length, soon).toBe(1);
    link.cut();
    link.releaseReplies();
    played.onRequest = (request) => played.tell(Story.of(request).deployed(), request);
    expect(await answer).toMatchObject({ status: 200, json: { deploymentState: 'Deployed' } });
    expect(new Set(played.requests.map(({ id }) => id)).size).toBe(1);
  });
});
