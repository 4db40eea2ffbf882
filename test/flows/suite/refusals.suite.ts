import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { aName, aRequest, create, createdBy, documentedRequest, expectDeployed, expectProblem, oneOfEach, type ProblemBody, standing } from './customers.js';
import type { Stage } from './stage.js';

const codes = ({ errors = [] }: ProblemBody): string[] => errors.map(({ code, field }) => `${field} ${code}`).sort();

export function refusals(stage: Stage): void {
  async function isStored(name: string): Promise<boolean> {
    return (await stage.app.rows('SELECT 1 FROM provisioner.customer WHERE short_name = $1', [name])).length > 0;
  }

  describe('a request that is refused', () => {
    it('names an unknown tenant; no record is made, no SBC and no OVOC is called', async () => {
      const mark = await stage.simulators.mark();
      const request = aRequest({ msTenantId: randomUUID() });
      expect(codes(expectProblem(await create(stage, request), 400))).toEqual(['msTenantId MS_TENANT_ID_NOT_FOUND']);
      expect((await stage.simulators.calls({}, mark)).map(({ peer }) => peer)).not.toContain('sbc');
      expect(await stage.simulators.calls({ peer: 'ovoc' }, mark)).toEqual([]);
      expect(await isStored(request.shortName)).toBe(false);
    });

    it.each([
      ['answers 500', { kind: 'status', params: { status: 500 } }],
      ['answers with a page', { kind: 'html' }],
      ['resets the connection', { kind: 'refuse', probability: 1 }],
      ['names another tenant', { kind: 'wrong-issuer' }],
    ])('may be sent again when Microsoft %s: 503, nothing stored, then the same request succeeds', async (_name, fault) => {
      const msTenantId = await stage.simulators.addTenant();
      const request = aRequest({ msTenantId });
      const headers = { 'Idempotency-Key': randomUUID() };
      await stage.simulators.fault({ peer: 'microsoft', ...fault });
      const answer = await create(stage, request, headers);
      expect(expectProblem(answer, 503).errorCode).toBe('MS_TENANT_CHECK_UNAVAILABLE');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(await isStored(request.shortName)).toBe(false);
      await stage.simulators.clearFaults();
      expectDeployed(await create(stage, request, headers));
    });

    it.each([['inactive', /blocked this tenant because it was not in use/], ['decommissioned', /blocked or decommissioned/]] as const)(
      'says what Microsoft says of a tenant that is blocked as %s', async (blocked, words) => {
        const problem = expectProblem(await create(stage, aRequest({ msTenantId: await stage.simulators.addTenant(blocked) })), 400);
        expect(codes(problem)).toEqual(['msTenantId MS_TENANT_ID_NOT_ALLOWED']);
        expect(problem.errors?.[0]?.message).toMatch(words);
      },
    );

    it('tells everything that is wrong at once', async () => {
      const answer = await create(stage, aRequest({
        siteLocation: { sbcId: 99, sbcOnboardingScript: 700, sbcCleanupScript: 4711 }, msTenantId: randomUUID(), channelId: 9999,
      }));
      expect(codes(expectProblem(answer, 400))).toEqual([
        'channelId CHANNEL_NOT_FOUND', 'msTenantId MS_TENANT_ID_NOT_FOUND', 'siteLocation.sbcCleanupScript SCRIPT_NOT_FOUND', 'siteLocation.sbcId SBC_NOT_FOUND',
        'siteLocation.sbcOnboardingScript SCRIPT_WRONG_KIND',
      ]);
    });

    const script8 = { sbcId: 5, sbcOnboardingScript: 8, sbcCleanupScript: 800 };
    it.each([
      ['an LC customer that is not there', { lcCustomerId: 999999 }, ['lcCustomerId LC_CUSTOMER_NOT_FOUND']],
      ['a property that is no variable of the script', { Colour: 'blue' }, ['Colour UNKNOWN_PROPERTY']],
      ['a parameter that is no variable of the script', { scriptParameters: { Colour: 'blue' } }, ['scriptParameters["Colour"] UNKNOWN_SCRIPT_PARAMETER']],
      ['more variables than the script declares', { scriptParameters: { 'CustomVar.Variable1': 'x' } }, ['scriptParameters["CustomVar.Variable1"] UNKNOWN_SCRIPT_PARAMETER']],
      ['a profile that the SBC does not have', { scriptParameters: { CacProfile: '11 sessions' } }, ['scriptParameters["CacProfile"] SCRIPT_PARAMETER_VALUE']],
      ['a proxy set that the SBC does not have', { scriptParameters: { ProxySet: 'None' } }, ['scriptParameters["ProxySet"] SCRIPT_PARAMETER_VALUE']],
    ])('names %s', async (_name, changes, expected) => {
      expect(codes(expectProblem(await create(stage, aRequest(changes)), 400))).toEqual(expected);
    });

    it('names every variable that the script misses', async () => {
      const { errors = [] } = expectProblem(await create(stage, aRequest({ siteLocation: script8 })), 400);
      expect(errors.map(({ code }) => code)).toEqual(['MISSING_SCRIPT_PARAMETER', 'MISSING_SCRIPT_PARAMETER']);
      expect(errors.map(({ message }) => message).join()).toMatch(/IPPBX-ProxyAddress.*IPPBX-Password/);
    });

    it('gives the same variable by name and by number with different values', async () => {
      const scriptParameters = { 'IPPBX-ProxyAddress': 'a.example.net', 'CustomVar.Variable1': 'b.example.net', 'CustomVar.Variable3': 'x' };
      const { errors = [] } = expectProblem(await create(stage, aRequest({ siteLocation: script8, scriptParameters })), 400);
      expect(errors.map(({ code }) => code)).toEqual(['SCRIPT_PARAMETER_CONFLICT']);
    });
  });

  describe('a name that is in use', () => {
    it('goes to one of two parallel requests: 200 and 409', async () => {
      const request = aRequest();
      const answers = await Promise.all([create(stage, request), create(stage, request)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const [won, lost] = answers.sort((a, b) => a.status - b.status);
      expect(codes(expectProblem(lost, 409))).toEqual(['shortName SHORT_NAME_NOT_UNIQUE']);
      expect(await standing(stage.simulators, request.shortName, expectDeployed(won).id)).toEqual(oneOfEach);
    });

    it.each([
      ['in the same tenant on another SBC', { siteLocation: { ...documentedRequest.siteLocation, sbcId: 4 } }],
      ['in another tenant on the same SBC', { msTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11' }],
    ])('can\'t be had again %s, nor in other letters', async (_name, changes) => {
      const request = aRequest();
      expectDeployed(await create(stage, request));
      expectProblem(await create(stage, { ...request, ...changes, shortName: request.shortName.toUpperCase() }), 409);
    });

    it('can be had in another tenant on another SBC', async () => {
      const request = aRequest();
      const first = expectDeployed(await create(stage, request));
      const second = expectDeployed(await create(stage, { ...request, msTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11', siteLocation: { ...documentedRequest.siteLocation, sbcId: 4 } }));
      expect(first.id).not.toBe(second.id);
    });
  });

  describe('an Idempotency-Key', () => {
    it('makes one flow of parallel requests, with equal answers', async () => {
      const mark = await stage.simulators.mark();
      const request = aRequest();
      const headers = { 'Idempotency-Key': randomUUID() };
      const answers = await Promise.all([1, 2, 3].map(() => create(stage, request, headers)));
      const { id } = expectDeployed(answers[0]!);
      for (const { json, status } of answers) expect([status, json]).toEqual([200, answers[0]?.json]);
      expect(await stage.simulators.calls({ peer: 'sbc', method: 'PUT', path: '/incremental' }, mark)).toHaveLength(1);
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(oneOfEach);
    });

    it('replays the stored answer, also to a request that only spells the body differently', async () => {
      const mark = await stage.simulators.mark();
      const { msTenantId, ...rest } = aRequest();
      const headers = { 'Idempotency-Key': randomUUID() };
      const first = await create(stage, { ...rest, msTenantId }, headers);
      const again = await create(stage, { MSTENANTID: String(msTenantId).toUpperCase(), ...rest }, headers);
      expectDeployed(first);
      expect(again.json).toEqual(first.json);
      expect(await stage.simulators.calls({ peer: 'sbc', method: 'PUT', path: '/incremental' }, mark)).toHaveLength(1);
    });

    it('refuses another body under the same key with 422, while the first runs and after', async () => {
      const name = aName();
      const headers = { 'Idempotency-Key': randomUUID() };
      await stage.simulators.fault({ peer: 'sbc', kind: 'hold-before', match: { method: 'PUT' }, times: 1 });
      const pending = create(stage, aRequest({ shortName: name }), headers);
      await stage.simulators.waitForCall({ peer: 'sbc', method: 'PUT', path: '/incremental' });
      const during = await create(stage, aRequest(), headers);
      await stage.simulators.release();
      expect(createdBy(await pending)).toMatchObject({ customerId: name, deploymentState: 'Deployed' });
      const after = await create(stage, aRequest(), headers);
      for (const answer of [during, after]) expect(expectProblem(answer, 422).errorCode).toBe('IDEMPOTENCY_KEY_REUSED');
    });

    it('replays a refusal that is final', async () => {
      const request = aRequest({ msTenantId: randomUUID() });
      const headers = { 'Idempotency-Key': randomUUID() };
      const [first, again] = [await create(stage, request, headers), await create(stage, request, headers)];
      expect(codes(expectProblem(first, 400))).toEqual(codes(expectProblem(again, 400)));
    });
  });
}
