import { deleteDeploymentId } from '@trunkline/contracts';
import { Story } from '@trunkline/testing';
import { afterEach, describe, expect, it } from 'vitest';

import { GatewayUnderTest, type GatewayUnderTestOptions } from '../gateway.testing.js';

const guid = '5d0a9d2e-6a3c-5c0e-8a55-0d8c0a8b7a10';
const path = `/api/v2/customer/${guid}`;
const task = `wst_${deleteDeploymentId(guid)}`;
const quick = { repeatMs: 100, askEveryMs: 150, sweepMs: 10 };

describe('removing a customer', () => {
  let stage: GatewayUnderTest;
  const set = async (options: GatewayUnderTestOptions = {}): Promise<GatewayUnderTest> => (stage = await GatewayUnderTest.set(options));
  afterEach(async () => { await stage.clear(); });

  it('answers 1 when everything is removed', async () => {
    const { http, played } = await set();
    played.onRequest = (request) => played.tell(Story.of(request).deleted(), request);
    const answer = await http.delete(path);
    expect(answer).toMatchObject({ status: 200, text: '1', headers: { 'content-type': 'application/json; charset=utf-8' } });
    expect(played.requests[0]).toMatchObject({ subject: deleteDeploymentId(guid), data: { customerGuid: guid } });
  });

  it('takes the GUID in any case', async () => {
    const { http, played } = await set();
    played.onRequest = (request) => played.tell(Story.of(request).deleted(), request);
    expect(await http.delete(`/api/v2/customer/${guid.toUpperCase()}`)).toMatchObject({ status: 200, text: '1' });
    expect(played.requests[0]!.subject).toBe(deleteDeploymentId(guid));
  });

  it('answers 202 with a task when something could not be removed', async () => {
    const { http, played } = await set();
    played.onRequest = (request) => {
      const story = Story.of(request);
      return played.tell([story.deleteAccepted(), story.completed('CleanupRequired', 2, 'SBC unreachable')], request);
    };
    expect(await http.delete(path)).toMatchObject({ status: 202, headers: { location: `/api/v2/task/${task}` }, json: { taskId: task } });
  });

  it('answers 202 with a task when it takes longer', async () => {
    const { http, played } = await set({ budgetMs: 200, times: quick });
    played.onRequest = (request) => played.tell([Story.of(request).deleteAccepted()], request);
    expect(await http.delete(path)).toMatchObject({ status: 202, headers: { location: `/api/v2/task/${task}` }, json: { taskId: task } });
  });

  it('answers the documented sentence when there is no such customer', async () => {
    const { http, played } = await set();
    played.onRequest = (request) => played.tell([Story.of(request).refusal(request.id, 404, 'CUSTOMER_NOT_FOUND', 'no')], request);
    expect(await http.delete(path)).toMatchObject({ status: 404, text: `"Customer with ${guid} not found"`, headers: { 'content-type': 'application/json; charset=utf-8' } });
  });

  it.each(['17', 'not-a-guid', '5d0a9d2e6a3c5c0e8a550d8c0a8b7a10', 'a'.repeat(400), '%22%3Cscript%3E'])('answers the same sentence for %s, which is no GUID', async (id) => {
    const { http, played } = await set();
    expect(await http.delete(`/api/v2/customer/${id}`)).toMatchObject({ status: 404, json: `Customer with ${decodeURIComponent(id)} not found` });
    expect(played.requests).toEqual([]);
  });

  it('is not answered by a removal that ended before it was asked for', async () => {
    const { http, played } = await set({ times: quick });
    await played.keep(new Story(deleteDeploymentId(guid), 'Northwind7', guid).deleted());
    played.onRequest = async (request) => {
      if (played.asked.length > 1) await played.tell([Story.of(request).refusal(request.id, 404, 'CUSTOMER_NOT_FOUND', 'no')], request);
    };
    expect(await http.delete(path)).toMatchObject({ status: 404 });
  });

  it('joins callers who ask at the same time', async () => {
    const { http, played } = await set();
    played.onRequest = async (request) => {
      const story = Story.of(request);
      await played.tell(played.requests.length < 2 ? [story.deleteAccepted()] : story.deleted(), request);
    };
    const answers = await Promise.all([http.delete(path), http.delete(path)]);
    expect(answers.map(({ text }) => text)).toEqual(['1', '1']);
  });

  it('reads and ignores a body', async () => {
    const { http, played } = await set();
    played.onRequest = (request) => played.tell(Story.of(request).deleted(), request);
    expect(await http.send('DELETE', path, { raw: 'x=1', headers: { 'content-type': 'text/plain' } })).toMatchObject({ status: 200, text: '1' });
  });
});
