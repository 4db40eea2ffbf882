import { randomUUID } from 'node:crypto';

import { customerGuidOf, CustomerCreateRequested, eventIdOf, keyedDeploymentId, OvocSiteCreated, publishedDeploymentId, type Ticket } from '@trunkline/contracts';
import { type BrokerWindow, eventually } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { aName, aRequest, create, documentedRequest, expectDeployed, fullProgress, oneOfEach, standing } from './customers.js';
import { taskFor, taskOf } from './reads.suite.js';
import type { Stage } from './stage.js';
import { endedTask } from './waiting.suite.js';

const script = { peer: 'sbc', id: 5, method: 'PUT', path: '/incremental' } as const;

interface LoggedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly ticket: Ticket };
}

/** What only a broker between the services brings with it. */
export function broker(stage: Stage): void {
  const window = (): BrokerWindow => {
    if (!stage.app.broker) throw new Error(`${stage.mode} has no broker`);
    return stage.app.broker;
  };

  async function eventsOf(customerGuid: string): Promise<readonly LoggedEvent[]> {
    const rows = await stage.app.rows<{ body: string }>(
      `SELECT e.body FROM provisioner.deployment_event e JOIN provisioner.deployment d ON d.id = e.deployment_id
       WHERE d.customer_guid = $1 ORDER BY e.recorded_at`, [customerGuid],
    );
    return rows.map(({ body }) => JSON.parse(body) as LoggedEvent);
  }

  describe('the broker', () => {
    it('hands out every event twice more, the last first: nothing changes and no peer is called', async () => {
      const request = aRequest();
      const { id } = expectDeployed(await create(stage, request));
      const task = await taskFor(stage, id);
      const before = (await stage.app.http.get(task)).json;
      const events = [...await eventsOf(id)].reverse();
      expect(events.length).toBeGreaterThanOrEqual(5);
      const mark = await stage.simulators.mark();
      for (const event of [...events, ...events]) await window().publishEvent(event);
      // Queues are read in order: when a later deployment is through, so are the copies.
      const later = aRequest();
      expectDeployed(await create(stage, later));
      expect((await stage.app.http.get(task)).json).toEqual(before);
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(oneOfEach);
      const changed = (await stage.simulators.calls(script, mark)).flatMap(({ scriptRows = [] }) => scriptRows);
      expect(changed.filter(({ name }) => name === request.shortName)).toEqual([]);
      expect(await stage.simulators.calls({ peer: 'ovoc', method: 'POST' }, mark)).toHaveLength(4);
    });

    it('hands out the outcome of OVOC before that of the SBC: the progress stays in order', async () => {
      const request = aRequest();
      const key = randomUUID();
      const deploymentId = keyedDeploymentId('default', key);
      await stage.simulators.fault({ peer: 'sbc', kind: 'hold-before', match: { method: 'PUT' }, times: 1 });
      const pending = create(stage, request, { 'Idempotency-Key': key });
      await stage.simulators.waitForCall(script);
      const ticket = (await eventsOf(customerGuidOf(deploymentId))).map(({ data }) => data.ticket).find((each) => 'sbc' in each);
      await window().publish('events', 'ovoc.site.created', JSON.stringify({
        specversion: '1.0', id: eventIdOf(deploymentId, 1, OvocSiteCreated.type, 1), source: 'trunkline/ovoc-sync', type: OvocSiteCreated.type, subject: deploymentId,
        time: new Date().toISOString(), datacontenttype: 'application/json', round: 1, sequence: 1, step: OvocSiteCreated.step,
        data: { ticket, progress: [{ level: 'Information', message: 'Site created in Ovoc' }], ovoc: { lcCustomerId: 1, serviceId: 2, siteId: 3, linkId: 4 } },
      }));
      await eventually('the early outcome to be recorded', async () => (await eventsOf(customerGuidOf(deploymentId))).some(({ type }) => type === OvocSiteCreated.type));
      expect((await stage.app.http.get(taskOf(deploymentId))).json).toMatchObject({ status: 'InProgress' });
      await stage.simulators.release();
      expect(expectDeployed(await pending).progressDetails).toBe(fullProgress(request.shortName));
    });

    it('loses the sbc-agent\'s queue in mid-flow: the deployment succeeds', async () => {
      const request = aRequest({ msTenantId: await stage.simulators.addTenant() });
      await stage.simulators.fault({ peer: 'microsoft', kind: 'hold-before', times: 1 });
      const pending = create(stage, request);
      await stage.simulators.waitForCall({ peer: 'microsoft' });
      await window().deleteQueue('sbc-agent');
      await stage.simulators.release();
      const { id } = expectDeployed(await pending);
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(oneOfEach);
    });

    it('loses the gateway\'s connections while a deployment completes: the caller is answered soon', async () => {
      const request = aRequest();
      await stage.simulators.fault({ peer: 'ovoc', kind: 'hold-before', match: { method: 'POST', pathContains: '/links' }, times: 1 });
      const pending = create(stage, request);
      await stage.simulators.waitForCall({ peer: 'ovoc', method: 'POST', path: '/links' });
      stage.app.gatewayLink?.refuse();
      await stage.simulators.release();
      await eventually('the link to be created', async () => (await stage.simulators.calls({ peer: 'ovoc', method: 'POST', path: '/links' })).at(-1)?.answeredAt !== undefined);
      expect((await stage.app.http.get('/health/ready')).status).toBe(503);
      stage.app.gatewayLink?.allow();
      const answer = await pending;
      const { id } = expectDeployed(answer);
      expect(answer.tookMs).toBeLessThan(20_000);
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(oneOfEach);
      await stage.app.ready();
    });

    it.each([
      ['can\'t be reached by anybody for a while', async () => undefined],
      ['comes back without its queues and what was in them', () => window().wipe()],
    ])('%s, in mid-flow: the deployment succeeds', async (_name, meanwhile) => {
      const request = aRequest();
      await stage.simulators.fault({ peer: 'sbc', id: 5, kind: 'hold-after', match: { method: 'PUT' }, times: 1 });
      const pending = create(stage, request);
      await stage.simulators.waitForCall(script);
      stage.app.refuseBroker();
      await meanwhile();
      await stage.simulators.release();
      await eventually('the gateway to notice', async () => (await stage.app.http.get('/health/ready')).status === 503);
      stage.app.allowBroker();
      const answer = await pending;
      const { id, progressDetails } = expectDeployed(answer);
      expect(progressDetails).toBe(fullProgress(request.shortName));
      expect(answer.tookMs).toBeLessThan(20_000);
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(oneOfEach);
      await stage.app.ready();
    });

    it('can\'t be reached by the gateway: 503, and nothing has happened', async () => {
      stage.app.gatewayLink?.refuse();
      await eventually('the gateway to notice', async () => (await stage.app.http.get('/health/ready')).status === 503);
      const request = aRequest();
      const answers = [await create(stage, request), await stage.app.http.get('/api/v2/customer')];
      stage.app.gatewayLink?.allow();
      await stage.app.ready();
      for (const { headers, status } of answers) expect([status, Number(headers['retry-after']) > 0]).toEqual([503, true]);
      expect(await stage.app.rows('SELECT 1 FROM provisioner.deployment WHERE short_name = $1', [request.shortName])).toEqual([]);
      expectDeployed(await create(stage, request));
    });

    type Published = Readonly<Record<string, unknown>>;
    it.each<[string, (message: Published) => string]>([
      ['with all attributes', (message) => JSON.stringify(message)],
      ['behind a byte order mark', (message) => `\ufeff${JSON.stringify(message)}`],
      ['with attributes of its own, and neither time nor datacontenttype', ({ time: _time, datacontenttype: _type, ...rest }) => JSON.stringify({ ...rest, tenantregion: 'emea', priority: 3 })],
      ['with its data in base64', ({ data, ...rest }) => JSON.stringify({ ...rest, data_base64: Buffer.from(JSON.stringify(data)).toString('base64') })],
    ])('brings a request that another system published %s: it is deployed once, however often sent', async (_form, written) => {
      const shortName = aName();
      const message = {
        specversion: '1.0', id: randomUUID(), source: 'crm/onboarding', type: CustomerCreateRequested.type, time: new Date().toISOString(), datacontenttype: 'application/json',
        data: { caller: 'crm', provider: 'default', request: { ...documentedRequest, shortName, fullName: 'From another system', scriptParameters: { CacProfile: '10 sessions' } } },
      };
      const mark = await stage.simulators.mark();
      for (const _copy of [1, 2]) await window().publish('requests', 'customer.create.requested', written(message), message.id);
      const deploymentId = publishedDeploymentId(message.source, message.id);
      await eventually('the task to be there', async () => (await stage.app.http.get(taskOf(deploymentId))).status === 200);
      const task = await endedTask(stage, taskOf(deploymentId));
      expect(task.status).toBe('CompletedSuccess');
      expect(task.executionMessages.map(({ message: line }) => line)).toHaveLength(4);
      expect(await standing(stage.simulators, shortName, customerGuidOf(deploymentId))).toEqual(oneOfEach);
      expect(await stage.simulators.calls(script, mark)).toHaveLength(1);
    });
  });
}
