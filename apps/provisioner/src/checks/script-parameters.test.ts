import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type DeclaredVariable, type GivenParameters, resolveScriptParameters } from './script-parameters.js';

const customerVariables: DeclaredVariable[] = [
  { name: 'IPPBX-ProxyAddress' },
  { name: 'IPPBX-ProxyAddress-SIPPort', defaultValue: '5060' },
  { name: 'IPPBX-Password', secret: true, defaultValue: null },
];
const sbc = { cacProfiles: ['10 sessions', '50 sessions'], proxySets: ['SIPTrunk', 'Teams-OC'] };
const nothingRequired = (): string[] => [];

function resolve(given: Partial<GivenParameters>, required: (values: Readonly<Record<string, string>>) => readonly string[] = nothingRequired) {
  return resolveScriptParameters({ scriptParameters: {}, candidates: {}, ...given }, { customerVariables, required }, sbc);
}
function problemsOf(...args: Parameters<typeof resolve>): string[] {
  const result = resolve(...args);
  return result.ok ? [] : result.errors.map(({ field, code }) => `${field} ${code}`);
}

describe('resolving script parameters', () => {
  it.each([
    ['nothing but the default', {}, {}],
    ['a variable by its name', { scriptParameters: { 'IPPBX-ProxyAddress': 'pbx.example.net' } }, { 'IPPBX-ProxyAddress': 'pbx.example.net' }],
    ['a variable by its number', { scriptParameters: { 'CustomVar.Variable1': 'pbx.example.net' } }, { 'IPPBX-ProxyAddress': 'pbx.example.net' }],
    ['a variable in another case', { scriptParameters: { 'ippbx-proxyaddress': 'x' } }, { 'IPPBX-ProxyAddress': 'x' }],
    ['a candidate by its name', { candidates: { 'IPPBX-PROXYADDRESS': 'x' } }, { 'IPPBX-ProxyAddress': 'x' }],
    ['a candidate by its number', { candidates: { 'customvar.variable1': 'x' } }, { 'IPPBX-ProxyAddress': 'x' }],
    ['a value instead of the default', { candidates: { 'IPPBX-ProxyAddress-SIPPort': '5061' } }, { 'IPPBX-ProxyAddress-SIPPort': '5061' }],
    ['an empty value as none', { scriptParameters: { 'CustomVar.Variable2': '', 'ProxySet': '', 'OnlinePstnGateway': '' } }, {}],
    ['a built-in in another spelling', { scriptParameters: { 'Cac Profile': '10 sessions', 'carrierMainLine': '+491234' } }, { CacProfile: '10 sessions', CarrierMailLine: '+491234' }],
    ['a variable twice with one value', { scriptParameters: { 'CustomVar.Variable1': 'x' }, candidates: { 'IPPBX-ProxyAddress': 'x' } }, { 'IPPBX-ProxyAddress': 'x' }],
  ])('takes %s', (_name, given, values) => {
    expect(resolve(given as Partial<GivenParameters>)).toEqual({ ok: true, values: { 'IPPBX-ProxyAddress-SIPPort': '5060', ...values }, secretNames: [] });
  });

  it('says which values are secret', () => {
    const result = resolve({ scriptParameters: { CarrierUserPassword: 'p1', CarrierUserName: 'u', ProxySet: 'SIPTrunk' }, candidates: { 'ippbx-password': 'p2' } });
    expect(result.ok && [...result.secretNames].sort()).toEqual(['CarrierUserPassword', 'IPPBX-Password']);
  });

  const at = (name: string): string => `scriptParameters["${name}"]`;
  it.each([
    ['an undeclared script parameter', { scriptParameters: { Foo: 'x' } }, [`${at('Foo')} UNKNOWN_SCRIPT_PARAMETER`]],
    ['an undeclared candidate', { candidates: { Foo: 'x' } }, ['Foo UNKNOWN_PROPERTY']],
    ['an undeclared candidate without a value', { candidates: { 'odd name': '' } }, ['["odd name"] UNKNOWN_PROPERTY']],
    ['an undeclared candidate whose value no variable may have', { candidates: { Foo: 'a"b' } }, ['Foo UNKNOWN_PROPERTY']],
    ['the number after the last', { scriptParameters: { 'CustomVar.Variable4': 'x' } }, [`${at('CustomVar.Variable4')} UNKNOWN_SCRIPT_PARAMETER`]],
    ['the number zero', { scriptParameters: { 'CustomVar.Variable0': 'x' } }, [`${at('CustomVar.Variable0')} UNKNOWN_SCRIPT_PARAMETER`]],
    ['a number beyond all numbers', { candidates: { [`CustomVar.Variable${'9'.repeat(60)}`]: 'x' } }, [`["CustomVar.Variable${'9'.repeat(46)}…"] UNKNOWN_SCRIPT_PARAMETER`]],
    ['a declared name that is a prefix', { scriptParameters: { IPPBX: 'x' } }, [`${at('IPPBX')} UNKNOWN_SCRIPT_PARAMETER`]],
    ['a name every object has', { candidates: { valueOf: 'x' } }, ['valueOf UNKNOWN_PROPERTY']],
    ['name and number with different values', { scriptParameters: { 'IPPBX-ProxyAddress': 'x', 'CustomVar.Variable1': 'y' } }, [`${at('CustomVar.Variable1')} SCRIPT_PARAMETER_CONFLICT`]],
    ['parameter and candidate with different values', { scriptParameters: { 'CustomVar.Variable1': 'x' }, candidates: { 'IPPBX-ProxyAddress': 'y' } }, ['IPPBX-ProxyAddress SCRIPT_PARAMETER_CONFLICT']],
    ['a profile the SBC does not have', { scriptParameters: { CacProfile: '20 sessions' } }, [`${at('CacProfile')} SCRIPT_PARAMETER_VALUE`]],
    ['a profile in another case', { scriptParameters: { CacProfile: '10 Sessions' } }, [`${at('CacProfile')} SCRIPT_PARAMETER_VALUE`]],
    ['a proxy set the SBC does not have', { scriptParameters: { ProxySet: 'Other' } }, [`${at('ProxySet')} SCRIPT_PARAMETER_VALUE`]],
    ['a gateway that is no domain name', { scriptParameters: { OnlinePstnGateway: 'gw' } }, [`${at('OnlinePstnGateway')} SCRIPT_PARAMETER_VALUE`]],
    ['a value that came encrypted and may not be rendered', { candidates: { 'IPPBX-Password': 'a"b' } }, ['IPPBX-Password SCRIPT_PARAMETER_VALUE']],
  ])('refuses %s', (_name, given, problems) => {
    expect(problemsOf(given as Partial<GivenParameters>)).toEqual(problems);
  });

  it.each([
    ['a built-in', ['ProxySet'], {}, [`${at('ProxySet')} MISSING_SCRIPT_PARAMETER`]],
    ['a declared variable', ['IPPBX-ProxyAddress'], {}, [`${at('IPPBX-ProxyAddress')} MISSING_SCRIPT_PARAMETER`]],
    ['a declared variable by its number', ['CustomVar.Variable1', 'IPPBX-ProxyAddress'], {}, [`${at('IPPBX-ProxyAddress')} MISSING_SCRIPT_PARAMETER`]],
    ['an empty value', ['ProxySet'], { ProxySet: '' }, [`${at('ProxySet')} MISSING_SCRIPT_PARAMETER`]],
    ['the channel', ['ChannelId'], {}, ['channelId MISSING_SCRIPT_PARAMETER']],
    ['no variable with a default', ['IPPBX-ProxyAddress-SIPPort', 'CustomVar.Variable2'], {}, []],
    ['no variable that is sent', ['ProxySet', 'CustomVar.Variable1'], { 'ProxySet': 'SIPTrunk', 'IPPBX-ProxyAddress': 'x' }, []],
  ])('misses %s', (_name, required, scriptParameters, problems) => {
    expect(problemsOf({ scriptParameters: scriptParameters }, () => required)).toEqual(problems);
  });

  it('lets what is needed depend on what is sent', () => {
    const required = (values: Readonly<Record<string, string>>): string[] => (values['ProxySet'] === undefined ? [] : ['CarrierHostName']);
    expect(problemsOf({}, required)).toEqual([]);
    expect(problemsOf({ scriptParameters: { ProxySet: 'SIPTrunk' } }, required)).toEqual([`${at('CarrierHostName')} MISSING_SCRIPT_PARAMETER`]);
  });

  it('reports everything at once', () => {
    const given = { scriptParameters: { 'CacProfile': 'x', 'Foo': 'x', 'CustomVar.Variable1': 'x' }, candidates: { 'Bar': 'x', 'IPPBX-ProxyAddress': 'y' } };
    expect(problemsOf(given, () => ['CarrierHostName'])).toEqual([
      `${at('Foo')} UNKNOWN_SCRIPT_PARAMETER`, 'Bar UNKNOWN_PROPERTY', 'IPPBX-ProxyAddress SCRIPT_PARAMETER_CONFLICT',
      `${at('CacProfile')} SCRIPT_PARAMETER_VALUE`, `${at('CarrierHostName')} MISSING_SCRIPT_PARAMETER`,
    ]);
  });

  it('never shows the value of a secret', () => {
    const given = { scriptParameters: { 'CustomVar.Variable3': 'hunter2', 'CarrierUserPassword': 'a"hunter2' }, candidates: { 'IPPBX-Password': 'hunter2!' } };
    expect(JSON.stringify(resolve(given))).not.toContain('hunter2');
  });

  it('gives only values of known names, none of them empty', () => {
    const anyName = fc.oneof(fc.constantFrom('CacProfile', 'proxyset', 'CustomVar.Variable1', 'IPPBX-ProxyAddress', 'IPPBX-Password', '__proto__', 'constructor'), fc.string());
    const dictionary = fc.array(fc.tuple(anyName, fc.constantFrom('', 'x', '10 sessions', 'SIPTrunk', 'a"b'))).map((entries) => Object.fromEntries(entries));
    const known = new Set(['CacProfile', 'ProxySet', ...customerVariables.map(({ name }) => name)]);
    fc.assert(fc.property(dictionary, dictionary, (scriptParameters, candidates) => {
      const result = resolve({ scriptParameters, candidates });
      if (!result.ok) expect(result.errors).not.toEqual([]);
      for (const [name, value] of Object.entries(result.ok ? result.values : {})) {
        expect(known).toContain(name);
        expect(value).toMatch(/^[^"]+$/);
      }
    }));
  });
});
