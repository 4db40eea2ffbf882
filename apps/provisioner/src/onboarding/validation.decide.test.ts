import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { CreateCustomerRequest } from '@trunkline/contracts';
import { describe, expect, it } from 'vitest';

import { acceptedProgress, checkReferences, checkRendering, checkTenant, factsOf, type KnownSbc, type KnownScript, missingNames } from './validation.decide.js';

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
    expect(codes(checkReferences(request, null, null, null))).toEqual(['SBC_NOT_FOUND', 'SCRIPT_NOT_FOUND', 'SCRIPT_NOT_FOUND']);
  });

  it('wants an onboarding and a cleanup script, each in its place', () => {
    expect(codes(checkReferences(request, sbc, shipped(700), shipped(7)))).toEqual(['SCRIPT_WRONG_KIND', 'SCRIPT_WRONG_KIND']);
    expect(checkReferences(request, sbc, shipped(7), shipped(700))).toEqual([]);
  });

  it.each([
    [{ kind: 'valid', cloud: 'public' }, []],
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
    expect(codes(checkRendering(shipped(onboarding), shipped(cleanup), { ...facts, ...values }))).toEqual(expected);
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
