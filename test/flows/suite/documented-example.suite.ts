import { ownerMark } from '@trunkline/scripts';
import { describe, expect, it } from 'vitest';

import { aRequest, create, documentedRequest, expectDeployed, expectProblem, fullProgress, oneOfEach, standing } from './customers.js';
import type { Stage } from './stage.js';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function documentedExample(stage: Stage): void {
  describe('the documented example', () => {
    it('answers exactly the seven fields with the exact progress', async () => {
      const answer = await create(stage, documentedRequest);
      const body = expectDeployed(answer);
      expect(Object.keys(body).sort()).toEqual(['customerGuid', 'customerId', 'deploymentState', 'errorDetails', 'id', 'progressDetails', 'siteLocationIds']);
      expect(body).toMatchObject({ customerId: 'BradSB1E1', progressDetails: fullProgress('BradSB1E1') });
      expect(body.id).toMatch(guid);
      expect(body.customerGuid).toBe(body.id);
      expect(body.siteLocationIds).toEqual([expect.stringMatching(guid)]);
      expect(body.siteLocationIds).not.toContain(body.id);
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      expect(await standing(stage.simulators, 'BradSB1E1', body.id)).toEqual(oneOfEach);
    });

    it('marks what stands on the SBC as the customer\'s own, saved there', async () => {
      const request = aRequest({ scriptParameters: { CacProfile: '10 sessions', ProxySet: 'SIPTrunk' } });
      const { id } = expectDeployed(await create(stage, request));
      const [row] = (await stage.simulators.savedRows(5, 'ip-group')).filter(({ name }) => name === request.shortName);
      expect(row).toMatchObject({ 'tags': `Trunk=${documentedRequest.msTenantId};Own=${ownerMark(id)}`, 'cac-profile': '10 sessions', 'proxy-set-name': 'SIPTrunk' });
    });

    it.each([
      ['with the site in a list of one', () => aRequest({ siteLocation: [documentedRequest.siteLocation] })],
      ['with sbcid', () => aRequest({ siteLocation: { sbcid: 5, sbcOnboardingScript: 7, sbcCleanupScript: 700 } })],
      ['with other spellings of the names', () => aRequest({ msTenantId: undefined, MSTENANTID: documentedRequest.msTenantId.toUpperCase() })],
      ['without a full name', () => aRequest({ fullName: undefined })],
      ['of the kind that is told apart by its tenant', () => aRequest({ ovocCustomerType: 'TENANT_TYPE' })],
      ['with a channel as a text', () => aRequest({ channelId: '1574' })],
      ['with a channel as a number', () => aRequest({ channelId: 1575 })],
      ['with parameters as a list of names and values', () => aRequest({ scriptParameters: [{ name: 'CacProfile', value: '10 sessions' }] })],
      ['with parameters as a list of pairs', () => aRequest({ scriptParameters: [{ CACProfile: '50 sessions' }] })],
      ['with a built-in parameter at the top', () => aRequest({ 'Cac Profile': '10 sessions' })],
    ] as const)('is deployed %s', async (_name, build) => {
      const request = build();
      const isTenantType = request.ovocCustomerType === 'TENANT_TYPE';
      const body = expectDeployed(await create(stage, request));
      expect(body).toMatchObject({ customerId: request.shortName, progressDetails: fullProgress(request.shortName) });
      expect(await standing(stage.simulators, request.shortName, body.id)).toEqual(oneOfEach);
      const [link] = (await stage.simulators.ovocObjects(body.id)).links;
      expect(link).toMatchObject(isTenantType
        ? { linkType: 'TENANT', msTenantId: documentedRequest.msTenantId }
        : { linkType: 'IP_GROUP', ipGroupName: request.shortName });
    });

    it.each([
      ['by their numbers', { scriptParameters: { 'CustomVar.Variable1': 'pbx.example.net', 'CustomVar.Variable2': '5070', 'CustomVar.Variable3': 'hush' } }],
      ['by their names, in any case', { scriptParameters: { 'ippbx-proxyaddress': 'pbx.example.net', 'IPPBX-ProxyAddress-SIPPort': '5070', 'IPPBX-Password': 'hush' } }],
      ['at the top of the request', { 'IPPBX-ProxyAddress': 'pbx.example.net', 'IPPBX-ProxyAddress-SIPPort': 5070, 'CustomVar.Variable3': 'hush' }],
    ])('takes a script\'s own variables %s', async (_name, variables) => {
      const request = aRequest({ siteLocation: { sbcId: 4, sbcOnboardingScript: 8, sbcCleanupScript: 800 }, ...variables });
      expectDeployed(await create(stage, request));
      const [account] = (await stage.simulators.rows(4, 'sip-definition account')).filter((row) => row['account-name'] === `${request.shortName}-account`);
      expect(account).toMatchObject({ 'host-name': 'pbx.example.net:5070', 'password': 'hush', 'served-ip-group-name': request.shortName });
    });

    it('warns about a cleanup script of another onboarding script', async () => {
      await stage.app.rows(`
        INSERT INTO provisioner.script_template (id, name, script_type, script, related_scripts)
        SELECT 701, 'another', script_type, script, '{}' FROM provisioner.script_template WHERE id = 700`);
      try {
        const answer = await create(stage, aRequest({ siteLocation: { sbcId: 4, sbcOnboardingScript: 7, sbcCleanupScript: 701 } }));
        expect(expectDeployed(answer).progressDetails).toContain('(Warning, Cleanup script 701 is not related to onboarding script 7)');
      } finally {
        await stage.app.rows('DELETE FROM provisioner.script_template WHERE id = 701');
      }
    });

    it.each([
      ['would remove what the onboarding script does not make', { sbcOnboardingScript: 7, sbcCleanupScript: 800 }, {}, /removes sip-definition account ".*-account", which script 7 .* does not create/],
      ['would leave what it makes', { sbcOnboardingScript: 8, sbcCleanupScript: 700 }, { 'CustomVar.Variable1': 'pbx.example.net', 'CustomVar.Variable3': 'hush' },
        /does not remove sip-definition account "(.*-account)", which script 8 .* creates: add no sip-definition account "\1"/],
    ])('is not begun with a cleanup script that %s', async (_what, scripts, scriptParameters, message) => {
      const mark = await stage.simulators.mark();
      const answer = await create(stage, aRequest({ siteLocation: { sbcId: 5, ...scripts }, scriptParameters }));
      expect(expectProblem(answer, 400).errors).toContainEqual({ field: 'siteLocation.sbcCleanupScript', code: 'SCRIPT_WRONG_KIND', message: expect.stringMatching(message) as string });
      expect(await stage.simulators.calls({ peer: 'sbc', method: 'PUT' }, mark)).toEqual([]);
    });

    it('is served below /tenantui too', async () => {
      const answer = await stage.app.http.post('/tenantui/api/v2/customer', aRequest());
      expectDeployed(answer);
    });
  });
}
