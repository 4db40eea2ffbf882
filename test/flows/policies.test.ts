import { randomUUID } from 'node:crypto';

import { keyedDeploymentId } from '@trunkline/contracts';
import { eventually } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { aRequest, create, createdBy, documentedRequest, expectDeployed, expectProblem, nothing, oneOfEach, standing } from './suite/customers.js';
import { taskFor, taskOf } from './suite/reads.suite.js';
import { setStage } from './suite/stage.js';

describe('a step whose time is over', () => {
  const stage = setStage('standalone in process', { STEP_DEADLINE_MS: '3000' });

  it.each([
    ['the SBC can\'t be reached', { peer: 'sbc', kind: 'refuse' }, /^SBC unreachable/],
    ['the SBC stays busy', { peer: 'sbc', kind: 'status', match: { method: 'PUT' }, params: { status: 409 } }, /^SBC busy \(HA synchronization\)/],
    ['OVOC answers 500 to every create', { peer: 'ovoc', kind: 'status', match: { method: 'POST' }, params: { status: 500 } }, /^OVOC unreachable/],
  ] as const)('because %s ends the deployment: everything undone, the name free', async (_name, fault, reason) => {
    await stage.simulators.fault(fault);
    const request = aRequest();
    const answer = await create(stage, request);
    const body = createdBy(answer);
    expect(body, answer.text).toMatchObject({ deploymentState: 'Unknown', errorDetails: expect.stringMatching(reason) as string });
    expect(await standing(stage.simulators, request.shortName, body.id)).toEqual(nothing);
    expect((await stage.app.http.get('/api/v2/customer')).text).not.toContain(body.id);
    await stage.simulators.clearFaults();
    expectDeployed(await create(stage, request));
  });
});

describe('with ON_FAILURE=hold', () => {
  const stage = setStage('standalone in process', { ON_FAILURE: 'hold' });

  it('a failed deployment is answered and left as it is, for an operator', async () => {
    await stage.simulators.fault({ peer: 'ovoc', kind: 'status', match: { method: 'POST', pathContains: '/sites' }, params: { status: 400 } });
    const request = aRequest();
    const body = createdBy(await create(stage, request));
    expect(body).toMatchObject({ deploymentState: 'Unknown', errorDetails: expect.stringMatching(/^OVOC rejected/) as string });
    expect(await standing(stage.simulators, request.shortName, body.id)).toMatchObject({ ipGroups: 1, routes: 1 });
    expect((await stage.app.http.get('/api/v2/customer')).text).toContain(body.id);
    expect((await stage.app.http.get(await taskFor(stage, body.id))).json).toMatchObject({ status: 'InProgress', details: [body.errorDetails] });
    expect((await create(stage, request)).status).toBe(409);
  });

  const held = async () => {
    await stage.simulators.fault({ peer: 'ovoc', kind: 'status', match: { method: 'POST', pathContains: '/sites' }, params: { status: 400 } });
    const request = aRequest();
    const body = createdBy(await create(stage, request));
    await stage.simulators.clearFaults();
    const task = await taskFor(stage, body.id);
    expect((await stage.app.http.get(task)).json).toMatchObject({ allowedActions: ['retry', 'rollback', 'abandon'] });
    return { request, body, task, stands: () => standing(stage.simulators, request.shortName, body.id) };
  };
  const ended = (task: string, status: string) => eventually(`the task to be ${status}`, async () => {
    const answer = (await stage.app.http.get(task)).json as { status: string; allowedActions: readonly string[] };
    return answer.status === status && answer;
  }, 20_000);

  it('is deployed by a retry, which finds on the SBC what stands there', async () => {
    const { request, stands, task } = await held();
    const since = await stage.simulators.mark();
    expect((await stage.app.http.post(`${task}/action/retry`, {})).status).toBe(202);
    await ended(task, 'CompletedSuccess');
    expect(await stands()).toEqual(oneOfEach);
    expect((await stage.simulators.calls({ peer: 'sbc', method: 'PUT', path: '/incremental' }, since)).length).toBe(0);
    expect((await create(stage, request)).status).toBe(409);
  });

  it('is undone by a rollback, of which two at once have one result', async () => {
    const { request, stands, task } = await held();
    const answers = await Promise.all([1, 2].map(() => stage.app.http.post(`${task}/action/rollback`, {})));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    await ended(task, 'CompletedFailed');
    expect(await stands()).toEqual(nothing);
    expectDeployed(await create(stage, request));
  });

  it('is abandoned only with a reason, and then left as it is with its name free', async () => {
    const { stands, task } = await held();
    expectProblem(await stage.app.http.post(`${task}/action/abandon`, {}), 400);
    expect((await stage.app.http.post(`${task}/action/abandon`, { reason: 'cleaned by hand' })).status).toBe(202);
    expect(await ended(task, 'CompletedFailed')).toMatchObject({ details: ['Abandoned by an operator: cleaned by hand'], allowedActions: [] });
    expect(await stands()).toMatchObject({ ipGroups: 1, sites: 0 });
  });

  it('stays off the SBC once it is abandoned and taken off by hand', async () => {
    const { request, stands, task } = await held();
    expect((await stage.app.http.post(`${task}/action/abandon`, { reason: 'cleaned by hand' })).status).toBe(202);
    await stage.simulators.forgetRow(5, 'sbc routing ip2ip-routing', `${request.shortName}-in`);
    await stage.simulators.forgetRow(5, 'ip-group', request.shortName);
    // What could not be saved makes the agent look for what the SBC may have lost.
    const sweeps = () => stage.app.logLines().filter((line) => line.includes('SBC swept')).length;
    const before = sweeps();
    await stage.simulators.fault({ peer: 'sbc', id: 5, kind: 'status', match: { method: 'POST', pathContains: 'saveConfiguration' }, params: { status: 503 }, times: 1 });
    const next = aRequest();
    const { id } = expectDeployed(await create(stage, next));
    await eventually('a sweep of the SBC', async () => sweeps() > before, 20_000);
    expect(await stands()).toMatchObject({ ipGroups: 0, routes: 0 });
    expect(await standing(stage.simulators, next.shortName, id)).toEqual(oneOfEach);
  });
});

describe('a running deployment', () => {
  const stage = setStage('standalone in process');

  it('is cancelled by an operator and undone, and its caller is told', async () => {
    const request = aRequest();
    const key = randomUUID();
    await stage.simulators.fault({ peer: 'ovoc', kind: 'hold-before', match: { method: 'POST' }, times: 1 });
    const creating = create(stage, request, { 'Idempotency-Key': key });
    await stage.simulators.waitForCall({ peer: 'ovoc', method: 'POST' });
    const task = taskOf(keyedDeploymentId('default', key));
    expect((await stage.app.http.post(`${task}/action/cancel`, { reason: 'ordered twice' })).status).toBe(202);
    await stage.simulators.release();
    const body = createdBy(await creating);
    expect(body).toMatchObject({ deploymentState: 'Unknown', errorDetails: 'ordered twice' });
    expect(await standing(stage.simulators, request.shortName, body.id)).toEqual(nothing);
    expect((await stage.app.http.get(task)).json).toMatchObject({ status: 'Cancelled', allowedActions: [] });
    expectProblem(await stage.app.http.post(`${task}/action/cancel`, {}), 409);
    expectProblem(await stage.app.http.post(`${taskOf(randomUUID())}/action/cancel`, {}), 404);
    expectProblem(await stage.app.http.post(`${task}/action/explode`, {}), 404);
  });
});

describe('an SBC that may take two minutes for a script', () => {
  const stage = setStage('standalone in process', { SBC_RESPONSE_TIMEOUT_MS: '120000' });
  const lostAnswer = { peer: 'sbc', id: 5, kind: 'lost-answer', match: { method: 'PUT' }, times: 1 } as const;

  it('does not wait for a script whose answer was lost and that it shows complete', async () => {
    await stage.simulators.fault(lostAnswer);
    const first = expectDeployed(await create(stage, aRequest()));
    const answer = await create(stage, aRequest());
    expectDeployed(answer);
    expect(answer.tookMs).toBeLessThan(20_000);

    await stage.simulators.fault(lostAnswer);
    expect((await stage.app.http.delete(`/api/v2/customer/${first.id}`)).text).toBe('1');
    expectDeployed(await create(stage, aRequest()));
  });
});

describe('an agent that works on one SBC at a time', () => {
  const stage = setStage('standalone in process', { AGENT_DEVICES: '1', SBC_RESPONSE_TIMEOUT_MS: '20000' });

  it('leaves the second SBC alone until it has done with the first', async () => {
    for (const id of [4, 5]) await stage.simulators.fault({ peer: 'sbc', id, kind: 'latency', params: { ms: 200 } });
    const mark = await stage.simulators.mark();
    const requests = [4, 5].map((sbcId) => aRequest({ siteLocation: { ...documentedRequest.siteLocation, sbcId } }));
    for (const answer of await Promise.all(requests.map((request) => create(stage, request)))) expectDeployed(answer);
    const calls = await stage.simulators.calls({ peer: 'sbc' }, mark);
    expect(new Set(calls.map(({ id }) => id))).toEqual(new Set([4, 5]));
    // A visit that fails is made again after the other SBC's: they may take turns, and are never called at the same time.
    for (const [index, { answeredAt = Infinity, id }] of calls.entries()) {
      const next = calls[index + 1];
      if (next && next.id !== id) expect(next.arrivedAt).toBeGreaterThan(answeredAt);
    }
  });
});
