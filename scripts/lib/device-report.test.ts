import * as product from '@trunkline/scripts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hasFaults, lookAt } from './device-report.mjs';

const voip = (lines: string): string => `  configure voip\n${lines}  exit\n`;
const proxySet = `   proxy-set 4
    proxy-name "Northwind7"
    activate
    proxy-ip 0
     proxy-address "sip.example.net:5061"
     activate
    exit
   exit
`;
const reportOn = (text: string) => lookAt(text, product).report;
const counts = (text: string) => Object.fromEntries(reportOn(text).tables.map(({ rows, table }) => [table, rows]));

describe('a look at a device', () => {
  it.each([
    ['with margins', voip(proxySet)],
    ['with wider margins', voip(proxySet).replaceAll(/^ +/gm, (margin) => margin.repeat(2))],
    ['without margins', voip(proxySet).replaceAll(/^ +/gm, '')],
    ['with CR LF and a BOM', `\uFEFF${voip(proxySet).replaceAll('\n', '\r\n')}`],
    ['with echo and prompt around it', `Teams SBC# show running-config\n# Running Configuration\n\n${voip(proxySet)}Teams SBC*# \n`],
    ['with rows beside the one that holds them', voip('   proxy-set 4\n    proxy-name "Northwind7"\n    activate\n   exit\n   proxy-ip 4/0\n    proxy-address "192.0.2.4"\n    activate\n   exit\n')],
  ])('counts rows and the rows inside them in a print %s', (_form, text) => {
    expect(counts(text)).toEqual({ 'proxy-set': 1, 'proxy-set proxy-ip': 1 });
    expect(hasFaults(reportOn(text))).toBe(false);
  });

  it.each([
    ['a known table by its own parameter', '   proxy-set 1\n    proxy-name "a"\n    activate\n   exit\n   proxy-set 2\n    activate\n   exit\n', 'proxy-set', { named: 1, namedBy: { 'proxy-name': 1 }, isKnown: true }],
    ['an unknown table by form', '   sbc odd-table 0\n    odd-table-name "a"\n    activate\n   exit\n', 'sbc odd-table', { named: 1, namedBy: { 'odd-table-name': 1 }, isKnown: false }],
    ['a table without names', '   sbc routing sbc-alt-routing-reasons 0\n    rel-cause 503\n    activate\n   exit\n', 'sbc routing sbc-alt-routing-reasons', { named: 0, hasNames: false }],
    ['the line that opens the row', '   ip-group "a"\n    type user\n    activate\n   exit\n', 'ip-group', { named: 1, namedBy: { 'the line that opens it': 1 } }],
  ])('says which rows have a name: %s', (_case, rows, table, expected) => {
    expect(reportOn(voip(rows)).tables.find((each) => each.table === table)).toMatchObject(expected);
  });

  it.each([
    ['that is cut', voip(proxySet).replace(/ {2}exit\n$/, '')],
    ['with a line of the terminal between its rows', voip(`${proxySet}syslog message 7\n${proxySet.replace('proxy-set 4', 'proxy-set 5')}`)],
    ['without "configure voip"', '  configure network\n  exit\n'],
  ])('does not take for whole a print %s', (_form, text) => {
    expect(reportOn(text).isWhole).toBe(false);
    expect(hasFaults(reportOn(text))).toBe(true);
  });

  it('lists rows that are not in effect with line and name', () => {
    const text = voip(`   # The following line is not activated\n${proxySet.replace('    activate', '    no activate')}`);
    expect(reportOn(text).inactive).toEqual([{ table: 'proxy-set', row: 'Northwind7', line: 3 }]);
  });

  const guid = '9c84a505-33bf-507d-834d-2322436c49d0';
  const mark = product.ownerMark(guid);
  it.each([
    ['the short mark', `Own=${mark}`, { guid, mark, isReadable: true }],
    ['the GUID in capitals', `OWNER=${guid.toUpperCase()}`, { guid, mark, isReadable: true }],
    ['one character too few', `Own=${mark.slice(1)}`, { isReadable: false }],
    ['22 characters that are no whole bytes', `Own=${mark.slice(0, -1)}B`, { isReadable: false }],
    ['no GUID', 'Owner=somebody', { isReadable: false }],
  ])('shows the mark beside the GUID: %s', (_case, tag, expected) => {
    const { marks } = reportOn(voip(`   ip-group 7\n    name "Northwind7"\n    tags "Trunk=x;${tag}"\n    activate\n   exit\n`));
    expect(marks).toEqual([{ table: 'ip-group', row: 'Northwind7', tag, ...expected }]);
  });

  it('tells settings from rows, and passes them over', () => {
    const text = voip('   sbc settings\n    name "Teams-OC"\n    sbc-max-calls 5\n    activate\n   exit\n   hostname "SBC # 1"\n');
    expect(reportOn(text)).toMatchObject({ tables: [], settings: [{ text: 'sbc settings', line: 2 }], single: [{ text: 'hostname', line: 7 }] });
    expect(hasFaults(reportOn(text))).toBe(false);
  });

  it.each([
    ['a quote that never closes', proxySet.replace('"Northwind7"', '"Northwind7'), 'a quote that never closes', 3],
    ['what can be no parameter', proxySet.replace('proxy-name', '*name'), 'begins with what can be no parameter', 3],
    ['a parameter without a value', proxySet.replace(' "Northwind7"', ''), 'a parameter without a value', 3],
    ['a line that stands deeper than the others', proxySet.replace('    activate', '      is-odd yes\n    activate'), 'at another margin than the lines around it', 4],
    ['a row without its exit', proxySet.replace(/ {3}exit\n$/, proxySet), 'not closed by an "exit" of its own', 2],
  ])('names what is not understood, with table, line and reason: %s', (_case, rows, reason, firstLine) => {
    const report = reportOn(voip(rows));
    expect(report.notUnderstood).toMatchObject([{ section: 'voip', table: 'proxy-set', reason, firstLine, count: 1 }]);
    expect(hasFaults(report)).toBe(true);
  });

  it('says that a print was cut off', () => {
    const report = reportOn('  configure voip\n   proxy-set 4\n    proxy-name "North');
    expect(report.notUnderstood.map(({ reason }) => reason)).toContain('the print ends before this is closed');
  });

  it('takes nothing for a configuration that has no section', () => {
    expect(hasFaults(reportOn('<html>\n<body>Log in</body>\n'))).toBe(true);
  });

  it('counts lines outside of all sections apart', () => {
    const report = reportOn(`<p>welcome</p>\n${voip(proxySet)}[ ProxySet ]\nProxySet 0 = "x";\n`);
    expect(report.outside).toEqual({ count: 3, firstLine: 1 });
  });

  it('names a table of which the reader has other rows than are printed', () => {
    // A reader that loses a row, as one with a fault would.
    const losing = { ...product, readConfiguration: () => product.readConfiguration(voip(proxySet), 'all') };
    const { report } = lookAt(voip(`${proxySet}${proxySet.replace('4', '5')}`), losing);
    expect(report.readDifferently).toMatchObject([{ table: 'proxy-set', rows: 2, rowsRead: 1, firstLine: 2 }, { table: 'proxy-set proxy-ip', rows: 2, rowsRead: 1 }]);
    expect(hasFaults(report)).toBe(true);
  });
});

interface PrintForm {
  readonly margin: number;
  readonly isBeside: boolean;
  readonly isPrefixed: boolean;
  readonly lineEnd: string;
}

interface MadeRow {
  readonly table: string;
  readonly values: readonly string[];
  readonly children: number;
  readonly isActive: boolean;
}

/** A print of these rows in one of the forms that devices have. */
function printOf(rows: readonly MadeRow[], { isBeside, isPrefixed, lineEnd, margin }: PrintForm): string {
  const line = (depth: number, text: string) => ' '.repeat(depth * margin) + text;
  const lines = rows.flatMap(({ children, isActive, table, values }, index) => {
    const [child = 'rule'] = Object.keys(product.deviceTable(table).children ?? {});
    const before = table.slice(0, table.length - product.lastWord(table).length);
    const inner = Array.from({ length: children }, (_child, at) => (isBeside
      ? [line(2, `${isPrefixed ? before : ''}${child} ${index}/${at}`), line(3, 'odd-value 1'), line(3, 'activate'), line(2, 'exit')]
      : [line(3, `${child} ${at}`), line(4, 'odd-value 1'), line(4, 'activate'), line(3, 'exit')])).flat();
    const [name = 'name'] = product.nameParameters(table);
    const own = [line(2, `${table} ${index}`), line(3, `${name} "n${index}"`), ...values.map((value, at) => line(3, `odd-${at} ${value}`)), line(3, isActive ? 'activate' : 'no activate')];
    return [...own, ...isBeside ? [line(2, 'exit'), ...inner] : [...inner, line(2, 'exit')]];
  });
  return ['', line(1, 'configure voip'), ...lines, line(1, 'exit'), ''].join(lineEnd);
}

describe('the reader of the product and the second look', () => {
  const tables = product.knownTables.filter((table) => !table.includes(':') && Object.keys(product.deviceTable(table).children ?? {}).length > 0);
  const row = fc.record({
    table: fc.constantFrom(...tables), children: fc.nat(3), isActive: fc.boolean(),
    values: fc.array(fc.constantFrom('"Northwind 7"', '5', 'udp', '"a#b"', '""', '"exit"', '"no activate"', '"configure voip"', 'x obscured', '"ip-group 5"'), { maxLength: 3 }),
  });
  const form = fc.record({ margin: fc.nat(3), isBeside: fc.boolean(), isPrefixed: fc.boolean(), lineEnd: fc.constantFrom('\n', '\r\n') });

  it('find the same rows in a print of any form, in effect or not', () => {
    fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), form, (rows, style) => {
      const report = reportOn(printOf(rows, style));
      expect([report.notUnderstood, report.readDifferently]).toEqual([[], []]);
      expect(report.tables.reduce((sum, table) => sum + table.rows, 0)).toBe(rows.reduce((sum, { children }) => sum + 1 + children, 0));
      expect(report.inactive).toHaveLength(rows.filter(({ isActive }) => !isActive).length);
    }));
  });
});
