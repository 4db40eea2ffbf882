import { randomUUID } from 'node:crypto';

import {
  CustomerCreateRequested, CustomerDeleteRequested, customerGuidOf, type DeadLetterView, publishedDeploymentId, taskIdOf,
} from '@trunkline/contracts';
import { type BrokerWindow, eventually, type HttpAnswer } from '@trunkline/testing';
import { afterEach, describe, expect, it } from 'vitest';

import { aName, aRequest, create, createdBy, documentedRequest, expectDeployed, expectProblem, nothing, oneOfEach, standing } from './customers.js';
import type { Stage } from './stage.js';
import { endedTask } from './waiting.suite.js';

const path = '/api/v2/dead-letters';
const script = { peer: 'sbc', id: 5, method: 'PUT', path: '/incremental' } as const;

class Desk {
  constructor(private readonly stage: Stage) {}

  async list(query: string): Promise<readonly DeadLetterView[]> {
    const answer = await this.stage.app.http.get(`${path}?${query}`);
    expect(answer.status, answer.text).toBe(200);
    return answer.json as readonly DeadLetterView[];
  }

  /** The newest held dead letter that is it. */
  async held(what: string, isIt: (letter: DeadLetterView) => boolean): Promise<DeadLetterView> {
    return eventually(`the dead letter of ${what}`, async () => (await this.list('state=held&pageSize=100')).find(isIt), 30_000);
  }

  get({ id, service }: DeadLetterView): Promise<HttpAnswer> {
    return this.stage.app.http.get(`${path}/${service}/${id}`);
  }

  act({ id, service }: DeadLetterView, action: 'return' | 'drop', body: unknown = {}): Promise<HttpAnswer> {
    return this.stage.app.http.post(`${path}/${service}/${id}/${action}`, body);
  }
}

/** What an operator can do about messages that a service can't take in, and what their callers are told. */
export function deadLetters(stage: Stage): void {
  const desk = new Desk(stage);

  describe('a message that a service can never store', () => {
    const repairs: string[] = [];
    /** PostgreSQL refuses rows that break the rule, until it is repaired. */
    async function forbid(table: string, rule: string): Promise<() => Promise<void>> {
      const name = `refused_${repairs.length + 1}_${aName().toLowerCase()}`;
      await stage.app.rows(`ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${rule}) NOT VALID`);
      const repair = `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${name}`;
      repairs.push(repair);
      return async () => { await stage.app.rows(repair); };
    }
    afterEach(async () => { for (const repair of repairs.splice(0)) await stage.app.rows(repair); });

    it('ends the deployment Failed, all undone; returned after the repair it changes nothing', async () => {
      const request = aRequest();
      const repair = await forbid('sbc_agent.job', `is_undo OR payload NOT LIKE '%"${request.shortName}"%'`);
      const mark = await stage.simulators.mark();
      const answer = await create(stage, request);
      expect(answer.status, answer.text).toBe(200);
      const { errorDetails, id, progressDetails } = createdBy(answer);
      expect(errorDetails).toBe(`The sbc-agent could not take in its work for ${request.shortName}; an operator finds it among the dead letters.`);
      expect(progressDetails).toContain(`(Error, SBC sbc-onboarding failed for site ${request.shortName}:`);
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(nothing);
      const letter = await desk.held('the agent', ({ envelope }) => JSON.stringify(envelope).includes(`"${request.shortName}"`));
      expect(letter).toMatchObject({ service: 'sbc-agent', messageType: 'trunkline.customer.created.v1', timesReturned: 0, origin: { queue: 'sbc-agent', routingKey: 'customer.created' } });
      expect(letter.attempts).toBeGreaterThanOrEqual(8);
      expect(letter.reason).toContain('failed 8 times');
      expect(letter.envelope).toMatchObject({ data: { script: { onboarding: { id: 7, text: '(masked)' }, values: '(masked)' } } });

      await repair();
      expect(await desk.act(letter, 'return')).toMatchObject({ status: 202, json: { state: 'returned', timesReturned: 1 } });
      await eventually('it to be taken in', async () => (
        await stage.app.rows('SELECT 1 AS n FROM sbc_agent.inbox WHERE message_id = $1', [(letter.envelope as { id: string }).id])).length === 1);
      // The same name goes all the way, so whatever the returned message could do has been done.
      const { id: again } = expectDeployed(await create(stage, request));
      expect(await standing(stage.simulators, request.shortName, id)).toMatchObject({ lcCustomers: 0, sites: 0 });
      expect(await standing(stage.simulators, request.shortName, again)).toEqual(oneOfEach);
      const calls = await stage.simulators.calls(script, mark);
      expect(calls.flatMap(({ scriptRows = [] }) => scriptRows).filter(({ name }) => name === request.shortName)).toHaveLength(1);
      expect(await desk.get(letter)).toMatchObject({ status: 200, json: { state: 'returned' } });
    });

    it('ends the deployment in the same way when it is the last step', async () => {
      const request = aRequest();
      await forbid('ovoc_sync.job', `is_undo OR payload NOT LIKE '%"${request.shortName}"%'`);
      const { errorDetails, id, progressDetails } = createdBy(await create(stage, request));
      expect(errorDetails).toBe(`The ovoc-sync could not take in its work for ${request.shortName}; an operator finds it among the dead letters.`);
      expect(progressDetails).toContain(`(Warning, SBC sbc-cleanup done for site ${request.shortName}.)`);
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(nothing);
      const letter = await desk.held('ovoc-sync', ({ service, envelope }) => service === 'ovoc-sync' && JSON.stringify(envelope).includes(`"${request.shortName}"`));
      expect(await desk.act(letter, 'drop', { reason: 'the deployment was undone' })).toMatchObject({ status: 200, json: { state: 'dropped' } });
    });

    it('is answered with 500 when it is a request; returned after the repair it runs once', async () => {
      const request = aRequest();
      const repair = await forbid('provisioner.deployment', `short_name <> '${request.shortName}'`);
      const problem = expectProblem(await create(stage, request), 500);
      expect(problem.errorCode).toBe('MESSAGE_NOT_HANDLED');
      const letter = await desk.held('the request', ({ envelope }) => JSON.stringify(envelope).includes(`"${request.shortName}"`));
      expect(letter).toMatchObject({ service: 'provisioner', messageType: 'trunkline.customer.create.requested.v1', origin: { exchange: 'requests' } });

      await repair();
      const mark = await stage.simulators.mark();
      const answers = await Promise.all(Array.from({ length: 4 }, () => desk.act(letter, 'return')));
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
      expectProblem(await desk.act(letter, 'return'), 409);
      expectProblem(await desk.act(letter, 'drop', { reason: 'too late' }), 409);
      const task = `/api/v2/task/${taskIdOf(letter.deploymentId ?? '')}`;
      await eventually('the task to be there', async () => (await stage.app.http.get(task)).status === 200);
      const ended = await endedTask(stage, task);
      expect(ended).toMatchObject({ status: 'CompletedSuccess' });
      const { outputData } = ended as unknown as { outputData: { umpCustomerGuid: string } };
      expect(await standing(stage.simulators, request.shortName, outputData.umpCustomerGuid)).toEqual(oneOfEach);

      // A copy of what has been handled, held as if it had been refused as well.
      await stage.app.rows(`UPDATE provisioner.dead_letter SET state = 'held' WHERE id = $1`, [letter.id]);
      expect(await stage.app.http.post(`${path}/return`, { service: 'provisioner', ids: [letter.id] })).toMatchObject({ status: 200, json: { returned: [letter.id], kept: [] } });
      expect(await stage.app.http.post(`${path}/return`, { service: 'provisioner', ids: [letter.id] })).toMatchObject(
        { status: 200, json: { returned: [], kept: [{ id: letter.id, because: 'returned' }] } },
      );
      expectDeployed(await create(stage, aRequest()));
      expect(await standing(stage.simulators, request.shortName, outputData.umpCustomerGuid)).toEqual(oneOfEach);
      const calls = await stage.simulators.calls(script, mark);
      expect(calls.flatMap(({ scriptRows = [] }) => scriptRows).filter(({ name }) => name === request.shortName)).toHaveLength(1);
      expect((await stage.app.http.get(task)).json).toEqual(ended);
      expect(await desk.get(letter)).toMatchObject({ json: { state: 'returned', timesReturned: 2 } });
    });
  });

  describe('asking for dead letters', () => {
    const id = 'f'.repeat(32);
    it.each([
      ['GET', `${path}/provisioner/${id}`, undefined, 404],
      ['GET', `${path}/gateway/${id}`, undefined, 404],
      ['GET', `${path}/provisioner/17`, undefined, 404],
      ['POST', `${path}/ovoc-sync/${id}/return`, {}, 404],
      ['POST', `${path}/ovoc-sync/${id}/return`, { to: 'elsewhere' }, 400],
      ['POST', `${path}/sbc-agent/${id}/drop`, { reason: 'gone' }, 404],
      ['POST', `${path}/sbc-agent/${id}/drop`, {}, 400],
      ['POST', `${path}/return`, { service: 'gateway', ids: [id] }, 400],
      ['GET', `${path}?state=lost`, undefined, 400],
      ['DELETE', `${path}/sbc-agent/${id}`, undefined, 405],
    ])('%s %s with %j is a problem with %s', async (method, at, body, status) => {
      expectProblem(await stage.app.http.send(method, at, { body }), status);
    });

    it('answers pages of one service and of all, with their number', async () => {
      for (const query of ['', '?service=ovoc-sync', '?state=dropped&order=oldest&pageSize=5&pageNumber=1']) {
        const answer = await stage.app.http.get(path + query);
        expect(answer.status, answer.text).toBe(200);
        expect(Number(answer.headers['x-total-count'])).toBeGreaterThanOrEqual((answer.json as unknown[]).length);
      }
    });
  });
}

/** What only others can send: needs a broker they reach. */
export function strangersDeadLetters(stage: Stage): void {
  const desk = new Desk(stage);
  const window = (): BrokerWindow => {
    if (!stage.app.broker) throw new Error(`${stage.mode} has no broker`);
    return stage.app.broker;
  };
  const aStrangersRequest = (changes: Readonly<Record<string, unknown>>, type: string = CustomerCreateRequested.type) => JSON.stringify({
    specversion: '1.0', id: randomUUID(), source: 'crm', type, time: new Date().toISOString(), datacontenttype: 'application/json',
    data: { caller: 'crm', provider: 'default', request: { ...documentedRequest, ...changes } },
  });

  describe('a message of a stranger', () => {
    it.each([
      ['is no JSON', 'create a customer please, password hunter2', /not JSON/],
      ['breaks a rule of the request', aStrangersRequest({ shortName: 'a"\n no ip-group 0', scriptParameters: { CarrierUserPassword: 'hunter2' } }), /shortName/],
      ['has a property nobody knows', aStrangersRequest({ shortName: 'Fine1', password: 'hunter2' }), /password/],
      ['is of a version to come', aStrangersRequest({ password: 'hunter2' }, 'trunkline.customer.create.requested.v9'), /unknown message type/],
    ])('that %s is held with the reason, shows no secret, and can be dropped with a reason', async (_name, body, reason) => {
      const messageId = randomUUID();
      await window().publish('requests', 'customer.create.requested', body, messageId);
      const letter = await desk.held(messageId, (each) => each.messageId === messageId);
      expect(letter).toMatchObject({
        service: 'provisioner', attempts: 1, timesReturned: 0, isReturnable: true, reason: expect.stringMatching(reason) as string,
        origin: { queue: 'provisioner', exchange: 'requests', routingKey: 'customer.create.requested' },
      });
      expect(JSON.stringify([letter, (await desk.get(letter)).json, await desk.list('service=provisioner')])).not.toContain('hunter2');
      expect(await window().waiting('provisioner.dead-letters')).toEqual([]);
      expectDeployed(await create(stage, aRequest()));

      // Nothing was repaired, so it comes back.
      expect(await desk.act(letter, 'return')).toMatchObject({ status: 202 });
      await eventually('it to be held again', async () => {
        const { json } = await desk.get(letter);
        return (json as DeadLetterView).state === 'held' ? json : undefined;
      });
      expect(await desk.get(letter)).toMatchObject({ json: { attempts: 2, timesReturned: 1 } });
      const drops = await Promise.all([1, 2, 3].map((n) => desk.act(letter, 'drop', { reason: `told their owner ${n}` })));
      expect(drops.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      expect(await desk.get(letter)).toMatchObject({ json: { state: 'dropped', dropReason: expect.stringContaining('told their owner') as string } });
      expectProblem(await desk.act(letter, 'return'), 409);
    });

    it('that is not UTF-8 is held as such, and can\'t be returned', async () => {
      const [messageId, shortName] = [randomUUID(), aName()];
      await window().publish('requests', 'customer.create.requested', Buffer.from(aStrangersRequest({ shortName, fullName: 'K\u00fcchen Nord' }), 'latin1'), messageId);
      const letter = await desk.held(messageId, (each) => each.messageId === messageId);
      expect(letter).toMatchObject({ reason: 'not UTF-8', isReturnable: false, messageType: CustomerCreateRequested.type, envelope: { source: 'crm' } });
      expect(await stage.app.rows('SELECT 1 FROM provisioner.deployment WHERE short_name = $1', [shortName])).toEqual([]);
    });

    it('that asks for something else under a used id is held and reported to its origin', async () => {
      const names = [aName(), aName()];
      const [id, source] = [randomUUID(), 'crm'];
      const asked = names.map((shortName) => ({
        ...JSON.parse(aStrangersRequest({ shortName })) as { data: object }, id, source,
      })).map((event) => ({ ...event, data: { ...event.data, origin: 'gateway.crm' } }));
      const tapped = await window().tap();
      for (const event of [asked[0], asked[1], { ...asked[0], time: '2026-01-01T00:00:00Z' }]) await window().publish('requests', 'customer.create.requested', JSON.stringify(event), id);
      const letter = await desk.held(id, (each) => each.messageId === id);
      expect(letter).toMatchObject({
        service: 'provisioner', reason: expect.stringMatching(/^IDEMPOTENCY_KEY_REUSED: .*new id/) as string, envelope: { data: { request: { shortName: names[1] } } },
      });
      const deploymentId = publishedDeploymentId(source, id);
      expect((await endedTask(stage, `/api/v2/task/${taskIdOf(deploymentId)}`)).status).toBe('CompletedSuccess');
      expect(await standing(stage.simulators, names[0]!, customerGuidOf(deploymentId))).toEqual(oneOfEach);
      const told = (await tapped()).filter((text) => text.includes('trunkline.request.refused.v1') && text.includes(id));
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('IDEMPOTENCY_KEY_REUSED');
      expect((await desk.list('service=provisioner&pageSize=100')).filter(({ messageId }) => messageId === id)).toHaveLength(1);
      expect(await stage.app.rows('SELECT 1 FROM provisioner.deployment WHERE short_name = $1', [names[1]])).toEqual([]);
    });

    it('that wants a customer removed whom nobody has is held', async () => {
      const id = randomUUID();
      await window().publish('requests', 'customer.delete.requested', JSON.stringify({
        ...JSON.parse(aStrangersRequest({}, CustomerDeleteRequested.type)) as object, id, data: { caller: 'crm', provider: 'default', customerGuid: randomUUID() },
      }), id);
      const { reason } = await desk.held(id, (each) => each.messageId === id);
      expect(reason).toMatch(/^CUSTOMER_NOT_FOUND: /);
    });

    it('is kept of nobody who was told over HTTP', async () => {
      const key = randomUUID();
      const before = (await desk.list('service=provisioner&pageSize=100')).length;
      const requests = [aRequest(), aRequest()];
      expectDeployed(await create(stage, requests[0], { 'Idempotency-Key': key }));
      expect(expectProblem(await create(stage, requests[1], { 'Idempotency-Key': key }), 422).errorCode).toBe('IDEMPOTENCY_KEY_REUSED');
      expect((await stage.app.http.send('DELETE', `/api/v2/customer/${randomUUID()}`)).status).toBe(404);
      expectDeployed(await create(stage, aRequest()));
      expect(await desk.list('service=provisioner&pageSize=100')).toHaveLength(before);
    });

    it('that wants what this build can\'t read is found by its type', async () => {
      const type = `trunkline.customer.rename.requested.v${Math.floor(Math.random() * 1_000) + 2}`;
      for (let n = 0; n < 3; n += 1) await window().publish('requests', 'customer.create.requested', aStrangersRequest({}, type));
      await eventually('three of them', async () => (await desk.list('service=provisioner&state=held&pageSize=100')).filter(({ messageType }) => messageType === type).length === 3);
      const answer = await stage.app.http.post(`${path}/return`, { service: 'provisioner', filter: { messageType: type }, limit: 2 });
      expect(answer).toMatchObject({ status: 200, json: { returned: [expect.any(String), expect.any(String)], kept: [] } });
      const letters = await eventually('all to be held again', async () => {
        const found = (await desk.list('service=provisioner&state=held&pageSize=100')).filter(({ messageType }) => messageType === type);
        return found.length === 3 ? found : undefined;
      });
      expect(letters.map(({ timesReturned }) => timesReturned).sort()).toEqual([0, 1, 1]);
      for (const letter of letters) expect(await desk.act(letter, 'drop', { reason: 'a test' })).toMatchObject({ status: 200 });
    });
  });
}
