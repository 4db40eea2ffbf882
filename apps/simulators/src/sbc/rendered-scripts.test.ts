import { readFileSync } from 'node:fs';

import { parseTemplate, RenderError, renderScript, type Template } from '@trunkline/scripts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Device } from './device.js';
import { deviceWith, runOn } from './device.testing.js';
import type { Session } from './session.js';
import type { Configuration } from './tables.js';

type Values = Readonly<Record<string, string>>;
interface Shipped { readonly scriptTemplates: readonly { readonly id: number; readonly script: readonly string[] }[] }

const { scriptTemplates } = JSON.parse(readFileSync(new URL('../../../../inventory.json', import.meta.url), 'utf8')) as Shipped;

function shipped(id: number, edit: (text: string) => string = (text) => text): Template {
  const parsed = parseTemplate(edit(scriptTemplates.find((template) => template.id === id)?.script.join('\n') ?? ''));
  if (!parsed.ok) throw new Error(`script ${id}: ${parsed.errors.map(({ message }) => message).join('; ')}`);
  return parsed.template;
}

/** The same template as an operator might have written it: whether a value is quoted is left to the renderer. */
const bare = (text: string): string => text.replaceAll(/"(\{\{[^}]*\}\})"/g, '$1');

const words = [
  'exit', 'new', 'no', 'activate', 'configure', 'configure voip', 'insert', 'move', 'move-up', 'end', 'EXIT', 'do show', 'enable', 'show running-config', 'no ip-group Teams-OC',
  'ip-group', 'ip-group new', 'name', 'tags', 'password', '0', '7', '-1', '#', '!', '# remark', '?', '|', '{{IpGroupName}}', '{{/if}}', '__proto__', 'constructor', ' ', '\u00a0', '\u3000x',
  'Søn & Co.', '株式会社', 'e\u0301clair', 'Ωmega', '😀', '١٢', 'O\'Brien', 'a  b', ' a', 'b ', '$(x)', '%s', '<>',
  // Refused, every one: a renderer that let them through would fail here.
  'x"', '" new', 'a\nexit', 'a\r', 'a\u2028b', 'x\\', '\u200b', '\u0085', 'a;Owner=b', 'a=b', 'a\tb',
];
const character = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }).filter((each) => !/["\\;=]/.test(each)) },
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\u00a0', '\u2003', '\u3000') },
);
// Within what the device takes for a name, so that only what the script says can go wrong.
const value = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...words), fc.constantFrom(' ', '', '-'), fc.constantFrom(...words)).map((parts) => parts.join('')) },
  { weight: 4, arbitrary: fc.array(character, { minLength: 1, maxLength: 12 }).map((parts) => parts.join('')) },
).filter((text) => text.length <= 24);

const common = { IpGroupName: value, MsTenantId: value, OwnerMark: value, ProxySet: fc.option(value, { nil: '' }), CacProfile: fc.option(value, { nil: '' }) };
const pbx = { 'IPPBX-ProxyAddress': value, 'IPPBX-ProxyAddress-SIPPort': value, 'IPPBX-Password': value };

type Expected = Readonly<Record<string, Values>>;
const groupOf = (values: Values, more: Values = {}): Values => ({
  name: of(values, 'IpGroupName'), type: 'server',
  ...of(values, 'ProxySet') !== '' && { 'proxy-set-name': of(values, 'ProxySet') },
  ...of(values, 'CacProfile') !== '' && { 'cac-profile': of(values, 'CacProfile') },
  ...more,
  tags: `Trunk=${of(values, 'MsTenantId')};Own=${of(values, 'OwnerMark')}`,
});
const routeOf = (values: Values): Values => ({
  'route-name': `${of(values, 'IpGroupName')}-in`, 'src-ip-group-name': 'Teams-OC', 'dst-ip-group-name': of(values, 'IpGroupName'),
});
const of = (values: Values, name: string): string => values[name] ?? '';

const expected7 = (values: Values): Expected => ({ 'ip-group': groupOf(values), 'sbc routing ip2ip-routing': routeOf(values) });
const expected8 = (values: Values): Expected => ({
  'ip-group': groupOf(values, { 'sip-group-name': of(values, 'IPPBX-ProxyAddress') }),
  'sip-definition account': {
    'account-name': `${of(values, 'IpGroupName')}-account`, 'served-ip-group-name': of(values, 'IpGroupName'),
    'host-name': `${of(values, 'IPPBX-ProxyAddress')}:${of(values, 'IPPBX-ProxyAddress-SIPPort')}`,
    'user-name': of(values, 'IpGroupName'), 'password': of(values, 'IPPBX-Password'),
  },
  'sbc routing ip2ip-routing': routeOf(values),
});

const contents = (configuration: Configuration) => Object.fromEntries(configuration.all.map((table) => [table.schema.path, table.list()]));

function deviceFor(values: Values): Device {
  const device = deviceWith(5, { isStrict: true });
  for (const [table, parameter, name] of [['proxy-set', 'proxy-name', of(values, 'ProxySet')], ['sbc cac-profile', 'name', of(values, 'CacProfile')]] as const) {
    if (name !== '' && !device.running.table(table)?.named(name)) device.plant(table, { values: { [parameter]: name }, children: {} });
  }
  return device;
}

function run(device: Device, script: string): Session {
  const { session } = runOn(device, script);
  expect(session.prompt).toBe('SBC#');
  return session;
}

function rendered(template: Template, values: Values): string | undefined {
  try {
    return renderScript(template, values);
  } catch (error) {
    if (error instanceof RenderError) return undefined;
    throw error;
  }
}

describe('a shipped script, rendered with any values the renderer takes, as a device reads it', () => {
  it.each<[string, Template, Template | undefined, Readonly<Record<string, fc.Arbitrary<string>>>, (values: Values) => Expected]>([
    ['7', shipped(7), shipped(700), common, expected7],
    ['8', shipped(8), shipped(800), { ...common, ...pbx }, expected8],
    ['7 with quotes left to the renderer', shipped(7, bare), undefined, common, expected7],
    ['8 with quotes left to the renderer', shipped(8, bare), undefined, { ...common, ...pbx }, expected8],
  ])('sets exactly the rows of script %s and nothing else', (_name, onboarding, cleanup, arbitraries, expected) => {
    fc.assert(fc.property(fc.record(arbitraries), (values) => {
      const script = rendered(onboarding, values);
      fc.pre(script !== undefined && values['IpGroupName'] !== 'Teams-OC');
      const device = deviceFor(values);
      const before = contents(device.running);
      const wanted = expected(values);

      const session = run(device, script);

      const after = contents(device.running);
      const added = Object.fromEntries(Object.entries(before).map(([table, rows]) => {
        const row = wanted[table];
        return [table, row ? [...rows, { index: rows.length, values: row, children: {} }] : rows];
      }));
      expect(after).toEqual(added);
      // Whoever reads the tags must find the two of the template and no third.
      expect(wanted['ip-group']?.['tags']?.split(/[;=]/)).toEqual(['Trunk', values['MsTenantId'], 'Own', values['OwnerMark']]);
      expect(session.changes.map(({ action, table }) => `${action} ${table}`)).toEqual(Object.keys(wanted).map((table) => `set ${table}`));

      if (!cleanup) return;
      run(device, renderScript(cleanup, values));
      expect(contents(device.running)).toEqual(before);
    }), { numRuns: 1_000 });
  });
});
