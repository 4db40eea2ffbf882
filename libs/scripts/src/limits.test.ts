import { describe, expect, it } from 'vitest';
import { deviceTable } from './device-tables.js';
import { checkRendered, checkTemplate, type DeviceLimits, knownTables, parseTemplate, renderCommands, widestLimits } from './index.js';
import { customerGuid, sampleValues } from './sample-templates.testing.js';

const mark = 'tags "Owner={{CustomerGuid}}"';
const withGroup = (...lines: string[]) => ['configure voip', 'ip-group new', 'name "{{IpGroupName}}-0"', mark, 'activate', 'exit', ...lines, 'exit'].join('\n');
const inTemplate = (text: string, limits: DeviceLimits = {}) => checkTemplate('onboarding', text, ['X'], limits).map(({ line, message }) => `${line}: ${message}`);
function inRendered(text: string, values: Record<string, string>, limits: DeviceLimits = {}): string[] {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return checkRendered('onboarding', renderCommands(parsed.template, { ...sampleValues, ...values }), customerGuid, limits).problems.map(({ line, message }) => `${line}: ${message}`);
}
const row = (opening: string, ...lines: string[]) => [opening, ...lines, 'activate', 'exit'];
const times = (count: number, line: string) => Array.from({ length: count }, () => line);

describe('what a device takes', () => {
  it.each<[string, readonly string[], string, number]>([
    ['tags of an IP Group', row('ip-group new', 'name "{{IpGroupName}}"', `tags "Owner={{CustomerGuid}};a=%"`), 'tags', 0],
    ['the name of a manipulation', row('message message-manipulations new', 'manipulation-name "{{IpGroupName}}%"'), 'manipulation-name', 20],
    ['a condition', row('sbc routing condition-table new', 'name "{{IpGroupName}}"', 'condition "%"'), 'condition', 200],
    ['the subject of an action', row('message message-manipulations new', 'manipulation-name "{{IpGroupName}}"', 'action-subject "%"'), 'action-subject', 100],
    ['the value of an action', row('message message-manipulations new', 'manipulation-name "{{IpGroupName}}"', 'action-value "%"'), 'action-value', 300],
    ['a SIP group name', row('ip-group new', 'name "{{IpGroupName}}"', mark, 'sip-group-name "%"'), 'sip-group-name', 100],
    ['a prefix in a dial plan', row('sbc dial-plan new', 'name "{{IpGroupName}}"', 'activate', 'dial-plan-rule 0', 'prefix "%"', 'activate', 'exit'), 'prefix', 50],
    ['a name in a dial plan', row('sbc dial-plan new', 'name "{{IpGroupName}}"', 'activate', 'dial-plan-rule 0', 'name "%"', 'activate', 'exit'), 'name', 15],
    ['the name of a proxy set', row('proxy-set new', 'proxy-name "{{IpGroupName}}%"'), 'proxy-name', 40],
    ['the name of a route', row('sbc routing ip2ip-routing new', 'route-name "{{IpGroupName}}%"'), 'route-name', 40],
  ])('is known of %s', (_name, lines, parameter, most) => {
    const room = parameter === 'tags' ? 70 - `Owner=${customerGuid};a=`.length : most - (lines.some((line) => line.includes(`${parameter} "{{IpGroupName}}%`)) ? 'Northwind7'.length : 0);
    const filled = (length: number) => withGroup(...lines.map((line) => line.replace('%', 'x'.repeat(length))));
    expect(inRendered(filled(room), {})).toEqual([]);
    expect(inRendered(filled(room + 1), {})).toEqual([expect.stringMatching(new RegExp(`^\\d+: ${parameter} of .* has \\d+ characters, the SBC takes \\d+$`))]);
  });

  const ofTable = (table: string) => Object.entries(deviceTable(table).limits ?? {})
    .flatMap(([parameter, { characters }]) => (characters === undefined ? [] : [{ parameter, characters }]));
  const shipped = knownTables.flatMap((table) => [
    ...ofTable(table).map((limit) => ({ table, child: undefined, ...limit })),
    ...Object.keys(deviceTable(table).children ?? {}).flatMap((child) => ofTable(`${table} ${child}`).map((limit) => ({ table, child, ...limit }))),
  ]);
  it.each(shipped)('is asked of $table $child $parameter, and of no character less', ({ characters, child, parameter, table }) => {
    const named = (of: string) => [`${deviceTable(of).nameParameter ?? 'name'} "{{IpGroupName}}"`, ...of === 'ip-group' ? [mark] : []];
    const inside = (of: string, length: number) => [
      ...named(of).filter((line) => !line.startsWith(`${parameter} `)),
      `${parameter} "${of === 'ip-group' && parameter === 'tags' ? `Owner={{CustomerGuid}};${'x'.repeat(length - 43)}` : `{{IpGroupName}}${'x'.repeat(length - 10)}`}"`,
    ];
    const lines = (length: number) => (child === undefined ? inside(table, length) : [...named(table), 'activate', `${child} new`, ...inside(`${table} ${child}`, length), 'activate', 'exit']);
    const [section, path] = table.startsWith('network:') ? ['network', table.slice('network:'.length)] : ['voip', table];
    const text = (length: number) => [withGroup(), `configure ${section}`, ...row(`${path} new`, ...lines(length)), 'exit'].join('\n');
    expect(inRendered(text(characters), {})).toEqual([]);
    expect(inRendered(text(characters + 1), {})).toEqual([expect.stringContaining(`has ${characters + 1} characters, the SBC takes ${characters}`)]);
  });

  it('counts characters as a person does, and parts of a list', () => {
    expect(inRendered(withGroup(...row('message message-manipulations new', 'manipulation-name "{{IpGroupName}}{{X}}"')), { X: '😀'.repeat(10) })).toEqual([]);
    expect(inRendered(withGroup(...row('ip-group new', 'name "{{IpGroupName}}"', 'tags "Owner={{CustomerGuid}};b;c;d;e"')), {})).toEqual([]);
    expect(inRendered(withGroup(...row('ip-group new', 'name "{{IpGroupName}}"', 'tags "Owner={{CustomerGuid}};b;c;d;e;f"')), {})).toEqual(['9: tags of ip-group has 6 parts, the SBC takes 5']);
  });

  it('is checked in a template for what it says itself, and for values when they are known', () => {
    const constant = withGroup(...row('sbc routing condition-table new', 'name "{{IpGroupName}}"', `condition "${'x'.repeat(201)}"`));
    expect(inTemplate(constant)).toEqual(['9: condition of sbc routing condition-table has 201 characters, the SBC takes 200']);
    const withValue = withGroup(...row('sbc routing condition-table new', 'name "{{IpGroupName}}"', 'condition "{{X}}"'));
    expect(inTemplate(withValue)).toEqual([]);
    expect(inRendered(withValue, { X: 'x'.repeat(201) })).toHaveLength(1);
  });

  it('is nothing where no limit is known', () => {
    expect(inTemplate(withGroup(...row('future-table new', 'name "{{IpGroupName}}"', `text "${'x'.repeat(2000)}"`)))).toEqual([]);
  });

  it('may differ from SBC to SBC: what is not said of one stays as it is', () => {
    const six = withGroup(...row('ip-group new', 'name "{{IpGroupName}}"', `tags "Owner={{CustomerGuid}};b;c;d;e;${'f'.repeat(50)}"`));
    expect(inRendered(six, {}, { 'ip-group': { tags: { characters: 250 } } })).toEqual(['9: tags of ip-group has 6 parts, the SBC takes 5']);
    expect(inRendered(six, {}, { 'ip-group': { tags: { characters: 250, parts: 6 } } })).toEqual([]);
    expect(inRendered(six, {}, { srd: { name: { characters: 1 } } })).toHaveLength(2);
  });

  it('is a number of rows inside a row too', () => {
    const members = (count: number) => withGroup('sbc routing ip-group-set new', 'name "{{IpGroupName}}"', 'activate', ...times(count, 'ip-group-set-member new\nactivate\nexit'), 'exit');
    const coders = (count: number) => withGroup('coders-and-profiles audio-coders-groups new', 'coders-group-name "{{IpGroupName}}"', 'activate', ...times(count, 'audio-coders new\nname opus\nactivate\nexit'), 'exit');
    expect([inTemplate(members(5)), inTemplate(coders(10))]).toEqual([[], []]);
    expect(inTemplate(members(6))).toEqual(['25: ip-group-set-member stands 6 times in one row of sbc routing ip-group-set, the SBC takes 5']);
    expect(inTemplate(coders(11))).toEqual([expect.stringContaining('the SBC takes 10')]);
    expect(inTemplate(members(6), { 'sbc routing ip-group-set': { 'ip-group-set-member': { rows: 6 } } })).toEqual([]);
  });

  it('is a number of rows inside one row, entered once or twice', () => {
    const members = (opening: string, name: string, from: number, count: number) => [
      `sbc routing ip-group-set ${opening}`, ...opening === 'new' ? [`name "${name}"`] : [], 'activate', ...Array.from({ length: count }, (_, at) => `ip-group-set-member ${from + at}\nactivate\nexit`), 'exit',
    ];
    const first = members('new', '{{IpGroupName}}', 0, 3);
    expect(inTemplate(withGroup(...first, ...members('new', '{{IpGroupName}}-b', 0, 5)))).toEqual([]);
    expect(inTemplate(withGroup(...first, ...members('"{{IpGroupName}}"', '', 1, 4)))).toEqual([]);
    expect(inTemplate(withGroup(...first, ...members('"{{IpGroupName}}"', '', 3, 3)))).toEqual(['28: ip-group-set-member stands 6 times in one row of sbc routing ip-group-set, the SBC takes 5']);
  });

  it('of several SBCs is what the widest takes', () => {
    const wide: DeviceLimits = { 'ip-group': { tags: { characters: 250 } } };
    expect(widestLimits([wide, {}])).toEqual({ 'ip-group': { tags: { characters: 250, parts: 5 } } });
    expect(widestLimits([{ 'ip-group': { tags: { characters: 30 } } }, {}])).toEqual({ 'ip-group': { tags: { characters: 70, parts: 5 } } });
    expect(widestLimits([{ x: { y: { characters: 3 } } }, {}])).toEqual({ x: { y: {} } });
    expect(widestLimits([])).toEqual({});
  });
});
