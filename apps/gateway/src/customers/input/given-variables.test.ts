import { describe, expect, it } from 'vitest';

import { aCreateBody, aNormalRequest } from './bodies.testing.js';
import { parseCreateCustomer } from './parse-create-customer.js';

/** What the variables of a body come to. */
function variablesOf(changes: Readonly<Record<string, unknown>>): unknown {
  const result = parseCreateCustomer(aCreateBody(changes));
  if (!result.ok) return result.errors.map(({ field, code }) => `${field} ${code}`);
  const { scriptParameters, candidates } = result.request;
  return { scriptParameters, candidates };
}
const parameters = (scriptParameters: Record<string, string>): unknown => ({ scriptParameters, candidates: {} });

describe('script parameters of a create body', () => {
  const both = { 'CacProfile': '10 sessions', 'CustomVar.Variable1': 'pbx.example.net' };
  it.each([
    ['a dictionary', both],
    ['a list of names and values', [{ name: 'CacProfile', value: '10 sessions' }, { name: 'CustomVar.Variable1', value: 'pbx.example.net' }]],
    ['a list of names and values in any case', [{ Name: 'CacProfile', VALUE: '10 sessions' }, { value: 'pbx.example.net', name: 'CustomVar.Variable1' }]],
    ['a list of dictionaries', [{ CacProfile: '10 sessions' }, { 'CustomVar.Variable1': 'pbx.example.net' }]],
    ['a list of one dictionary', [both]],
    ['a list of both kinds', [{ name: 'CacProfile', value: '10 sessions' }, { 'CustomVar.Variable1': 'pbx.example.net' }]],
    ['a list that repeats itself', [both, both]],
  ])('takes %s', (_name, scriptParameters) => {
    expect(variablesOf({ scriptParameters })).toEqual(parameters(both));
  });

  it('takes them at the top of the body', () => {
    expect(variablesOf(both)).toEqual(parameters(both));
  });

  it('joins both places', () => {
    expect(variablesOf({ 'cacprofile': '10 sessions', 'scriptParameters': { CustomVar: 'x', CacProfile: '10 sessions' }, 'CUSTOMVAR.VARIABLE2': 'y' })).toEqual(
      parameters({ 'CustomVar': 'x', 'CacProfile': '10 sessions', 'CustomVar.Variable2': 'y' }),
    );
  });

  it.each([
    ['CacProfile', 'CacProfile'], ['CACProfile', 'CacProfile'], ['Cac Profile', 'CacProfile'], ['cacprofile', 'CacProfile'],
    ['PROXYSET', 'ProxySet'], ['carrierusername', 'CarrierUserName'], ['carrierUserPassword', 'CarrierUserPassword'], ['carrierhostname', 'CarrierHostName'],
    ['CarrierMailLine', 'CarrierMailLine'], ['CarierMailLine', 'CarrierMailLine'], ['carrierMainLine', 'CarrierMailLine'], ['CarierMainLine', 'CarrierMailLine'],
    ['customvar.variable1', 'CustomVar.Variable1'], ['CustomVar.Variable012', 'CustomVar.Variable12'], ['CUSTOMVAR.VARIABLE0', 'CustomVar.Variable0'],
    ['IPPBX-ProxyAddress', 'IPPBX-ProxyAddress'], ['CustomVar.Variable1x', 'CustomVar.Variable1x'], ['CustomVar.Variable', 'CustomVar.Variable'],
  ])('knows %s as %s', (spelling, name) => {
    expect(variablesOf({ scriptParameters: { [spelling]: 'value' } })).toEqual(parameters({ [name]: 'value' }));
  });

  it.each([
    ['a number', 5060, '5060'], ['a fraction', 1.5, '1.5'], ['zero', 0, '0'], ['true', true, 'true'], ['false', false, 'false'],
    ['an empty text', '', ''], ['an apostrophe', 'O\'Brien', 'O\'Brien'], ['255 characters', '😀'.repeat(255), '😀'.repeat(255)],
  ])('takes %s as a value', (_name, value, text) => {
    expect(variablesOf({ scriptParameters: { 'A-Name': value } })).toEqual(parameters({ 'A-Name': text }));
    expect(variablesOf({ 'A-Name': value })).toEqual({ scriptParameters: {}, candidates: { 'A-Name': text } });
  });

  const at = (name: string): string => `scriptParameters["${name}"]`;
  it.each([
    ['an object', {}], ['a list', ['x']], ['an endless number', Infinity],
    ['256 characters', 'x'.repeat(256)], ['a quote', 'a"b'], ['a backslash', 'a\\b'], ['a line end', 'a\nb'], ['a carriage return', 'a\rb'], ['a zero', 'ab\0c'],
    ['a tab', 'a\tb'], ['a C1 control', 'a\u0085b'], ['a format character', 'a\u202eb'], ['a line separator', 'a\u2028b'], ['a paragraph separator', 'a\u2029b'],
    ['half a surrogate pair', 'a\ud800b'], ['a private character', 'a\ue000b'], ['an unassigned character', 'a\u0378b'],
  ])('refuses %s as a value', (_name, value) => {
    expect(variablesOf({ scriptParameters: { Any: value } })).toEqual([`${at('Any')} SCRIPT_PARAMETER_VALUE`]);
    expect(variablesOf({ CarrierHostName: value })).toEqual([`${at('CarrierHostName')} SCRIPT_PARAMETER_VALUE`]);
  });

  it.each([
    ['no name', '', 'scriptParameters[""]'],
    ['a zero in the name', 'a\0b', 'scriptParameters["a\\u0000b"]'],
    ['an invisible character in the name', 'a\u202eb', 'scriptParameters["a\\u{202e}b"]'],
    ['a quote in the name', 'a"b', 'scriptParameters["a\\"b"]'],
    ['a long name', 'n'.repeat(101), `scriptParameters["${'n'.repeat(64)}…"]`],
  ])('refuses %s', (_name, name, field) => {
    expect(variablesOf({ scriptParameters: { [name]: 'x' } })).toEqual([`${field} UNKNOWN_SCRIPT_PARAMETER`]);
    expect(variablesOf({ [name]: 'x' })).toEqual([`${field.replace('scriptParameters', '')} UNKNOWN_PROPERTY`]);
  });

  it.each([
    ['CarrierUserName of 61 characters', { CarrierUserName: 'u'.repeat(61) }, 'CarrierUserName'],
    ['OnlinePstnGateway that is one label', { OnlinePstnGateway: 'gateway' }, 'OnlinePstnGateway'],
    ['OnlinePstnGateway that is an address', { OnlinePstnGateway: '192.0.2.1' }, 'OnlinePstnGateway'],
    ['OnlinePstnGateway with a blank', { OnlinePstnGateway: 'a b.example.net' }, 'OnlinePstnGateway'],
  ])('refuses a %s', (_name, scriptParameters, name) => {
    expect(variablesOf({ scriptParameters })).toEqual([`${at(name)} SCRIPT_PARAMETER_VALUE`]);
  });

  it('takes CarrierUserName of 60 characters and a gateway by its domain name', () => {
    const scriptParameters = { CarrierUserName: 'u'.repeat(60), OnlinePstnGateway: 'gw-1.Contoso.example.net' };
    expect(variablesOf({ scriptParameters })).toEqual(parameters(scriptParameters));
  });

  it.each([
    ['in two places', { CacProfile: '50 sessions', scriptParameters: { CacProfile: '10 sessions' } }, at('CacProfile')],
    ['in two spellings', { scriptParameters: { CarrierMailLine: '1', carrierMainLine: '2' } }, at('CarrierMailLine')],
    ['in two cases', { scriptParameters: { Own: '1', OWN: '2' } }, at('Own')],
    ['twice in a list', { scriptParameters: [{ name: 'Own', value: 1 }, { name: 'Own', value: 2 }] }, at('Own')],
    ['by one number in two forms', { scriptParameters: { 'CustomVar.Variable1': '1', 'customvar.variable01': '2' } }, at('CustomVar.Variable1')],
    ['twice at the top', { Own: '1', OWN: '2' }, 'Own'],
  ])('refuses a variable given %s with different values', (_name, changes, field) => {
    expect(variablesOf(changes)).toEqual([`${field} SCRIPT_PARAMETER_CONFLICT`]);
  });

  it('takes a variable given twice with the same value', () => {
    expect(variablesOf({ Own: 5, OWN: '5', scriptParameters: [{ Line: true }, { LINE: 'true' }] })).toEqual({ scriptParameters: { Line: 'true' }, candidates: { Own: '5' } });
  });

  it.each([
    ['a text', 'CacProfile=10', 'scriptParameters WRONG_TYPE'],
    ['a number', 5, 'scriptParameters WRONG_TYPE'],
    ['a list of texts', ['CacProfile'], 'scriptParameters[0] WRONG_TYPE'],
    ['a list of null', [null], 'scriptParameters[0] WRONG_TYPE'],
    ['a name without a value', [{ name: 'CacProfile' }], 'scriptParameters[0] WRONG_TYPE'],
    ['a name that is a number', [{ name: 5, value: 'x' }], 'scriptParameters[0] WRONG_TYPE'],
    ['a name, a value and more', [{}, { name: 'CacProfile', value: 'x', type: 'y' }], 'scriptParameters[1] WRONG_TYPE'],
  ])('refuses %s in place of script parameters', (_name, scriptParameters, problem) => {
    expect(variablesOf({ scriptParameters })).toEqual([problem]);
  });

  it('refuses more than a message can carry', () => {
    const many = Object.fromEntries(Array.from({ length: 65 }, (_value, index) => [`V${index}`, 'x']));
    expect(variablesOf({ scriptParameters: many })).toEqual(['scriptParameters SCRIPT_PARAMETER_VALUE']);
    const long = Object.fromEntries(Array.from({ length: 64 }, (_value, index) => [`V${index}`, '😀'.repeat(255)]));
    expect(variablesOf({ scriptParameters: long })).toEqual(['scriptParameters SCRIPT_PARAMETER_VALUE']);
  });

  it('never repeats a value in an error', () => {
    const result = parseCreateCustomer(aCreateBody({ CarrierUserPassword: 'hunter2"', scriptParameters: { CarrierUserPassword: 'other-secret' } }));
    expect(JSON.stringify(result)).not.toMatch(/hunter2|other-secret/);
    expect(result.ok).toBe(false);
  });
});

describe('unknown properties at the top of a create body', () => {
  const properties = (count: number, value: unknown): Record<string, unknown> => Object.fromEntries(Array.from({ length: count }, (_value, index) => [`V${index}`, value]));

  it.each([[65, 65], [128, 128], [500, 128]])('are each named when they are %i, %i at most', (count, named) => {
    const problems = variablesOf(properties(count, 'x"'));
    expect(problems).toEqual(Array.from({ length: named }, (_value, index) => `V${index} UNKNOWN_PROPERTY`));
  });

  it('leave room for what else is wrong', () => {
    const problems = variablesOf({ ...properties(500, 'x'), channelId: 'x' });
    expect(problems).toContain('channelId ID_FORMAT');
    expect(problems).toHaveLength(128);
  });

  it('are named where they get longer than a message can carry', () => {
    const long = Object.fromEntries(Array.from({ length: 20 }, (_value, index) => [index === 18 ? 'V-18' : `V${index}`, '😀'.repeat(255)]));
    expect(variablesOf(long)).toEqual(['V16 UNKNOWN_PROPERTY', 'V17 UNKNOWN_PROPERTY', 'V-18 SCRIPT_PARAMETER_VALUE', 'V19 UNKNOWN_PROPERTY']);
  });

  it.each([
    ['256 characters', 'x'.repeat(256)], ['a quote', 'a"b'], ['a backslash', 'a\\b'], ['a line end', 'a\nb'], ['an endless number', Infinity],
  ])('are unknown with %s as a value, but for a name as variables have', (_name, value) => {
    expect(variablesOf({ 'notes': value, 'Own_Name': value, 'odd name': value })).toEqual(['notes UNKNOWN_PROPERTY', 'Own_Name UNKNOWN_PROPERTY', '["odd name"] UNKNOWN_PROPERTY']);
    expect(variablesOf({ 'IPPBX-Password': value, 'Own.Name': value })).toEqual(['IPPBX-Password SCRIPT_PARAMETER_VALUE', '["Own.Name"] SCRIPT_PARAMETER_VALUE']);
  });

  it('say once what is wrong, with the name before the value', () => {
    expect(variablesOf({ 'a\0-b': 'a\0b' })).toEqual(['["a\\u0000-b"] UNKNOWN_PROPERTY']);
  });

  it('keeps a text, a number and a boolean as candidates, as spelled', () => {
    expect(parseCreateCustomer(aCreateBody({ 'IPPBX-ProxyAddress': 'pbx.example.net', 'port': 5060, 'IsOn': true }))).toMatchObject({
      ok: true, request: aNormalRequest({ candidates: { 'IPPBX-ProxyAddress': 'pbx.example.net', 'port': '5060', 'IsOn': 'true' } }),
    });
  });

  it('takes a text called like our word for candidates for one', () => {
    expect(variablesOf({ candidates: 'x' })).toEqual({ scriptParameters: {}, candidates: { candidates: 'x' } });
  });
});
