import { eventually, type InventoryChange, type RowEdit, withExamples } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { examplePair } from '../devices/example-pairs.js';
import { exampleSite, expectRows, rowsOfSite } from '../devices/example-sites.js';
import { pairLife } from '../devices/pair-life.suite.js';
import { aRequest, create, createdBy, expectDeployed, expectProblem } from './suite/customers.js';
import { setStage } from './suite/stage.js';

const unstated = `configure voip
 ip-group new
  name "{{IpGroupName}}"
  sip-connect no
  tags "Own={{OwnerMark}}"
  activate
 exit
exit`;
const longRule = `configure voip
 sbc dial-plan "Tenants"
  dial-plan-rule new
   name "{{IpGroupName}}-rule"
   prefix "+4989"
   activate
  exit
 exit
exit`;

/** The examples; two pairs that miss something; and an SBC of which something is stated. */
const inventory: InventoryChange = (shipped) => {
  const { sbcs, scriptTemplates } = withExamples(shipped);
  const pair = (id: number, onboarding: string, cleanup: string) => [
    { id, name: `pair-${id}`, scriptType: 1, script: onboarding, customerVariables: [], relatedScripts: [id * 100] },
    { id: id * 100, name: `pair-${id}-cleanup`, scriptType: 2, script: cleanup, customerVariables: [], relatedScripts: [id] },
  ];
  const facts = { defaults: { 'ip-group': { 'sip-connect': 'no' } }, limits: { 'sbc routing ip2ip-routing': { 'route-name': { characters: 12 } } } };
  return {
    sbcs: sbcs.map((sbc) => (sbc.id === 3 ? { ...sbc, ...facts } : sbc)),
    scriptTemplates: [
      ...scriptTemplates, ...pair(41, unstated, 'configure voip\n no ip-group "{{IpGroupName}}"\nexit'),
      ...pair(42, longRule, 'configure voip\n sbc dial-plan "Tenants"\n  no dial-plan-rule "{{IpGroupName}}-rule"\n exit\nexit'),
    ],
  };
};

describe('example pairs', () => {
  const stage = setStage('standalone in process', {}, inventory);
  const site = (id: number, sbcId = 5) => ({ sbcId, sbcOnboardingScript: id, sbcCleanupScript: id * 100 });
  const scriptsSent = (since: number) => stage.simulators.calls({ peer: 'sbc', method: 'PUT', path: '/incremental' }, since);
  const remove = async (id: string) => (await stage.app.http.delete(`/api/v2/customer/${id}`)).status;

  pairLife(stage, examplePair('08-alternative-routes'), 5);
  pairLife(stage, examplePair('11-cac-profile'), 4);
  pairLife(stage, examplePair('12-as-pasted'), 5);

  describe.each([5, 4])('the dial plan that all share, on SBC %i', (sbcId) => {
    const rules = async () => (await stage.simulators.rows(sbcId, 'sbc dial-plan'))[0]?.children?.['dial-plan-rule'] ?? [];

    it('gets a rule of each customer and loses that one alone, whoever else comes and goes', async () => {
      const before = await stage.simulators.tables(sbcId);
      const sites = [1, 2, 3].map(() => exampleSite(examplePair('04-derived-trunk'), sbcId));
      const [first, second] = (await Promise.all(sites.slice(0, 2).map(({ request }) => create(stage, request)))).map((answer) => expectDeployed(answer).id);
      expectRows([...rowsOfSite(sites[0]!, first!), ...rowsOfSite(sites[1]!, second!)], (await stage.simulators.tables(sbcId)).running);

      const [third, removed] = await Promise.all([create(stage, sites[2]!.request), remove(first!)]);
      expect(removed).toBe(200);
      const seeded = before.running['sbc dial-plan']?.[0]?.children?.['dial-plan-rule']?.map(({ name }) => name) ?? [];
      expect((await rules()).map(({ name }) => name).sort()).toEqual([...seeded, sites[1]!.shortName, sites[2]!.shortName].sort());
      expectRows([...rowsOfSite(sites[1]!, second!), ...rowsOfSite(sites[2]!, expectDeployed(third).id)], (await stage.simulators.tables(sbcId)).running);

      expect(await Promise.all([second!, createdBy(third).id].map(remove))).toEqual([200, 200]);
      expect(await stage.simulators.tables(sbcId)).toEqual(before);
    });

    it('keeps a rule of the customer\'s name that somebody else has made', async () => {
      const { request, shortName } = exampleSite(examplePair('04-derived-trunk'), sbcId);
      const index = Math.max(...(await rules()).map((row) => row.index)) + 1;
      const edit = (values: Record<string, string> | null) => (
        stage.simulators.editRow(sbcId, 'sbc dial-plan', 0, { children: { 'dial-plan-rule': { [index]: values && { values } } } }));
      await edit({ name: shortName, prefix: '+1', tag: 'somebody' });
      const before = await stage.simulators.tables(sbcId);
      expect(createdBy(await create(stage, request))).toMatchObject({ deploymentState: 'Unknown', errorDetails: expect.stringContaining('belongs to somebody else') as string });
      expect(await stage.simulators.tables(sbcId)).toEqual(before);
      await edit(null);
    });
  });

  it('changed by hand before they were read back are called Deployed only when they stand again', async () => {
    const changed = async (folder: string, sbcId: number, table: string, suffix: string, edit: RowEdit) => {
      const mark = await stage.simulators.mark();
      const own = exampleSite(examplePair(folder), sbcId);
      await stage.simulators.fault({ peer: 'sbc', id: sbcId, kind: 'hold-after', match: { method: 'PUT' }, times: 1 });
      const pending = create(stage, own.request);
      await stage.simulators.waitForCall({ peer: 'sbc', id: sbcId, method: 'PUT', path: '/incremental' }, { since: mark });
      const row = (await stage.simulators.rows(sbcId, table)).find((each) => Object.values(each).includes(`${own.shortName}${suffix}`));
      await stage.simulators.editRow(sbcId, table, row?.index ?? -1, edit);
      return { own, pending };
    };
    const sites = await Promise.all([
      changed('01-sip-trunk', 5, 'proxy-set', '', { values: { 'proxy-keep-alive-time': '31' } }),
      changed('06-profiles-and-coders', 4, 'ip-group', '', { notActivated: true }),
      changed('02-byoc', 3, 'proxy-set', '-carrier', { children: { 'proxy-ip': { 0: null } } }),
    ]);
    await stage.simulators.release();
    for (const { own, pending } of sites) {
      const { id } = expectDeployed(await pending);
      expectRows(rowsOfSite(own, id), (await stage.simulators.tables(own.sbcId)).running);
    }
  });

  describe('what can\'t work', () => {
    it('is a pair without an IP Group for IPGROUP_TYPE: 400', async () => {
      const { request } = exampleSite(examplePair('04-derived-trunk'), 5, { ovocCustomerType: 'IPGROUP_TYPE' });
      const { errors = [] } = expectProblem(await create(stage, request), 400);
      expect(errors).toMatchObject([{ field: 'ovocCustomerType', message: expect.stringContaining('no IP Group of the customer\'s own') as string }]);
    });

    it.each([
      ['wr', /line 42: "wr"/], ['rel now', /line 42: "rel now"/], ['configure voip\nproxy-ip 1/0', /line 43: two indexes/], ['dance the night away', /line 42: "dance/],
    ])('is a template that ends with %j: 400 with line and reason, and nothing is sent', async (lines, reason) => {
      const mark = await stage.simulators.mark();
      const [{ script } = { script: '' }] = await stage.app.rows<{ script: string }>('SELECT script FROM provisioner.script_template WHERE id = 27');
      const change = (text: string) => stage.app.rows('UPDATE provisioner.script_template SET script = $1, version = version + 1 WHERE id = 27', [text]);
      await change(`${script.trimEnd()}\n${lines}`);
      const { errors = [] } = expectProblem(await create(stage, exampleSite(examplePair('07-classification'), 5).request), 400);
      await change(script);
      expect(errors.map(({ field }) => field)).toEqual(['siteLocation.sbcOnboardingScript']);
      expect(errors[0]?.message).toMatch(reason);
      expect(await scriptsSent(mark)).toEqual([]);
    });

    it('is refused by the agent too, should it ever get there: nothing is sent', async () => {
      const mark = await stage.simulators.mark();
      await stage.simulators.fault({ peer: 'sbc', id: 5, kind: 'status', match: { method: 'GET' }, params: { status: 503 } });
      const { request, shortName } = exampleSite(examplePair('02-byoc'), 5);
      const pending = create(stage, request);
      await eventually('the script to be changed on its way', async () => (await stage.app.rows(`
        UPDATE sbc_agent.job SET payload = jsonb_set(payload::jsonb, '{data,script,onboarding,text}',
          to_jsonb((payload::jsonb #>> '{data,script,onboarding,text}') || E'\\nreload now'))::text
        WHERE state = 'waiting' AND payload LIKE '%' || $1 || '%' RETURNING id`, [shortName])).length > 0);
      await stage.simulators.clearFaults();
      expect(createdBy(await pending)).toMatchObject({ deploymentState: 'Unknown', errorDetails: expect.stringMatching(/^Onboarding script 22, line \d+: .*reload/) as string });
      expect(await scriptsSent(mark)).toEqual([]);
    });

    it.each([
      ['a rule', 'of any SBC', { ovocCustomerType: 'TENANT_TYPE', shortName: 'Longest-Rule-15', siteLocation: site(42) }, 'name of sbc dial-plan dial-plan-rule has 20 characters, the SBC takes 15'],
      ['a route', 'of this SBC', { shortName: 'LongRoute-12', siteLocation: site(7, 3) }, 'route-name of sbc routing ip2ip-routing has 15 characters, the SBC takes 12'],
    ])('is %s whose name is longer than the limit %s: 400', async (_what, _whose, changes, message) => {
      const { errors = [] } = expectProblem(await create(stage, aRequest(changes)), 400);
      expect(errors.map((each) => each.message)).toEqual([expect.stringContaining(message)]);
    });

    it('is a parameter that is neither printed nor stated as a default: final, until it is stated', async () => {
      const mark = await stage.simulators.mark();
      const [unknown, known] = await Promise.all([5, 3].map((sbcId) => create(stage, aRequest({ siteLocation: site(41, sbcId) }))));
      expectDeployed(known!);
      expect(createdBy(unknown!)).toMatchObject({ deploymentState: 'Unknown', errorDetails: expect.stringContaining('# trunkline: default sip-connect=no') as string });
      // Set, taken away and set, and taken away for good.
      expect((await scriptsSent(mark)).filter(({ id }) => id === 5)).toHaveLength(4);
      expect((await stage.simulators.rows(5, 'ip-group')).filter(({ tags }) => tags === undefined)).toHaveLength(1);
    });
  });
});
