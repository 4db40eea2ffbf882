import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRows, parseTemplate, presentRows, readConfiguration, renderCommands, rowsOfScript, strayRemovals } from './index.js';
import { cleanup700, customerGuid, onboarding7, sampleValues, unquotedTemplate } from './sample-templates.testing.js';

function rowsIn(text: string, values: Record<string, string> = sampleValues) {
  const result = parseTemplate(text);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return rowsOfScript(renderCommands(result.template, values));
}

const { rows } = rowsIn(onboarding7);
const mark = `Owner=${customerGuid}`;
const read = (text: string) => readConfiguration(text, 'all');
const tags = `Trunk=${sampleValues.MsTenantId};${mark}`;
const seen = (...lines: string[]) => compareRows(rows, read(['configure voip', ...lines, 'exit'].join('\n')), customerGuid);

const group = (name = 'Northwind7', itsTags = tags) => [' ip-group 4', `  name "${name}"`, '  type "server"', `  tags "${itsTags}"`, '  activate', ' exit'];
const route = (name = 'Northwind7-in', to = 'Northwind7') => [
  ' sbc routing ip2ip-routing 9', '  src-ip-group-name Teams-OC', `  route-name ${name}`, `  dst-ip-group-name ${to}`, '  activate', ' exit',
];
const ipGroup = { table: 'ip-group', name: 'Northwind7' };
const ipRoute = { table: 'sbc routing ip2ip-routing', name: 'Northwind7-in' };

describe('the comparison with a device', () => {
  it.each([
    ['finds all rows there and ours', [...group(), ...route()], { ours: 2 }],
    ['finds them in any order', [...route(), ...group()], { ours: 2 }],
    ['finds nothing on an empty device', [], { ours: 0, missing: [ipGroup, ipRoute] }],
    ['finds one row and misses the other', group(), { ours: 1, missing: [ipRoute] }],
    ['takes a name that only begins like ours for another', [...group('Northwind7-2', 'Owner=other'), ...group('Northwind'), ...route('Northwind7-in-2')], { ours: 0, missing: [ipGroup, ipRoute] }],
    ['takes a name that differs in case for another', group('NORTHWIND7', 'Owner=other'), { missing: [ipGroup, ipRoute] }],
    ['knows a row of somebody else by its mark', group('Northwind7', 'Owner=0b7d1c52-0000-4000-8000-000000000000'), { missing: [ipRoute], foreign: ipGroup }],
    ['takes a row without a mark for somebody else\'s', group('Northwind7', 'Trunk=x'), { missing: [ipRoute], foreign: ipGroup }],
    ['takes a row with two marks for somebody else\'s', group('Northwind7', `${tags};Owner=other`), { missing: [ipRoute], foreign: ipGroup }],
    ['takes a mark that only begins like ours for another', group('Northwind7', `${tags}0`), { missing: [ipRoute], foreign: ipGroup }],
    ['gives a route to the owner of the group it leads to', [...group('Northwind7', 'Owner=other'), ...route()], { foreign: ipGroup }],
    ['takes a route of our name that leads elsewhere for somebody else\'s', [...group(), ...route('Northwind7-in', 'Contoso')], { ours: 1, foreign: ipRoute }],
    ['takes a route whose group is gone for somebody else\'s', route(), { missing: [ipGroup], foreign: ipRoute }],
    ['sees a changed parameter', [...group().map((line) => line.replace('"server"', 'user')), ...route()], { ours: 1, differing: [ipGroup] }],
    ['sees a parameter that is gone', [...group(), ...route().filter((line) => !line.includes('src-'))], { ours: 1, differing: [ipRoute] }],
    ['sees two rows of one name', [...group(), ...group(), ...route()], { ours: 1, differing: [ipGroup] }],
    ['accepts a default that is not printed', [...group().filter((line) => !line.includes('type')), ...route()], { ours: 2 }],
    ['accepts more parameters and tags in another order', [...group('Northwind7', `${mark}; Trunk=${sampleValues.MsTenantId}`), ...route()], { ours: 2 }],
    ['finds rows printed by name', [' ip-group "Northwind7"', '  type server', `  tags ${tags}`, ' exit', ...route()], { ours: 2 }],
  ])('%s', (_name, lines, expected) => {
    const { differences, unverifiable, ...rest } = seen(...lines);
    expect(rest).toEqual({ ours: 0, wanted: 2, missing: [], differing: [], ...expected });
    expect([...new Set(differences.map(({ key: _key, isValue: _isValue, text: _text, ...ref }) => JSON.stringify(ref)))]).toEqual(rest.differing.map((ref) => JSON.stringify(ref)));
    expect(unverifiable).toEqual([]);
  });

  it('takes a route whose group is gone for ours when it is proven', () => {
    const configuration = read(['configure voip', ...route(), 'exit'].join('\n'));
    expect(compareRows(rows, configuration, customerGuid, { unmarkedAreOurs: true })).toMatchObject({ ours: 1, missing: [ipGroup] });
  });

  it('compares rows within rows and gives a proxy set to the owner of the group that uses it', () => {
    const wanted = rowsIn(unquotedTemplate).rows;
    const device = (address: string, owner = mark) => read(
      `configure voip\nproxy-set 3\nproxy-name Northwind7-pbx\nproxy-address 0\nproxy-address ${address}\nexit\nexit\n`
      + `ip-group 1\nname Northwind7\ntags ${owner}\nproxy-set-name Northwind7-pbx\nsip-group-name sip.example.net\nexit\nexit`);
    expect(compareRows(wanted, device('sip.example.net:5061'), customerGuid)).toMatchObject({ ours: 2, differing: [] });
    expect(compareRows(wanted, device('sip.example.net:5062'), customerGuid)).toMatchObject({ ours: 1, differing: [{ table: 'proxy-set', name: 'Northwind7-pbx' }] });
    expect(compareRows(wanted, device('sip.example.net:5061', 'Owner=x'), customerGuid)).toMatchObject({ ours: 0, foreign: { table: 'proxy-set', name: 'Northwind7-pbx' } });
  });

  it('takes an unmarked row that nothing uses for ours only when it is proven, an IP group never', () => {
    const wanted = rowsIn(unquotedTemplate).rows;
    const proxySet = read('configure voip\nproxy-set 3\nproxy-name Northwind7-pbx\nexit\nexit');
    expect(compareRows(wanted, proxySet, customerGuid)).toMatchObject({ foreign: { table: 'proxy-set' } });
    expect(compareRows(wanted, proxySet, customerGuid, { unmarkedAreOurs: true })).toMatchObject({ differing: [{ table: 'proxy-set' }], missing: [{ table: 'ip-group' }] });
    const unmarked = read('configure voip\nip-group 3\nname Northwind7\nexit\nexit');
    expect(compareRows(wanted, unmarked, customerGuid, { unmarkedAreOurs: true }).foreign).toEqual(ipGroup);
  });

  it('tells what a cleanup left and what it must not reach', () => {
    const { removes } = rowsIn(cleanup700);
    const device = read(['configure voip', ...route(), ...group('Northwind77')].join('\n'));
    expect(presentRows(removes, device)).toEqual([ipRoute]);
    expect(strayRemovals(removes, rows)).toEqual([]);
    expect(strayRemovals([...removes, { table: 'ip-group', name: 'Teams-OC' }], rows)).toEqual([{ table: 'ip-group', name: 'Teams-OC' }]);
  });
});

const opens = /^(?:configure .*|.* \d+|ntp|.* settings|gateway .*)$/;

describe('a printed configuration', () => {
  it('is found whole whatever the order, quoting, indentation, line ends and company of its rows', () => {
    const strangers = ['snmp trap 0\nip-group "Northwind7"\nactivate\nexit', 'sip-definition settings\nmax-calls unlimited\nactivate\nexit', 'media settings\nexit', 'gateway advanced "x"\nactivate\nexit'];
    const print = (row: typeof rows[number], index: number, order: number, isQuoted: boolean) => {
      const quote = (value: string) => (isQuoted || !/^[A-Za-z0-9_.:@+;=-]+$/.test(value) ? `"${value}"` : value);
      const parameters = Object.entries(row.parameters).map(([name, value]) => `${name} ${quote(value)}`);
      const turned = [...parameters.slice(order % parameters.length), ...parameters.slice(0, order % parameters.length)];
      return [`${row.table} ${index}`, ...turned, 'activate', 'exit'].join('\n');
    };
    const layout = fc.record({
      order: fc.nat(10), isQuoted: fc.boolean(), indent: fc.constantFrom('', ' ', '    ', '\t'), margin: fc.constantFrom('', '  '), end: fc.constantFrom('\n', '\r\n'),
      blocks: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), section: fc.constantFrom('hostname "sbc5"\n', ''),
    });
    fc.assert(fc.property(layout, ({ order, isQuoted, indent, margin, end, blocks, section }) => {
      const printed = [...rows.map((row, index) => print(row, index + 3, order, isQuoted)), ...strangers];
      const body = blocks.map((block) => printed[block]).join('\n');
      let depth = 0;
      const text = `## configuration\nconfigure system\n${section}ntp\nenable\nexit\nexit\nconfigure voip\n${body}\nexit\nconfigure network\nexit`.split('\n').map((line) => {
        if (line === 'exit') depth -= 1;
        const printed = `${margin}${indent.repeat(depth)}${line}`;
        if (opens.test(line)) depth += 1;
        return printed;
      }).join(end);
      expect(compareRows(rows, read(text), customerGuid)).toMatchObject({ ours: 2, wanted: 2 });
      expect(read(text).rows('ip-group')).toHaveLength(1);
    }), { numRuns: 1000 });
  });

  it('is read with a section\'s own settings before the rows and with tables in two steps', () => {
    const device = read(['configure voip', ' realm-mode on', ' some-setting 5', ...group(), ' sbc routing', '  ip2ip-routing 0', '   route-name R', '  exit', ' exit', 'exit'].join('\n'));
    expect(device.find(ipGroup)).toHaveLength(1);
    expect(device.find({ table: 'sbc routing ip2ip-routing', name: 'R' })).toHaveLength(1);
  });

  it('never fails, whatever a device prints', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('configure voip', 'exit', 'ip-group 1', 'name "x"', 'no', 'new', '"', 'activate', 'sbc routing', '__proto__ x', '\r', '!', 'ip-group __proto__')), (lines) => {
      expect(read(lines.join('\n')).tables).toBeInstanceOf(Array);
    }));
  });
});
