import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { CreateCustomerRequest } from '@trunkline/contracts';
import { describe, expect, it } from 'vitest';

import { acceptedProgress, checkReferences, checkRendering, checkStored, checkTenant, factsOf, type KnownSbc, type KnownScript, missingNames } from './validation.decide.js';

interface ShippedScript {
  id: number;
  name: string;
  scriptType: number;
  script: string[];
  relatedScripts: number[];
  customerVariables?: { name: string; secret?: boolean }[];
}
const inventory = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../inventory.json'), 'utf8')) as { scriptTemplates: ShippedScript[] };

const shipped = (id: number): KnownScript => {
  const found = inventory.scriptTemplates.find((script) => script.id === id)!;
  return {
    ...found, version: 1, script: [found.script].flat().join('\n'),
    customerVariables: (found.customerVariables ?? []).map(({ name, secret = false }) => ({ name, isSecret: secret, defaultValue: null })),
  };
};
const sbc: KnownSbc = {
  id: 5, ovocSbcId: 405, name: 'sbc5', fqdn: 'sbc5.example.net', address: null, configurationTypes: ['SipTrunk'], proxySets: ['SIPTrunk'], cacProfiles: ['10 sessions'],
};
const request = {
  shortName: 'Northwind7', fullName: 'Northwind', ovocCustomerType: 'IPGROUP_TYPE', msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de',
  siteLocation: { sbcId: 5, sbcOnboardingScript: 7, sbcCleanupScript: 700 }, scriptParameters: {}, candidates: {},
} as CreateCustomerRequest;
const facts = factsOf({
  provider: 'default', customerGuid: '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10', siteGuid: 'c1c7c5f4-2f3e-4d43-a1f0-2b8f0f6f7e44', shortName: 'Northwind7', fullName: 'Northwind',
  msTenantId: request.msTenantId, ovocCustomerType: 'IPGROUP_TYPE', sbc: { id: 5, ovocSbcId: 405, fqdn: 'sbc5.example.net' },
}, 'sbc5');
const variables8 = { 'IPPBX-ProxyAddress': 'pbx.example.net', 'IPPBX-ProxyAddress-SIPPort': '5060', 'IPPBX-Password': 'hunter2' };
const codes = (problems: readonly { code: string }[]) => problems.map(({ code }) => code);

describe('the checks of a request that need the catalogue', () => {
  it('finds every reference that leads nowhere at once', () => {
    expect(codes(checkReferences(request, undefined, undefined, undefined))).toEqual(['SBC_NOT_FOUND', 'SCRIPT_NOT_FOUND', 'SCRIPT_NOT_FOUND']);
  });

  it('wants an onboarding and a cleanup script, each in its place', () => {
    expect(codes(checkReferences(request, sbc, shipped(700), shipped(7)))).toEqual(['SCRIPT_WRONG_KIND', 'SCRIPT_WRONG_KIND']);
    expect(checkReferences(request, sbc, shipped(7), shipped(700))).toEqual([]);
  });

  it.each([
    [{ kind: 'valid' }, []],
    [{ kind: 'not-found' }, ['MS_TENANT_ID_NOT_FOUND']],
    [{ kind: 'not-allowed', reason: 'another cloud' }, ['MS_TENANT_ID_NOT_ALLOWED']],
  ] as const)('takes Microsoft at its word: %j', (answer, expected) => {
    expect(codes(checkTenant(request.msTenantId, answer))).toEqual(expected);
  });

  it('names the variables a script would be sent without', () => {
    expect(missingNames([shipped(7), shipped(700)], facts)).toEqual([]);
    expect(missingNames([shipped(8), shipped(800)], facts).length).toBeGreaterThan(0);
    expect(missingNames([shipped(8), shipped(800)], { ...facts, ...variables8 })).toEqual([]);
  });

  it.each([
    ['the documented pair', 7, 700, {}, []],
    ['the pair with variables', 8, 800, variables8, []],
    ['a cleanup that removes more than was created', 7, 800, variables8, ['SCRIPT_WRONG_KIND']],
    ['a value that no script may hold', 8, 800, { ...variables8, 'IPPBX-ProxyAddress': 'a"b' }, ['SCRIPT_PARAMETER_VALUE']],
  ] as const)('renders %s before anything is created', (_name, onboarding, cleanup, values, expected) => {
    const pair = { onboarding: shipped(onboarding), cleanup: shipped(cleanup), limits: {} };
    expect(codes(checkRendering(pair, { values: { ...facts, ...values }, secretNames: [] }, request))).toEqual(expected);
  });
});

describe('the check of two scripts with the values of a request', () => {
  const group = ['configure voip', ' ip-group new', '  name "{{IpGroupName}}"', '  tags "Own={{OwnerMark}}"', '  activate', ' exit'];
  const script = (scriptType: number, ...lines: string[]): KnownScript => (
    { id: scriptType === 1 ? 7 : 700, version: 1, name: 'own', scriptType, script: lines.join('\n'), relatedScripts: [], customerVariables: [] });
  const nothing = script(2, 'configure voip', 'exit');
  const rule = script(1, 'configure voip', ' sbc dial-plan "Tenants"', '  dial-plan-rule new', '   name "{{IpGroupName}}"', '   tag "x"', '   activate', '  exit', ' exit', 'exit');
  const check = (onboarding: KnownScript, cleanup = nothing, change: Partial<CreateCustomerRequest> = {}, values = {}, limits = {}) => (
    checkRendering({ onboarding, cleanup, limits }, { values: { ...facts, ...values }, secretNames: ['Pin'] }, { ...request, ...change }));

  it.each<[string, KnownScript, KnownScript, RegExp]>([
    ['a line that a device would not understand', script(1, ...group, ' do something', 'exit'), nothing, /^Script 7 \(own\) can't be used: line 7: "do something"/],
    ['a template that does not parse', script(1, '{{#if ProxySet}}'), nothing, /line 1: \{\{#if ProxySet\}\} is never closed/],
    ['a script that sets nothing', script(1, 'configure voip', 'exit'), nothing, /sets at least one row of the customer's own/],
    ['a row of everybody', script(1, ...group, ' sbc classification new', '  classification-name "all"', '  activate', ' exit', 'exit'), nothing, /"all" is the same for all/],
    ['a name that the SBC does not take', script(1, ...group, ' message message-manipulations new', '  manipulation-name "{{IpGroupName}}-of-the-customer"', '  activate', ' exit', 'exit'), nothing, /has 26 characters, the SBC takes 20/],
    ['a cleanup that leaves a row', script(1, ...group, 'exit'), nothing, /^Script 700 \(own\) does not remove ip-group "Northwind7", which script 7 \(own\) creates: add no ip-group "Northwind7"\.$/],
    ['a cleanup of a shared row', script(1, ...group, 'exit'), script(2, 'configure voip', ' no ip-group "Teams-OC"', 'exit'), /"Teams-OC" is the same for all/],
  ])('refuses %s, with script, line and reason', (_name, onboarding, cleanup, message) => {
    const problems = check(onboarding, cleanup);
    expect(codes(problems)).toContain('SCRIPT_WRONG_KIND');
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(message);
  });

  it('takes a script without an IP Group of its own for a tenant customer alone', () => {
    const noRule = script(2, 'configure voip', ' sbc dial-plan "Tenants"', '  no dial-plan-rule "{{IpGroupName}}"', ' exit', 'exit');
    expect(check(rule, noRule, { ovocCustomerType: 'TENANT_TYPE' })).toEqual([]);
    expect(check(rule, noRule)).toEqual([expect.objectContaining({ field: 'ovocCustomerType', code: 'SCRIPT_WRONG_KIND' })]);
  });

  it('goes by the limits of the SBC', () => {
    const long = script(1, ...group, ' sbc classification new', '  classification-name "{{IpGroupName}}"', '  activate', ' exit', 'exit');
    const cleanup = script(2, 'configure voip', ' no sbc classification "{{IpGroupName}}"', ' no ip-group "{{IpGroupName}}"', 'exit');
    expect(check(long, cleanup)).toEqual([]);
    expect(check(long, cleanup, {}, {}, { 'sbc classification': { 'classification-name': { characters: 5 } } })).toHaveLength(1);
  });

  it.each<[string, KnownScript, KnownScript, RegExp]>([
    ['a line that is not understood', script(1, ...group, ' do something {{Pin}}', 'exit'), nothing, /"do something \*{5}" may not stand/],
    ['a line too long to be shown whole', script(1, ...group, ` do ${'something '.repeat(5)}{{Pin}}`, 'exit'), nothing, /"do (?:something ){5}…" may not stand/],
    ['a name', script(1, ...group, 'exit'), script(2, 'configure voip', ' no sbc classification "{{IpGroupName}}-{{Pin}}"', 'exit'), /removes sbc classification "Northwind7-\*{5}"/],
    ['a line that holds a password', script(1, ...group, ' password "hush-4711-hush"', 'exit'), nothing, /"\*{5}" is the same for all/],
  ])('shows no secret of %s', (_name, onboarding, cleanup, message) => {
    const messages = check(onboarding, cleanup, {}, { Pin: 'hush-4711-hush' }).map((problem) => problem.message).join('\n');
    expect(messages).toMatch(message);
    expect(messages).not.toContain('hush');
  });

  it('finds stored scripts that would be refused, and no others', () => {
    const [bad, good] = [script(1, ...group, ' wr', 'exit'), shipped(7)];
    expect(checkStored([bad, good, shipped(700), { ...bad, scriptType: 0 }], {})).toEqual([{ id: 7, name: 'own', problems: [expect.stringMatching(/^line 7: "wr"/)] }]);
  });
});

describe('what the caller reads once the record is written', () => {
  const read = (onboarding: number, cleanup: number, changes: Partial<CreateCustomerRequest> = {}) =>
    acceptedProgress(shipped(onboarding), shipped(cleanup), { ...request, ...changes }).map(({ level, message }) => `${level}: ${message}`);

  it('is two lines when nothing is unusual', () => {
    expect(read(7, 700)).toEqual(['Information: MsTenantid is valid', 'Information: Customer data created!']);
  });

  it('warns of scripts that are no pair', () => {
    expect(read(8, 700)).toContain('Warning: Cleanup script 700 is not related to onboarding script 8');
  });

  it('warns of a call limit that the shared Teams side of a tenant customer can\'t have', () => {
    expect(read(7, 700, { ovocCustomerType: 'TENANT_TYPE', scriptParameters: { CacProfile: '10 sessions' } })).toHaveLength(3);
  });
});
