import { ownerMark } from '@trunkline/scripts';
import { withClient } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { aRequest, create, createdBy, expectDeployed, expectProblem } from './customers.js';
import type { Stage } from './stage.js';

export const taskOf = (deploymentId: string): string => `/api/v2/task/wst_${deploymentId}`;

/** The task of a customer's newest deployment of this kind. */
export async function taskFor(stage: Stage, customerGuid: string, kind: 'create' | 'delete' = 'create'): Promise<string> {
  const [row] = await stage.app.rows<{ id: string }>('SELECT id FROM provisioner.deployment WHERE customer_guid = $1 AND kind = $2', [customerGuid, kind]);
  if (!row) throw new Error(`no ${kind} of ${customerGuid}`);
  return taskOf(row.id);
}

export function reads(stage: Stage): void {
  describe('reads after a create', () => {
    it('show the customer in every shape there is', async () => {
      const request = aRequest({ fullName: 'O\'Neill & Søns Ltd.' });
      const { id, siteLocationIds: [siteId] } = expectDeployed(await create(stage, request));
      const { http } = stage.app;
      const brief = { Id: id, ShortName: request.shortName, FullName: 'O\'Neill & Søns Ltd.', LicenseType: 0 };
      const site = { id: siteId, name: request.shortName, sbcId: 5, sbcDeploymentState: 'Deployed' };

      const list = await http.get('/api/v2/customer');
      expect(list.status).toBe(200);
      expect(list.json).toContainEqual(brief);

      const v2 = await http.get(`/api/v2/customer/${id}`);
      expect(v2.status).toBe(200);
      expect(v2.json).toEqual({ ...brief, OwnerMark: ownerMark(id), SiteLocation: [site] });

      const service = {
        UmpCustomerGuid: id, CustomerShortName: request.shortName, CustomerFullName: 'O\'Neill & Søns Ltd.', LicenseType: 0, LicensedUsersCount: null,
        MsTenantId: request.msTenantId, ActiveUserCount: 0, LiveHubActiveUsersCount: null, LiveHubSimpleUsersCount: null,
      };
      expect((await http.get(`/api/v3/customer/${id}`)).json).toEqual(service);
      expect((await http.get(`/api/v3/customer/${id.toUpperCase()}?allDetails=true`)).json).toEqual({ ...service, OwnerMark: ownerMark(id), SiteLocation: [{ ...site, sbcConfigurationType: 'SipTrunk' }] });
    });

    it('show the deployment as a task', async () => {
      const before = Date.now();
      const request = aRequest();
      const { id, progressDetails } = expectDeployed(await create(stage, request));
      const task = await stage.app.http.get(await taskFor(stage, id));
      expect(task.status).toBe(200);
      const body = task.json as { createTime: string; completeTime: string; executionMessages: { level: string; message: string }[] };
      expect(body).toMatchObject({ status: 'CompletedSuccess', details: [null], outputData: { umpCustomerGuid: id }, cancellationRequested: null });
      expect(body.executionMessages.map(({ level, message }) => `(${level}, ${message})`).join(';')).toBe(progressDetails);
      for (const time of [body.createTime, body.completeTime]) expect(Date.parse(time)).toBeGreaterThan(before - 5_000);
      expect(Date.parse(body.completeTime)).toBeGreaterThanOrEqual(Date.parse(body.createTime));
    });

    it('show what agents are scaled by', async () => {
      const { json, status } = await stage.app.http.get('/api/v2/scaling');
      expect([status, json]).toMatchObject([200, { devicesPerAgent: 16, agentsWanted: 1, agentsSeen: 1 }]);
      expect(Object.keys(json as object)).toEqual(['busyDevices', 'devicesPerAgent', 'agentsWanted', 'agentsSeen', 'oldestWaitSeconds']);
    });

    it('show it to the role of autoscalers, which is refused every other relation of the services', async () => {
      const relations = await stage.app.rows<{ name: string }>(`
        SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('provisioner', 'sbc_agent', 'ovoc_sync', 'public') AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`);
      const readable: string[] = [];
      await withClient(stage.app.database.trunkline_scaler, async (client) => {
        for (const { name } of relations) {
          await client.query(`SELECT * FROM ${name}`).then(() => readable.push(name), (error: unknown) => { expect(error, name).toMatchObject({ code: '42501' }); });
        }
        await expect(client.query('DELETE FROM sbc_agent.scaling')).rejects.toThrow();
      });
      expect(relations.map(({ name }) => name)).toEqual(expect.arrayContaining(['provisioner.deployment', 'sbc_agent.job', 'sbc_agent.job_id_seq', 'ovoc_sync.outbox']));
      expect(readable).toEqual(['sbc_agent.scaling']);
    });

    it('show the SBCs without any access to them', async () => {
      const { json, text } = await stage.app.http.get('/api/v2/sbc');
      expect((json as { id: number }[]).map(({ id }) => id)).toEqual([3, 4, 5]);
      expect(json).toContainEqual(expect.objectContaining({ id: 5, ovocSbcId: 405, fqdn: 'sbc5.example.net', cacProfiles: ['10 sessions', '50 sessions'], proxySets: ['SIPTrunk', 'Teams-OC'] }));
      expect(text).not.toMatch(/admin|password|127\.0\.0\.1/i);
      expect((await stage.app.http.get('/api/v2/sbc/4')).json).toMatchObject({ id: 4, name: 'sbc4' });
    });

    it.each([
      ['', [7, 8, 700, 800]],
      ['?pageSize=3', [7, 8, 700]],
      ['?pageNumber=1&pageSize=3', [800]],
      ['?scriptType=M365', []],
      ['?scriptType=SBC&pageSize=1', [7]],
    ])('show the script templates, paged and filtered by "%s"', async (query, ids) => {
      const { json, status } = await stage.app.http.get(`/api/v2/scripttemplates${query}`);
      expect(status).toBe(200);
      expect((json as { id: number }[]).map(({ id }) => id)).toEqual(ids);
    });

    it('show a script\'s text and variables when asked for all details', async () => {
      const [first, second] = (await stage.app.http.get('/api/v2/scripttemplates?allDetails=true')).json as { script: string; customerVariables: string[]; relatedScripts: unknown }[];
      expect(first).toMatchObject({ name: 'sbc-scenario7', scriptType: 1, relatedScripts: [{ key: 700, value: 'sbc-scenario7Cleanup' }] });
      expect(first?.script).toContain('ip-group new');
      expect(second?.customerVariables).toEqual(['IPPBX-ProxyAddress', 'IPPBX-ProxyAddress-SIPPort', 'IPPBX-Password']);
    });

    it.each([
      '/api/v2/customer/6f13ccee-d21d-5a72-8226-81e9e84470fd', '/api/v2/customer/nonsense', '/api/v3/customer/6f13ccee-d21d-5a72-8226-81e9e84470fd',
      '/api/v2/task/wst_6f13ccee-d21d-5a72-8226-81e9e84470fd', '/api/v2/task/tsk_0', '/api/v2/sbc/9', '/api/v2/nothing',
    ])('answer 404 for %s', async (path) => {
      expectProblem(await stage.app.http.get(path), 404);
    });

    it('show a customer that is still being made as being deployed', async () => {
      await stage.simulators.fault({ peer: 'sbc', kind: 'hold-before', match: { method: 'PUT' }, times: 1 });
      const request = aRequest();
      const pending = create(stage, request);
      await stage.simulators.waitForCall({ peer: 'sbc', method: 'PUT', path: '/incremental' });
      const [brief] = ((await stage.app.http.get('/api/v2/customer')).json as { Id: string; ShortName: string }[]).filter(({ ShortName }) => ShortName === request.shortName);
      const during = await stage.app.http.get(`/api/v2/customer/${brief?.Id}`);
      const task = await stage.app.http.get(await taskFor(stage, brief?.Id ?? ''));
      await stage.simulators.release();
      expect(createdBy(await pending)).toMatchObject({ deploymentState: 'Deployed', id: brief?.Id });
      expect(during.json).toMatchObject({ SiteLocation: [{ sbcDeploymentState: 'Deploying' }] });
      expect(task.json).toMatchObject({ status: 'InProgress', completeTime: null, executionMessages: [{ message: 'MsTenantid is valid' }, { message: 'Customer data created!' }] });
    });
  });
}
