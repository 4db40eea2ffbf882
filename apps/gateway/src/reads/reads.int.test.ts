import { Story } from '@trunkline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { GatewayUnderTest } from '../gateway.testing.js';

const guid = '5d0a9d2e-6a3c-5c0e-8a55-0d8c0a8b7a10';
const deploymentId = '7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11';
const brief = { customerGuid: guid, shortName: 'Northwind7', fullName: 'Northwind Traders Ltd', licenseType: 0, msTenantId: 't' };
const sbc = { id: 5, ovocSbcId: 405, name: 'sbc-eu-1', fqdn: 'eu1.example.net', region: 'EMEA', configurationTypes: ['SipTrunk'], carriers: ['c'], proxySets: ['p'], cacProfiles: ['10 sessions'] };

describe('reading', () => {
  let stage: GatewayUnderTest;
  beforeEach(async () => {
    stage = await GatewayUnderTest.set();
    const { played } = stage;
    played.customers = [brief];
    played.details.set(guid, {
      ...brief, ovocCustomerType: 'IPGROUP_TYPE', channelId: null, lcCustomerId: null,
      sites: [{ siteGuid: 's', name: 'Northwind7', sbcId: 5, sbcDeploymentState: 'Deployed', sbcConfigurationType: 'SipTrunk' }],
    });
    played.sbcs = [sbc];
    played.scripts = [{ id: 7, name: 'sbc-scenario7', scriptType: 1, version: 1, script: 'configure voip', customerVariables: [], relatedScripts: [{ key: 700, value: 'c' }] }];
    await played.keep(new Story(deploymentId, 'Northwind7', guid).deployed(), '2026-03-01T12:00:09.000Z');
  });
  afterEach(async () => { await stage.clear(); });

  it.each([
    ['/api/v2/customer', [{ Id: guid, ShortName: 'Northwind7', FullName: 'Northwind Traders Ltd', LicenseType: 0 }]],
    [`/api/v2/customer/${guid}`, { Id: guid, SiteLocation: [{ id: 's', name: 'Northwind7', sbcId: 5, sbcDeploymentState: 'Deployed' }] }],
    [`/api/v2/customer/${guid.toUpperCase()}`, { Id: guid }],
    [`/api/v3/customer/${guid}?allDetails=true`, { UmpCustomerGuid: guid, SiteLocation: [{ id: 's', sbcConfigurationType: 'SipTrunk' }] }],
    ['/api/v2/sbc', [sbc]],
    ['/api/v2/sbc/', [sbc]],
    ['/api/v2/sbc/5', sbc],
    ['/api/v2/scaling', { busyDevices: 17, devicesPerAgent: 16, agentsWanted: 2, agentsSeen: 1, oldestWaitSeconds: 4 }],
    ['/api/v2/scripttemplates', [{ id: 7, name: 'sbc-scenario7', script: null, relatedScripts: [{ key: 700, value: 'c' }] }]],
    ['/api/v2/scripttemplates?scriptType=SBC&allDetails=true', [{ id: 7, script: 'configure voip' }]],
    ['/api/v2/scripttemplates?scriptType=M365', []],
    [`/api/v2/task/wst_${deploymentId}`, { id: `wst_${deploymentId}`, status: 'CompletedSuccess', details: [null], outputData: { umpCustomerGuid: guid } }],
  ])('%s answers what is known, through both doors', async (path, expected) => {
    for (const door of ['', '/tenantui']) {
      const answer = await stage.http.get(door + path);
      expect(answer).toMatchObject({ status: 200, json: expected });
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    }
  });

  it('has sites in v3 only with all details', async () => {
    expect((await stage.http.get(`/api/v3/customer/${guid}`)).json).not.toHaveProperty('SiteLocation');
  });

  it('tells how many script templates there are on all pages', async () => {
    expect((await stage.http.get('/api/v2/scripttemplates?pageNumber=3')).headers['x-total-count']).toBe('1');
  });

  it.each([
    ['/api/v2/customer/5d0a9d2e-6a3c-5c0e-8a55-0d8c0a8b7a11', 404],
    ['/api/v2/customer/17', 404],
    ['/api/v3/customer/17', 404],
    ['/api/v2/task/wst_7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c12', 404],
    ['/api/v2/task/tsk_17', 404],
    ['/api/v2/sbc/6', 404],
    ['/api/v2/sbc/5.0', 404],
    [`/api/v3/customer/${guid}?allDetails=perhaps`, 400],
    ['/api/v2/scripttemplates?pageSize=0', 400],
  ])('%s is a problem with %s', async (path, status) => {
    const answer = await stage.http.get(path);
    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' }, json: { status, instance: path.split('?')[0] } });
  });
});

describe('reading without anybody who answers', () => {
  it('is 503 and says when to come again', async () => {
    const stage = await GatewayUnderTest.set();
    await stage.transport.close();
    expect(await stage.http.get('/api/v2/customer')).toMatchObject({ status: 503, headers: { 'retry-after': '5' }, json: { errorCode: 'SERVICE_UNAVAILABLE' } });
    await stage.clear();
  });
});
