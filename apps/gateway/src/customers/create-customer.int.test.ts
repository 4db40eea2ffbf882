import { customerGuidOf, type CustomerCreateRequested, siteGuidOf } from '@trunkline/contracts';
import { InProcessBroker, InProcessTransport, topology } from '@trunkline/messaging';
import { Story } from '@trunkline/testing';
import { afterEach, describe, expect, it } from 'vitest';

import { aCreateBody, GatewayUnderTest, type GatewayUnderTestOptions } from '../gateway.testing.js';

const path = '/api/v2/customer';
const soon = { timeout: 10_000, interval: 5 };
const quick = { repeatMs: 100, askEveryMs: 150, sweepMs: 10, askTimeoutMs: 500 };
const fourSteps = '(Information, MsTenantid is valid);(Information, Customer data created!);(Information, SBC sbc-onboarding done for site Northwind7.);(Information, Site created in Ovoc)';

describe('creating a customer', () => {
  let stage: GatewayUnderTest;
  const set = async (options: GatewayUnderTestOptions = {}): Promise<GatewayUnderTest> => (stage = await GatewayUnderTest.set(options));
  afterEach(async () => { await stage.clear(); });

  it('answers with the seven fields when the deployment has ended', async () => {
    const { http, played } = await set();
    played.onRequest = (request) => played.tell(Story.of(request).deployed(), request);
    const answer = await http.post(path, aCreateBody);
    const id = played.requests[0]!.subject;
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json).toEqual({
      id: customerGuidOf(id), customerGuid: customerGuidOf(id), customerId: 'Northwind7', siteLocationIds: [siteGuidOf(id)],
      deploymentState: 'Deployed', errorDetails: null, progressDetails: fourSteps,
    });
    expect(played.asked).toEqual([]);
  });

  it('answers the same whatever the order in which the events arrive', async () => {
    const { http, played } = await set();
    played.onRequest = async (request) => {
      const [accepted, ...rest] = Story.of(request).deployed();
      await played.tell([...rest.reverse(), accepted!, ...rest], request);
    };
    expect((await http.post(path, aCreateBody)).json).toMatchObject({ deploymentState: 'Deployed', progressDetails: fourSteps });
  });

  it('tells a failure with 200 after its undo', async () => {
    const { http, played } = await set();
    played.onRequest = (request) => played.tell(Story.of(request).failed('SBC rejected script at line 3: invalid'), request);
    expect(await http.post(path, aCreateBody)).toMatchObject({ status: 200, json: { deploymentState: 'Unknown', errorDetails: 'SBC rejected script at line 3: invalid' } });
  });

  it('answers 202 with a task when the wait budget is over, after asking once more', async () => {
    const { http, played } = await set({ budgetMs: 300, times: { sweepMs: 10 } });
    played.onRequest = async (request) => {
      const story = Story.of(request);
      await played.tell([story.accepted(), story.created()], request);
      await played.keep([story.accepted(), story.created()]);
    };
    const answer = await http.post(`/tenantui${path}`, aCreateBody);
    const id = played.requests[0]!.subject;
    expect(answer).toMatchObject({ status: 202, headers: { location: `/tenantui/api/v2/task/wst_${id}` } });
    expect(answer.json).toEqual({
      id: customerGuidOf(id), customerGuid: customerGuidOf(id), customerId: 'Northwind7', siteLocationIds: [siteGuidOf(id)], deploymentState: 'Unknown', errorDetails: null,
      progressDetails: '(Information, MsTenantid is valid);(Information, Customer data created!)', taskId: `wst_${id}`,
    });
    expect(played.asked).toEqual([[id]]);
  });

  it('answers the outcome when the last question before 202 brings it', async () => {
    const { http, played } = await set({ budgetMs: 300, times: { sweepMs: 10 } });
    played.onRequest = async (request) => {
      await played.tell([Story.of(request).accepted()], request);
      await played.keep(Story.of(request).deployed());
    };
    expect(await http.post(path, aCreateBody)).toMatchObject({ status: 200, json: { deploymentState: 'Deployed', progressDetails: fourSteps } });
  });

  it('answers 202 at once when the caller prefers it, as soon as the request is accepted', async () => {
    const { http, played } = await set();
    played.onRequest = (request) => played.tell([Story.of(request).accepted()], request);
    const answer = await http.post(path, aCreateBody, { prefer: 'respond-async' });
    expect(answer).toMatchObject({
      status: 202, headers: { 'location': `/api/v2/task/wst_${played.requests[0]!.subject}`, 'preference-applied': 'respond-async' }, json: { deploymentState: 'Unknown', progressDetails: '' },
    });
  });

  it.each([
    [400, 'SBC_NOT_FOUND', undefined],
    [409, 'SHORT_NAME_NOT_UNIQUE', undefined],
    [503, 'MS_TENANT_CHECK_UNAVAILABLE', '30'],
  ] as const)('answers a rejection as a problem with its status %s', async (status, code, retryAfter) => {
    const { http, played } = await set();
    const errors = [{ field: 'a', code, message: 'First.' }, { field: 'b', code: 'UNKNOWN_PROPERTY', message: 'Second.' }];
    played.onRequest = async (request) => played.tell([Story.of(request).accepted(), Story.of(request).rejected(status, errors)], request);
    const answer = await http.post(path, aCreateBody);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['retry-after']).toBe(retryAfter);
    expect(answer).toMatchObject({ status, json: { status, errorCode: code, detail: 'First.', errors, instance: path } });
  });

  it('joins callers with the same key, each with a message of its own', async () => {
    const { http, played } = await set();
    played.onRequest = async (request) => {
      const story = Story.of(request);
      await played.tell(played.requests.length < 2 ? [story.accepted()] : [story.accepted(), ...story.deployed().slice(1)], request);
    };
    const call = () => http.post(path, aCreateBody, { 'idempotency-key': 'key-1' });
    const [one, two] = await Promise.all([call(), call()]);
    expect(one).toMatchObject({ status: 200, json: { deploymentState: 'Deployed' } });
    expect(two.json).toEqual(one.json);
    const [first, second] = played.requests;
    expect(second!.subject).toBe(first!.subject);
    expect(second!.id).not.toBe(first!.id);
    expect((second as CustomerCreateRequested).data.fingerprint).toBe((first as CustomerCreateRequested).data.fingerprint);
  });

  it('replays a stored outcome of which only beginning and end are told', async () => {
    const { http, played } = await set();
    played.onRequest = async (request) => {
      const events = Story.of(request).deployed();
      await played.keep(events);
      await played.tell([events[0]!, events.at(-1)!], request);
    };
    expect(await http.post(path, aCreateBody, { 'idempotency-key': 'key-1' })).toMatchObject({ status: 200, json: { progressDetails: fourSteps } });
    expect(played.asked).toHaveLength(1);
  });

  it('refuses only the caller whose request is refused', async () => {
    const { http, played } = await set();
    played.onRequest = async (request) => {
      const story = Story.of(request);
      if (played.requests.length === 1) return played.tell([story.accepted()], request);
      // The whole deployment is heard before the second caller is told that it is not his.
      await played.tell([...story.deployed().slice(1), story.refusal(request.id, 422, 'IDEMPOTENCY_KEY_REUSED', 'Use a new key.')], request);
    };
    const first = http.post(path, aCreateBody, { 'idempotency-key': 'key-1' });
    await expect.poll(() => played.requests.length, soon).toBe(1);
    const second = await http.post(path, { ...aCreateBody, fullName: 'Another' }, { 'idempotency-key': 'key-1' });
    expect(second).toMatchObject({ status: 422, json: { errorCode: 'IDEMPOTENCY_KEY_REUSED', detail: 'Use a new key.' } });
    expect(await first).toMatchObject({ status: 200, json: { deploymentState: 'Deployed' } });
  });

  it('does not answer a repeated request with what the log said before it was accepted', async () => {
    const { http, played } = await set({ times: quick });
    const problem = { field: '', code: 'MS_TENANT_CHECK_UNAVAILABLE', message: 'No answer.' };
    played.onRequest = (request) => played.keep([Story.of(request).accepted(), Story.of(request).rejected(503, [problem])]);
    const answer = http.post(path, aCreateBody, { 'idempotency-key': 'key-1' });
    await expect.poll(() => played.asked.length, soon).toBeGreaterThan(1);

    const [request] = played.requests;
    const story = Story.of(request!);
    const secondRound = [...story.deployed(2).slice(0, -1), story.completed('Deployed', 7, undefined, 2)];
    played.onRequest = () => undefined;
    await played.keep([story.accepted(), story.rejected(503, [problem]), ...secondRound]);
    await played.tell(secondRound, request!);
    expect(await answer).toMatchObject({ status: 200, json: { deploymentState: 'Deployed' } });
  });

  it('finds the outcome in the log when every copy was lost', async () => {
    const { http, played } = await set({ times: quick });
    played.onRequest = (request) => played.keep(Story.of(request).deployed());
    expect(await http.post(path, aCreateBody)).toMatchObject({ status: 200, json: { deploymentState: 'Deployed', progressDetails: fourSteps } });
  });

  it('sends the same message again until it is accepted, and no more', async () => {
    const { http, played } = await set({ times: quick });
    played.onRequest = async (request) => {
      if (played.requests.length === 3) await played.tell([Story.of(request).accepted()], request);
    };
    const answer = http.post(path, aCreateBody);
    await expect.poll(() => played.requests.length, soon).toBe(3);
    // Two questions later it would have been repeated.
    const askedThen = played.asked.length;
    await expect.poll(() => played.asked.length, soon).toBeGreaterThan(askedThen + 2);
    expect(new Set(played.requests.map(({ id }) => id)).size).toBe(1);
    expect(played.requests).toHaveLength(3);
    await played.tell(Story.of(played.requests[0]!).deployed(), played.requests[0]!);
    expect((await answer).status).toBe(200);
  });

  it.each([
    ['with a key', { 'idempotency-key': 'key-1' }, /same Idempotency-Key/],
    ['without a key', {}, /refused as a duplicate/],
  ])('answers 503 that it may still run when nobody accepts it in time, %s', async (_name, headers, advice) => {
    const { http, played } = await set({ budgetMs: 250, times: quick });
    const answer = await http.post(path, aCreateBody, headers);
    const deploymentId = played.requests[0]!.subject;
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' }, json: { errorCode: 'ACCEPTANCE_UNKNOWN', deploymentId, taskId: `wst_${deploymentId}` } });
    expect(answer.json).toMatchObject({ detail: expect.stringMatching(advice) as string });
  });

  it('answers 503 that nothing has happened when no queue takes the request', async () => {
    const nobody = new InProcessBroker({ ...topology, queues: topology.queues.map((queue) => ({ ...queue, bindings: [] })) });
    const { http } = await set({ open: () => new InProcessTransport(nobody), playsProvisioner: false });
    const answer = await http.post(path, aCreateBody);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' }, json: { errorCode: 'SERVICE_UNAVAILABLE' } });
    expect(answer.json).toMatchObject({ detail: expect.stringMatching(/nothing has happened/) as string });
  });

  it('answers 503 that nothing has happened when the transport is not connected', async () => {
    const { http, transport } = await set();
    await transport.close();
    const answer = await http.post(path, aCreateBody);
    expect(answer).toMatchObject({ status: 503, json: { errorCode: 'SERVICE_UNAVAILABLE' } });
    expect(await http.get('/health/ready')).toMatchObject({ status: 503, json: { reasons: ['transport (in-process) is closed'] } });
    expect(await http.get('/health/live')).toMatchObject({ status: 200 });
  });

  it('asks for all that is waited for in one question', async () => {
    const { http, played } = await set({ times: { ...quick, repeatMs: 60_000 } });
    played.onRequest = (request) => played.tell([Story.of(request).accepted()], request);
    const answers = Array.from({ length: 20 }, (_none, index) => http.post(path, { ...aCreateBody, shortName: `Name${index}` }));
    await expect.poll(() => played.asked.some((ids) => ids.length === 20), soon).toBe(true);
    for (const request of played.requests) await played.keep(Story.of(request).deployed());
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  });

  it('forgets callers who went away', async () => {
    const { gateway, played } = await set({ times: quick });
    const caller = new AbortController();
    const answer = fetch(`${gateway.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(aCreateBody), signal: caller.signal });
    await expect.poll(() => played.asked.length, soon).toBeGreaterThan(1);
    caller.abort();
    await expect(answer).rejects.toThrow();
    // Nothing is asked for, nothing is sent again: each would come within the tenth of a second that the other proves to have passed.
    const { http } = stage;
    const other = http.post(path, { ...aCreateBody, shortName: 'Other1' });
    await expect.poll(() => played.asked.filter((ids) => !ids.includes(played.requests[0]!.subject)).length, soon).toBeGreaterThan(2);
    expect(played.asked.at(-1)).toHaveLength(1);
    const last = played.requests.at(-1)!;
    await played.tell(Story.of(last).deployed(), last);
    expect((await other).json).toMatchObject({ customerId: 'Other1' });
  });

  it('answers 202 to those who still wait when it is told to stop, and takes nobody else', async () => {
    const { gateway, http, played } = await set({ times: { sweepMs: 10 } });
    played.onRequest = (request) => played.tell([Story.of(request).accepted()], request);
    const answer = http.post(path, aCreateBody);
    await expect.poll(() => played.requests.length, soon).toBe(1);
    const stopped = gateway.stop(AbortSignal.timeout(50));
    expect((await answer).status).toBe(202);
    await stopped;
    await expect(http.post(path, aCreateBody)).rejects.toThrow();
    expect(gateway.reasons()).toEqual(['stopping']);
  });

  it('passes the trace of the caller on', async () => {
    const { http, played } = await set();
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    played.onRequest = (request) => played.tell(Story.of(request).deployed(), request);
    await http.post(path, aCreateBody, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    expect(played.requests[0]!.traceparent).toContain(traceId);
  });
});
