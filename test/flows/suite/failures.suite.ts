import { eventually } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { aRequest, create, createdBy, type CreateBody, documentedRequest, expectDeployed, fullProgress, nothing, oneOfEach, standing } from './customers.js';
import { taskFor } from './reads.suite.js';
import type { Stage } from './stage.js';
import type { TaskBody } from './waiting.suite.js';

export function failures(stage: Stage): void {
  /** Deployment failed and everything of it is gone: on the peers, in the list, and its name is free. */
  async function expectUndone(request: CreateBody, reason: RegExp): Promise<void> {
    const answer = await create(stage, request);
    expect(answer.status, answer.text).toBe(200);
    const body = createdBy(answer);
    expect(body.deploymentState).toBe('Unknown');
    expect(body.errorDetails).toMatch(reason);
    expect(await standing(stage.simulators, request.shortName, body.id)).toEqual(nothing);

    const { http } = stage.app;
    expect((await http.get('/api/v2/customer')).text).not.toContain(body.id);
    expect((await http.get(`/api/v2/customer/${body.id}`)).json).toMatchObject({ SiteLocation: [{ sbcDeploymentState: 'Failed' }] });
    const task = (await http.get(await taskFor(stage, body.id))).json as TaskBody;
    expect(task).toMatchObject({ status: 'CompletedFailed', details: [body.errorDetails] });
    expect(task.executionMessages.map(({ level, message }) => `(${level}, ${message})`).join(';')).toBe(body.progressDetails);

    await stage.simulators.clearFaults();
    const again = expectDeployed(await create(stage, request));
    expect(again.id).not.toBe(body.id);
  }

  describe('a deployment that fails', () => {
    it.each([[3, 'before any row is active'], [9, 'with the IP Group active']])('at line %i of the script, %s, is undone and answered as 200 with the reason', async (line) => {
      const mark = await stage.simulators.mark();
      await stage.simulators.fault({ peer: 'sbc', id: 5, kind: 'fail-at-line', times: 1, params: { line } });
      const request = aRequest();
      await expectUndone(request, new RegExp(`^SBC rejected script at line ${line}: `));
      expect(await stage.simulators.calls({ peer: 'ovoc', method: 'POST' }, mark)).toHaveLength(4);
    });

    it('tells the failure and the cleanup in its progress', async () => {
      await stage.simulators.fault({ peer: 'sbc', id: 5, kind: 'fail-at-line', times: 1, params: { line: 9 } });
      const request = aRequest();
      const { errorDetails, progressDetails } = createdBy(await create(stage, request));
      expect(progressDetails).toBe([
        '(Information, MsTenantid is valid)', '(Information, Customer data created!)', `(Error, SBC sbc-onboarding failed for site ${request.shortName}: ${errorDetails})`,
        `(Warning, SBC sbc-cleanup done for site ${request.shortName}.)`,
      ].join(';'));
    });

    it('because the SBC refuses the account is not tried again', async () => {
      const mark = await stage.simulators.mark();
      await stage.simulators.fault({ peer: 'sbc', id: 5, kind: 'status', match: { method: 'PUT' }, params: { status: 401 } });
      await expectUndone(aRequest(), /^SBC rejected credentials/);
      expect(await stage.simulators.calls({ peer: 'sbc', method: 'PUT', path: '/incremental' }, mark)).toHaveLength(2);
    });

    it('because a table of the SBC is full is undone', async () => {
      await stage.simulators.fault({ peer: 'sbc', id: 5, kind: 'table-full', times: 1, params: { table: 'sbc routing ip2ip-routing' } });
      await expectUndone(aRequest(), /^SBC rejected script at line \d+: .*full/);
    });

    it.each(['lcCustomers', 'services', 'sites', 'links'])('because OVOC rejects the %s for good is undone on both peers', async (resource) => {
      await stage.simulators.fault({ peer: 'ovoc', kind: 'status', match: { method: 'POST', pathContains: `/topology/${resource}` }, params: { status: 400, body: '{"description":"No licence"}' } });
      await expectUndone(aRequest(), /^OVOC rejected: .*No licence/);
    });
  });

  describe('a peer that is in trouble for a while', () => {
    it.each([
      ['OVOC answers 500 twice', { peer: 'ovoc', kind: 'status', match: { method: 'POST', pathContains: '/topology/services' }, times: 2, params: { status: 500 } }],
      ['the SBC is synchronising', { peer: 'sbc', kind: 'status', match: { method: 'PUT' }, times: 1, params: { status: 409 } }],
      ['Microsoft is busy once', { peer: 'microsoft', kind: 'status', times: 1, params: { status: 503 } }],
    ] as const)('when %s, the deployment succeeds with one of each object', async (_name, fault) => {
      await stage.simulators.fault(fault);
      const request = aRequest({ msTenantId: await stage.simulators.addTenant() });
      const { id, progressDetails } = expectDeployed(await create(stage, request));
      expect(progressDetails).toBe(fullProgress(request.shortName));
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(oneOfEach);
    });

    it('loses the answer of each OVOC create: every customer has exactly one of each object', async () => {
      const resources = ['lcCustomers', 'services', 'sites', 'links'];
      const mark = await stage.simulators.mark();
      for (const resource of resources) await stage.simulators.fault({ peer: 'ovoc', kind: 'lost-answer', times: 1, match: { method: 'POST', pathContains: `/topology/${resource}` } });
      const requests = resources.map(() => aRequest());
      const answers = await Promise.all(requests.map((request) => create(stage, request)));
      for (const [index, answer] of answers.entries()) {
        const { customerId, id } = expectDeployed(answer);
        expect(customerId).toBe(requests[index]?.shortName);
        expect(await standing(stage.simulators, customerId, id)).toEqual(oneOfEach);
      }
      const lost = (await stage.simulators.calls({ peer: 'ovoc', method: 'POST' }, mark)).filter(({ faults = [] }) => faults.length > 0);
      expect(lost).toHaveLength(4);
    });

    it('loses the answer of the script: exactly one IP Group, and the script ran once', async () => {
      const mark = await stage.simulators.mark();
      await stage.simulators.fault({ peer: 'sbc', id: 4, kind: 'lost-answer', times: 1, match: { method: 'PUT' } });
      const request = aRequest({ siteLocation: { ...documentedRequest.siteLocation, sbcId: 4 } });
      const { id } = expectDeployed(await create(stage, request));
      expect(await standing(stage.simulators, request.shortName, id, 4)).toEqual(oneOfEach);
      expect(await stage.simulators.calls({ peer: 'sbc', method: 'PUT', path: '/incremental' }, mark)).toHaveLength(1);
    });

    it.each([
      ['restarts before it has saved', { kind: 'reboot-before-save' }],
      ['forgets what it has taken', { kind: 'forget-rows' }],
      ['forgets one of the rows', { kind: 'forget-rows', params: { table: 'sbc routing ip2ip-routing' } }],
      ['does not say whether the script worked', { kind: 'no-status' }],
      ['breaks off in the middle of its configuration', { kind: 'cut', match: { method: 'GET', pathContains: 'cliScript' }, params: { bytes: 400 } }],
      ['answers a save with 500', { kind: 'status', match: { method: 'POST' }, params: { status: 500 } }],
      ['breaks off in the middle of its answer', { kind: 'cut', match: { method: 'PUT' } }],
    ])('is an SBC that %s: deployed, there and saved', async (_name, fault) => {
      await stage.simulators.fault({ peer: 'sbc', id: 3, times: 1, ...fault });
      const request = aRequest({ siteLocation: { ...documentedRequest.siteLocation, sbcId: 3 } });
      const { id } = expectDeployed(await create(stage, request));
      expect(await standing(stage.simulators, request.shortName, id, 3)).toEqual(oneOfEach);
      await eventually('the rows to be saved', async () => (
        (await stage.simulators.savedRows(3, 'ip-group')).some(({ name }) => name === request.shortName)
        && (await stage.simulators.savedRows(3, 'sbc routing ip2ip-routing')).some((row) => row['route-name'] === `${request.shortName}-in`)
      ), 15_000);
    });

    it.each([
      ['closes each connection 1 ms after its answer', { kind: 'close-after', params: { ms: 1 } }],
      ['closes each connection 6 ms after its answer', { kind: 'close-after', params: { ms: 6 } }],
      ['closes each connection 20 ms after its answer', { kind: 'close-after', params: { ms: 20 } }],
      ['has closed each idle connection without a word', { kind: 'lost-on-idle' }],
    ])('is an SBC that %s: no step is tried again, and no script sent twice', async (_name, fault) => {
      const callsOf = async () => {
        const mark = await stage.simulators.mark();
        const request = aRequest({ siteLocation: { ...documentedRequest.siteLocation, sbcId: 4 } });
        const { id } = expectDeployed(await create(stage, request));
        expect(await standing(stage.simulators, request.shortName, id, 4)).toEqual(oneOfEach);
        return (await stage.simulators.calls({ peer: 'sbc', id: 4 }, mark)).map(({ answeredAt, method, path }) => ({ call: `${method} ${path}`, isLost: answeredAt === undefined }));
      };
      const undisturbed = await callsOf();
      await stage.simulators.fault({ peer: 'sbc', id: 4, ...fault });
      const calls = await callsOf();
      expect(calls.filter(({ isLost }) => !isLost)).toEqual(undisturbed);
      expect(calls.filter(({ call, isLost }) => isLost && call.startsWith('PUT'))).toEqual([]);
    });

    it('shows in OVOC late what was created: exactly one of each', async () => {
      await stage.simulators.fault({ peer: 'ovoc', kind: 'invisible', params: { ms: 400 }, match: { method: 'POST' } });
      const request = aRequest();
      const { id } = expectDeployed(await create(stage, request));
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(oneOfEach);
    });

    it('creates an OVOC object twice: the twin is taken away', async () => {
      await stage.simulators.fault({ peer: 'ovoc', kind: 'duplicate', times: 1, match: { method: 'POST', pathContains: '/topology/sites' } });
      const request = aRequest();
      const { id } = expectDeployed(await create(stage, request));
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(oneOfEach);
    });
  });

  describe('rows on one SBC', () => {
    it('of somebody else with the same name are left untouched: 200, Unknown, with the reason', async () => {
      const request = aRequest();
      await stage.simulators.plantRow(5, 'ip-group', { name: request.shortName, type: 'server', tags: 'Owner=somebody-else' });
      const before = (await stage.simulators.rows(5, 'ip-group')).filter(({ name }) => name === request.shortName);
      const mark = await stage.simulators.mark();
      const body = createdBy(await create(stage, request));
      expect(body).toMatchObject({ deploymentState: 'Unknown', errorDetails: expect.stringContaining('belongs to somebody else') as string });
      expect((await stage.simulators.rows(5, 'ip-group')).filter(({ name }) => name === request.shortName)).toEqual(before);
      expect(await stage.simulators.calls({ peer: 'sbc', method: 'PUT' }, mark)).toEqual([]);
      expect(await standing(stage.simulators, request.shortName, body.id)).toEqual({ ...nothing, ipGroups: 1 });
    });

    it('whose names are prefixes of each other do not disturb each other', async () => {
      const first = aRequest();
      const requests = [first, aRequest({ shortName: `${first.shortName}x` }), aRequest({ shortName: `${first.shortName}x-in` })];
      const bodies = (await Promise.all(requests.map((request) => create(stage, request)))).map(expectDeployed);
      const removed = await stage.app.http.delete(`/api/v2/customer/${bodies[1]?.id}`);
      expect([removed.status, removed.json]).toEqual([200, 1]);
      const standings = await Promise.all(bodies.map(({ customerId, id }) => standing(stage.simulators, customerId, id)));
      expect(standings).toEqual([oneOfEach, nothing, oneOfEach]);
    });
  });
}
