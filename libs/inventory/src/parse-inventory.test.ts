import { describe, expect, it } from 'vitest';
import { accessOf, catalogueOf, deviceFactsOf, InventoryError, parseInventory } from './index.js';
import type { InventoryProblem } from './index.js';

type Json = Record<string, unknown>;

const access = { baseUrl: 'https://sbc5.example.net/', user: 'admin', password: 's3cret-pw' };
const anSbc = (over: Json = {}): Json => ({
  id: 5, ovocSbcId: 405, name: 'sbc5', fqdn: 'sbc5.example.net', region: 'EMEA', configurationTypes: ['SipTrunk'], carriers: [], proxySets: [], cacProfiles: [], access, ...over,
});
const aScript = (over: Json = {}): Json => ({ id: 700, name: 'cleanup', scriptType: 2, script: 'configure voip\n no ip-group "{{IpGroupName}}"\nexit', relatedScripts: [], ...over });
const inventory = (sbcs: unknown[] = [anSbc()], scriptTemplates: unknown[] = [aScript()]): Json => ({ sbcs, scriptTemplates });

function errorsOf(json: unknown): readonly InventoryProblem[] {
  const parsed = parseInventory(json);
  return parsed.ok ? [] : parsed.errors;
}

function parsed(json: unknown) {
  const result = parseInventory(json);
  if (!result.ok) throw new InventoryError(result.errors);
  return result;
}

describe('an inventory', () => {
  it.each([
    ['no object', [], '$', 'must be an object'],
    ['no SBCs', { scriptTemplates: [] }, '$.sbcs', 'is missing'],
    ['SBCs that are no list', { sbcs: {}, scriptTemplates: [] }, '$.sbcs', 'must be a list'],
    ['an SBC that is no object', inventory([5]), '$.sbcs[0]', 'must be an object'],
    ['an id that is a text', inventory([anSbc({ id: '5' })]), '$.sbcs[0].id', 'whole number'],
    ['an id of zero', inventory([anSbc({ id: 0 })]), '$.sbcs[0].id', 'whole number'],
    ['no OVOC id', inventory([anSbc({ ovocSbcId: undefined })]), '$.sbcs[0].ovocSbcId', 'is missing'],
    ['a name that is empty', inventory([anSbc({ name: '' })]), '$.sbcs[0].name', 'must not be empty'],
    ['a name with a line break', inventory([anSbc({ name: 'a\nb' })]), '$.sbcs[0].name', 'U+000A'],
    ['a host name with blanks', inventory([anSbc({ fqdn: 'sbc 5' })]), '$.sbcs[0].fqdn', 'must be a host name'],
    ['profiles that are no texts', inventory([anSbc({ cacProfiles: ['a', 5] })]), '$.sbcs[0].cacProfiles[1]', 'must be a text'],
    ['the same id twice', inventory([anSbc(), anSbc({ ovocSbcId: 406, name: 'b', fqdn: 'b.example.net' })]), '$.sbcs[1].id', 'is the same as $.sbcs[0].id'],
    ['the same host name twice', inventory([anSbc(), anSbc({ id: 6, ovocSbcId: 406, name: 'b', fqdn: 'SBC5.example.net' })]), '$.sbcs[1].fqdn', 'is the same as'],
    ['no access', inventory([anSbc({ access: undefined })]), '$.sbcs[0].access', 'is missing'],
    ['another protocol', inventory([anSbc({ access: { ...access, baseUrl: 'ftp://x' } })]), '$.sbcs[0].access.baseUrl', 'http or https'],
    ['an address with an account in it', inventory([anSbc({ access: { ...access, baseUrl: 'https://a:b@x' } })]), '$.sbcs[0].access.baseUrl', 'without account'],
    ['neither kind of password', inventory([anSbc({ access: { ...access, password: undefined } })]), '$.sbcs[0].access', 'either password or passwordEnv'],
    ['both kinds of password', inventory([anSbc({ access: { ...access, passwordEnv: 'P' } })]), '$.sbcs[0].access', 'either password or passwordEnv'],
    ['a mistyped switch of the access', inventory([anSbc({ access: { ...access, insecur: true } })]), '$.sbcs[0].access.insecur', 'is not known'],
    ['a switch that is a text', inventory([anSbc({ access: { ...access, insecure: 'no' } })]), '$.sbcs[0].access.insecure', 'true or false'],
    ['a user with a colon', inventory([anSbc({ access: { ...access, user: 'a:b' } })]), '$.sbcs[0].access.user', 'without a colon'],
    ['a default that is no text', inventory([anSbc({ defaults: { 'ip-group': { type: 5 } } })]), '$.sbcs[0].defaults.ip-group.type', 'must be a text'],
    ['defaults of no table', inventory([anSbc({ defaults: { type: 'server' } })]), '$.sbcs[0].defaults.type', 'must be an object'],
    ['a limit of nothing', inventory([anSbc({ limits: { 'ip-group': { tags: { characters: 0 } } } })]), '$.sbcs[0].limits.ip-group.tags.characters', 'whole number from 1'],
    ['a limit of another kind', inventory([anSbc({ limits: { 'ip-group': { tags: { letters: 5 } } } })]), '$.sbcs[0].limits.ip-group.tags.letters', 'is not known'],
    ['a limit without an object', inventory([anSbc({ limits: { 'ip-group': { tags: 250 } } })]), '$.sbcs[0].limits.ip-group.tags', 'must be an object'],
    ['a script type of 5', inventory([], [aScript({ scriptType: 5 })]), '$.scriptTemplates[0].scriptType', 'from 0 to 4'],
    ['a script of numbers', inventory([], [aScript({ script: ['a', 1] })]), '$.scriptTemplates[0].script', 'text or a list of lines'],
    ['a broken template', inventory([], [aScript({ script: ['configure voip', '{{#if CacProfile}}'] })]), '$.scriptTemplates[0].script', 'line 2: {{#if CacProfile}} is never closed'],
    ['an unknown placeholder', inventory([], [aScript({ script: 'configure voip\nno ip-group "{{IpGroupName}}{{Nobody}}"' })]), '$.scriptTemplates[0].script', 'line 2: unknown placeholder {{Nobody}}'],
    ['an onboarding script without the owner mark', inventory([], [aScript({ scriptType: 1, script: 'configure voip\nip-group new\nname "{{IpGroupName}}"\nexit' })]), '$.scriptTemplates[0].script', 'Owner={{CustomerGuid}}'],
    ['the same script id twice', inventory([], [aScript(), aScript({ name: 'b' })]), '$.scriptTemplates[1].id', 'is the same as'],
    ['a variable named like a built-in one', inventory([], [aScript({ customerVariables: [{ name: 'cacprofile' }] })]), '$.scriptTemplates[0].customerVariables[0].name', 'is taken'],
    ['a variable declared twice', inventory([], [aScript({ customerVariables: [{ name: 'A' }, { name: 'a' }] })]), '$.scriptTemplates[0].customerVariables[1].name', 'is taken'],
    ['a variable with a blank in its name', inventory([], [aScript({ customerVariables: [{ name: 'a b' }] })]), '$.scriptTemplates[0].customerVariables[0].name', 'must be a letter'],
    ['a default value with a quote', inventory([], [aScript({ customerVariables: [{ name: 'A', defaultValue: '"' }] })]), '$.scriptTemplates[0].customerVariables[0].defaultValue', 'U+0022'],
    ['an unknown kind of value', inventory([], [aScript({ customerVariables: [{ name: 'A', valueKind: 'colour' }] })]), '$.scriptTemplates[0].customerVariables[0].valueKind', 'must be one of'],
  ])('is refused for %s', (_name, json, path, message) => {
    expect(errorsOf(json)).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('reports all its problems at once', () => {
    const errors = errorsOf(inventory([anSbc({ id: 0, fqdn: '' }), anSbc({ name: 'x', access: {} })], [aScript({ script: '{{/if}}' })]));
    expect(errors.map((error) => error.path)).toEqual([
      '$.sbcs[0].id', '$.sbcs[0].fqdn', '$.sbcs[1].access.baseUrl', '$.sbcs[1].access.user', '$.sbcs[1].access', '$.scriptTemplates[0].script', '$.sbcs[1].ovocSbcId',
    ]);
  });

  it('never puts a password or a default value into its problems', () => {
    const wrong = inventory(
      [anSbc({ access: { ...access, password: 's3cret-pw\n', passwordEnv: 's3cret env', user: 's3cret:x', baseUrl: 's3cret' } })],
      [aScript({ customerVariables: [{ name: 'A', secret: true, defaultValue: 's3cret"' }] })],
    );
    expect(errorsOf(wrong).length).toBeGreaterThanOrEqual(5);
    expect(JSON.stringify(errorsOf(wrong))).not.toContain('s3cret');
  });

  it('is used with a warning for what it does not know and for relations that lead nowhere', () => {
    const { warnings } = parsed({ ...inventory([anSbc({ colour: 'red' })], [aScript({ relatedScripts: [7] })]), note: 'x' });
    expect(warnings.map((warning) => warning.path)).toEqual(['$.note', '$.sbcs[0].colour', '$.scriptTemplates[0].relatedScripts[0]']);
  });

  it('joins the lines of a script, and asks nothing of scripts that are for no SBC', () => {
    const { inventory: read } = parsed(inventory([], [aScript({ script: ['configure voip', 'exit'] }), aScript({ id: 5002, name: 'm365', scriptType: 3, script: 'Connect {{' })]));
    expect(read.scriptTemplates.map((script) => script.script)).toEqual(['configure voip\nexit', 'Connect {{']);
  });

  it('holds defaults and limits of each SBC by one name a table, and none in the catalogue', () => {
    const facts = { defaults: { 'ip-profile': { 'sbc-prack-mode': '' } }, limits: { 'voip-network ip-group': { tags: { characters: 250, parts: 9 } }, 'proxy-set': { 'proxy-ip': { rows: 3 } } } };
    const { inventory: read, warnings } = parsed(inventory([anSbc(facts), anSbc({ id: 6, ovocSbcId: 406, name: 'b', fqdn: 'b.example.net' })]));
    expect(warnings).toEqual([]);
    expect(deviceFactsOf(read)(5)).toEqual({
      defaults: { 'coders-and-profiles ip-profile': { 'sbc-prack-mode': '' } }, limits: { 'ip-group': { tags: { characters: 250, parts: 9 } }, 'proxy-set': { 'proxy-ip': { rows: 3 } } },
    });
    expect([deviceFactsOf(read)(6), deviceFactsOf(read)(7)]).toEqual([{ defaults: {}, limits: {} }, { defaults: {}, limits: {} }]);
    expect(JSON.stringify(catalogueOf(read))).not.toMatch(/defaults|limits|prack/);
  });

  it('refuses a script that is too long for each of its SBCs, and takes one that fits the widest', () => {
    const script = aScript({
      id: 7, name: 'onboarding', scriptType: 1,
      script: ['configure voip', ' ip-group new', '  name "{{IpGroupName}}"', '  tags "Own={{OwnerMark}}"', `  sip-group-name "${'x'.repeat(120)}"`, '  activate', ' exit', 'exit'],
    });
    const other = anSbc({ id: 6, ovocSbcId: 406, name: 'b', fqdn: 'b.example.net' });
    expect(errorsOf(inventory([anSbc(), other], [script]))).toEqual([{ path: '$.scriptTemplates[0].script', message: 'line 5: sip-group-name of ip-group has 120 characters, the SBC takes 100' }]);
    expect(errorsOf(inventory([anSbc(), { ...other, limits: { 'ip-group': { 'sip-group-name': { characters: 120 } } } }], [script]))).toEqual([]);
  });

  it('keeps access and catalogue apart', () => {
    const { inventory: read } = parsed(inventory([anSbc(), anSbc({ id: 6, ovocSbcId: 406, name: 'b', fqdn: 'b.example.net', access: { ...access, password: null, passwordEnv: 'PW6', insecure: true } })]));
    expect(JSON.stringify(catalogueOf(read))).not.toMatch(/admin|s3cret|PW6|baseUrl/);
    expect([...accessOf(read, { PW6: 'six' })]).toEqual([
      [5, { baseUrl: 'https://sbc5.example.net', user: 'admin', password: 's3cret-pw', insecure: false }],
      [6, { baseUrl: 'https://sbc5.example.net', user: 'admin', password: 'six', insecure: true }],
    ]);
    expect(() => accessOf(read, {})).toThrow('$.sbcs[1].access.passwordEnv the environment variable PW6 is not set');
  });
});
