import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompareOptions, compareRows, parseTemplate, presentRows, readConfiguration, renderCommands, rowsOfScript, Wanted } from './index.js';
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
    const named = new Set(differences.map(({ name, table }) => `${table} ${name}`));
    expect([...named]).toEqual(rest.differing.map(({ name, table }) => `${table} ${name}`));
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

  it('tells what a cleanup left', () => {
    const { removes } = rowsIn(cleanup700);
    const device = read(['configure voip', ...route(), ...group('Northwind77')].join('\n'));
    expect(presentRows(removes, device)).toEqual([ipRoute]);
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

/** The rows of a template and an IP Group, compared with a print that has the IP Group. */
function comparison(template: readonly string[], print: readonly string[], options: CompareOptions = {}) {
  const wanted = rowsIn(['configure voip', ...template, 'ip-group new', 'name "{{IpGroupName}}"', 'tags "Owner={{CustomerGuid}}"', 'activate', 'exit', 'exit'].join('\n')).rows;
  const device = readConfiguration(['configure voip', ...print, ' ip-group 7', '  name "Northwind7"', `  tags "${mark}"`, '  activate', ' exit', 'exit'].join('\r\n'), new Wanted(wanted));
  const seenRows = compareRows(wanted, device, customerGuid, { unmarkedAreOurs: true, ...options });
  return { ...seenRows, isDone: seenRows.ours === seenRows.wanted, texts: seenRows.differences.map(({ text }) => text) };
}

const setOf = (...lines: string[]) => ['proxy-set new', 'proxy-name "{{IpGroupName}}"', ...lines, 'activate', 'exit'];
const printedSet = (...lines: string[]) => [' proxy-set 5', '  proxy-name "Northwind7"', ...lines.map((line) => `  ${line}`), '  activate', ' exit'];

describe('a row that is not in effect', () => {
  it.each([
    ['is ours and differs', [' # The following line is not activated', ' proxy-set 5', '  proxy-name "Northwind7"', '  no activate', ' exit'], ['proxy-set "Northwind7" is not in effect (no activate)']],
    ['is so whatever it says before', [' proxy-set 5', '  proxy-name "Northwind7"', '  activate', '  no activate', ' exit'], ['proxy-set "Northwind7" is not in effect (no activate)']],
    ['is no other row', [' proxy-set 5', '  proxy-name "Northwind7"', '  activate', ' exit', ' proxy-set 6', '  proxy-name "Other"', '  no activate', ' exit'], []],
  ])('%s', (_name, print, texts) => {
    expect(comparison(setOf(), print)).toMatchObject({ isDone: texts.length === 0, texts, missing: [] });
  });

  it('is a fault inside another row too, and none of a value', () => {
    const template = ['proxy-set new', 'proxy-name "{{IpGroupName}}"', 'activate', 'proxy-ip 0', 'proxy-address x', 'activate', 'exit', 'exit'];
    const seenRows = comparison(template, [' proxy-set 5', '  proxy-name "Northwind7"', '  activate', '  proxy-ip 0', '   proxy-address x', '   no activate', '  exit', ' exit']);
    expect(seenRows).toMatchObject({ isDone: false, texts: ['proxy-set "Northwind7", proxy-ip 0 is not in effect (no activate)'], differences: [{ isValue: false }] });
  });

  it('that is an IP Group is ours by its mark', () => {
    expect(seen(...group().map((line) => line.replace('activate', 'no activate')), ...route())).toMatchObject({ ours: 1, differing: [ipGroup] });
  });
});

describe('several rows of one name that carry no mark', () => {
  const manipulation = ['message message-manipulations new', 'manipulation-name "{{IpGroupName}}"', 'action-value "\'a\'"', 'activate', 'exit'];
  const printed = (index: number, value: string, end = 'activate') => (
    [` message message-manipulations ${index}`, '  manipulation-name "Northwind7"', `  action-value "'${value}'"`, `  ${end}`, ' exit']);
  const row = { table: 'message message-manipulations', name: 'Northwind7' };
  it.each([
    ['somebody else\'s where one has another value', [...printed(3, 'b'), ...printed(8, 'a')], { foreign: { ...row, times: 2 }, differing: [] }],
    ['somebody else\'s wherever it stands', [...printed(3, 'a'), ...printed(7, 'a'), ...printed(8, 'b')], { foreign: { ...row, times: 3 }, differing: [] }],
    ['somebody else\'s where the other one is switched off', [...printed(3, 'a'), ...printed(8, 'b', 'no activate')], { foreign: { ...row, times: 2 }, differing: [] }],
    ['ours where all are as they were set', [...printed(3, 'a'), ...printed(8, 'a')], { differing: [row] }],
    ['ours where all are as they were set, one of them switched off', [...printed(3, 'a'), ...printed(8, 'a', 'no activate')], { differing: [row] }],
  ])('are %s', (_name, print, expected) => {
    expect(comparison(manipulation, print)).toMatchObject({ ours: 1, missing: [], ...expected });
    if (!('foreign' in expected)) expect(comparison(manipulation, print).foreign).toBeUndefined();
  });

  it('are somebody else\'s inside a row that belongs to all too', () => {
    const rule = ['sbc dial-plan "Tenants"', 'dial-plan-rule new', 'name "{{IpGroupName}}"', 'prefix 4930', 'activate', 'exit', 'exit'];
    const rules = (...prefixes: string[]) => [
      ' sbc dial-plan 0', '  name "Tenants"', '  activate',
      ...prefixes.flatMap((prefix, index) => [`  dial-plan-rule ${index}`, '   name "Northwind7"', `   prefix "${prefix}"`, '   activate', '  exit']), ' exit',
    ];
    expect(comparison(rule, rules('9999', '4930'))).toMatchObject({ foreign: { name: 'Northwind7', parent: 'Tenants', times: 2 } });
    expect(comparison(rule, rules('4930', '4930')).foreign).toBeUndefined();
  });
});

describe('a parameter that a print leaves out', () => {
  it('may have been short for another one, which is named', () => {
    const printed = read('configure voip\nproxy-set 1\nproxy-name "A"\nactivate\nexit\nexit');
    const text = (parameter: string) => compareRows(
      rowsIn(`configure voip\nproxy-set new\nproxy-name A\n${parameter} x\nactivate`).rows, printed, customerGuid, { unmarkedAreOurs: true },
    ).differences.map((each) => each.text);
    expect(text('tls-context')).toEqual([expect.stringMatching(/default tls-context=x\. If it is short for "tls-context-name", write the whole word instead$/)]);
    expect(text('odd-value')).toEqual([expect.stringMatching(/default odd-value=x$/)]);
  });

  const ofDevice = { 'proxy-set': { 'dns-resolve-method': 'a-record', 'proxy-keep-alive-time': '30' } };
  it.each<[string, readonly string[], CompareOptions, boolean]>([
    ['the shipped default', ['proxy-enable-keep-alive disable'], {}, true], ['another value than the shipped default', ['proxy-enable-keep-alive using-options'], {}, false],
    ['a number written another way', ['proxy-keep-alive-time 060'], {}, true], ['a choice in another case', ['proxy-enable-keep-alive Disable'], {}, true],
    ['nothing that is known', ['dns-resolve-method a-record'], {}, false], ['the default of this SBC', ['dns-resolve-method a-record'], { defaults: ofDevice }, true],
    ['the shipped default where this SBC has another', ['proxy-keep-alive-time 60'], { defaults: ofDevice }, false], ['this SBC\'s own where the shipped one differs', ['proxy-keep-alive-time 30'], { defaults: ofDevice }, true],
    ['the default the template states', ['# trunkline: default dns-resolve-method=a-record', 'dns-resolve-method a-record'], {}, true],
    ['another than the template states', ['# trunkline: default dns-resolve-method=srv', 'dns-resolve-method a-record'], {}, false],
    ['what the template states against the SBC', ['# trunkline: default dns-resolve-method=srv', 'dns-resolve-method srv'], { defaults: ofDevice }, true],
    ['a default of another parameter', ['# trunkline: default peer-host-name=a-record', 'dns-resolve-method a-record'], {}, false], ['an empty one that is stated', ['# trunkline: default peer-host-name=', 'peer-host-name ""'], {}, true],
    ['an empty one that nobody has stated', ['peer-host-name ""'], {}, false],
  ])('is as set when it was %s, never by guess', (_name, lines, options, isDone) => {
    expect(comparison(setOf(...lines), printedSet(), options)).toMatchObject({ isDone, missing: [] });
  });

  it('is told with the line to add', () => {
    expect(comparison(setOf('dns-resolve-method a-record'), printedSet()).texts).toEqual([
      'proxy-set "Northwind7": dns-resolve-method was set to "a-record" and the SBC does not print it. If that is what it has by default, the template says so before the row: # trunkline: default dns-resolve-method=a-record',
    ]);
  });

  it('is asked for row by row: what is stated of one holds for no other', () => {
    const template = [...setOf('# trunkline: default dns-resolve-method=srv', 'dns-resolve-method srv'), 'coders-and-profiles ip-profile new', 'profile-name "{{IpGroupName}}"', 'dns-resolve-method srv', 'activate', 'exit'];
    const print = [...printedSet(), ' coders-and-profiles ip-profile 2', '  profile-name "Northwind7"', '  activate', ' exit'];
    expect(comparison(template, print).texts).toEqual([expect.stringContaining('ip-profile "Northwind7": dns-resolve-method')]);
  });
});

describe('a parameter that was taken back', () => {
  it.each<[string, readonly string[], readonly string[], boolean]>([
    ['it is not printed', ['no proxy-keep-alive-time'], [], true], ['it is not printed and nothing is stated', ['no peer-host-name'], [], true], ['it is printed empty', ['no peer-host-name'], ['peer-host-name ""'], true],
    ['its shipped default is printed', ['no proxy-keep-alive-time'], ['proxy-keep-alive-time 60'], true], ['another value is printed', ['no proxy-keep-alive-time'], ['proxy-keep-alive-time 61'], false],
    ['a value is printed of which no default is stated', ['no peer-host-name'], ['peer-host-name x'], false],
    ['its stated default is printed', ['# trunkline: default peer-host-name=x', 'no peer-host-name'], ['peer-host-name x'], true], ['it was set again after', ['no peer-host-name', 'peer-host-name x'], ['peer-host-name x'], true],
    ['a text is printed empty that has another stated default', ['# trunkline: default peer-host-name=x', 'no peer-host-name'], ['peer-host-name ""'], false],
    ['a text is printed empty that is so by default', ['# trunkline: default peer-host-name=', 'no peer-host-name'], ['peer-host-name ""'], true],
    ['a number is printed empty', ['no proxy-keep-alive-time'], ['proxy-keep-alive-time ""'], false],
    ['a choice is printed empty', ['no proxy-enable-keep-alive'], ['proxy-enable-keep-alive ""'], false],
    ['it was set before', ['peer-host-name x', 'no peer-host-name'], ['peer-host-name x'], false],
  ])('is equal or not: %s', (_name, lines, printed, isDone) => {
    expect(comparison(setOf(...lines), printedSet(...printed))).toMatchObject({ isDone });
  });

  it.each([['a number', 'port-range-start', false], ['a text', 'bw-profile', true]])('is equal or not where it is %s without a default, and printed empty', (_name, parameter, isDone) => {
    const template = ['realm new', 'name "{{IpGroupName}}"', `no ${parameter}`, 'activate', 'exit'];
    expect(comparison(template, [' realm 1', '  name "Northwind7"', `  ${parameter} ""`, '  activate', ' exit'])).toMatchObject({ isDone });
  });
});

describe('a value that is printed', () => {
  it.each<[string, string, string, boolean]>([
    ['exactly', 'peer-host-name 0049', 'peer-host-name "0049"', true], ['with other zeros', 'peer-host-name 0049', 'peer-host-name "49"', false], ['in another case', 'peer-host-name Ab', 'peer-host-name "ab"', false],
    ['as another way to write the number, where it is one', 'proxy-keep-alive-time 060', 'proxy-keep-alive-time 60', true], ['as no number, where it should be one', 'proxy-keep-alive-time 60', 'proxy-keep-alive-time 6e1', false],
    ['in another case, where it is a choice', 'proxy-enable-keep-alive USING-OPTIONS', 'proxy-enable-keep-alive using-options', true], ['with more behind', 'peer-host-name a', 'peer-host-name "a b"', false],
    ['with several words', 'peer-host-name "a b"', 'peer-host-name a b', true],
    ['with two blanks', 'condition \'a  b\'', 'condition \'a  b\'', true], ['with a blank less', 'condition \'a  b\'', 'condition "\'a b\'"', false], ['with a tab', 'condition a\tb c', 'condition "a\tb c"', true],
    ['with a blank for a tab', 'condition x a\tb', 'condition x a b', false], ['with blanks before and behind', 'condition   a b  ', 'condition a b ', true],
    ['as a number with a sign', 'proxy-keep-alive-time 60', 'proxy-keep-alive-time +60', false], ['as a number with a fraction', 'proxy-keep-alive-time 60', 'proxy-keep-alive-time 60.0', false], ['as another number', 'proxy-keep-alive-time 60', 'proxy-keep-alive-time 61', false],
    ['as another choice', 'proxy-enable-keep-alive using-options', 'proxy-enable-keep-alive using-options-on-active-server', false], ['cut', 'peer-host-name sip.example.net', 'peer-host-name "sip.example.n"', false], ['empty', 'peer-host-name a', 'peer-host-name ""', false],
    ['with letters of other alphabets', 'peer-host-name "Müller Ω"', 'peer-host-name "Müller Ω"', true], ['with an accent of its own', 'peer-host-name "M\u00fcller"', 'peer-host-name "Mu\u0308ller"', false],
    ['with quotes in it', 'condition a == "b"', 'condition a == "b"', true], ['with quotes in it and printed without', 'condition a == "b"', 'condition "a == b"', false],
  ])('is compared as what it is: %s', (_name, line, printed, isDone) => {
    expect(comparison(setOf(line), printedSet(printed))).toMatchObject({ isDone, ...!isDone && { differences: [{ isValue: true, text: expect.stringMatching(/^proxy-set "Northwind7": \S+ is ".*", ".*" was set$/) }] } });
  });

  it.each([
    ['is obscured, whatever the parameter', setOf('peer-host-name x'), printedSet('peer-host-name Gh1= obscured'), ['proxy-set "Northwind7": peer-host-name']],
    ['is a password, obscured without saying so', ['sip-definition account new', 'account-name "{{IpGroupName}}"', 'password x', 'activate', 'exit'],
      [' sip-definition account 1', '  account-name "Northwind7"', '  password "9a8b=="', '  activate', ' exit'], ['sip-definition account "Northwind7": password']],
  ])('can\'t be compared where it %s', (_name, template, print, unverifiable) => {
    expect(comparison(template, print)).toMatchObject({ isDone: true, unverifiable });
  });

  const account = (...lines: string[]) => ['sip-definition account new', 'account-name "{{IpGroupName}}"', ...lines, 'activate', 'exit'];
  const printedAccount = (...lines: string[]) => [' sip-definition account 1', '  account-name "Northwind7"', ...lines.map((line) => `  ${line}`), '  activate', ' exit'];
  const future = (...lines: string[]) => ['future-table new', 'name "{{IpGroupName}}"', ...lines, 'activate', 'exit'];
  const printedFuture = (...lines: string[]) => [' future-table 1', '  name "Northwind7"', ...lines.map((line) => `  ${line}`), '  activate', ' exit'];
  it.each<[string, string[], string[], string]>([
    ['a password that is printed empty', account('password "s3cr3t"'), printedAccount('password ""'), 'password is empty, and a value was set'],
    ['a password that is obscured and empty', account('password "s3cr3t"'), printedAccount('password "" obscured'), 'password is empty, and a value was set'],
    ['a password that is not printed', account('password "s3cr3t"'), printedAccount(), 'password was set and the SBC does not print it'],
    ['a password that is printed where it was taken back', account('no password'), printedAccount('password "s3cr3t"'), 'password is set and was taken back'],
    ['a cipher of a password that was taken back', account('no password'), printedAccount('password "s3cr3t" obscured'), 'password is set and was taken back'],
    ['a cipher of any parameter that was taken back', future('no shared-key'), printedFuture('shared-key s3cr3t obscured'), 'shared-key is set and was taken back'],
    ['a value that the script has obscured', future('shared-key s3cr3t obscured'), printedFuture(), 'shared-key was set and the SBC does not print it'],
    ['a password in a table that is not known', future('password s3cr3t'), printedFuture('password S3cr3t'), 'password is not what was set'],
  ])('is a difference without its value: %s', (_name, template, print, text) => {
    const { isDone, texts, unverifiable } = comparison(template, print);
    expect({ isDone, texts, unverifiable }).toEqual({ isDone: false, texts: [expect.stringMatching(new RegExp(`^\\S.* "Northwind7": ${text}$`))], unverifiable: [] });
  });

  it('is missed where it is a password that is not there', () => {
    expect(comparison(['sip-definition account new', 'account-name "{{IpGroupName}}"', 'password x', 'activate', 'exit'], [' sip-definition account 1', '  account-name "Northwind7"', '  activate', ' exit'])).toMatchObject({ isDone: false });
  });
});

describe('rows inside a row', () => {
  const profile = ['sbc cac-profile new', 'name "{{IpGroupName}}"', 'activate', 'cac-rule 0', 'limit 24', 'activate', 'exit', 'cac-rule 1', 'limit 3', 'activate', 'exit', 'exit'];
  const printed = (...limits: readonly (readonly [number, number])[]) => [
    ' sbc cac-profile 2', '  name "Northwind7"', '  activate', ...limits.flatMap(([index, limit]) => [`  cac-rule ${index}`, `   limit ${limit}`, '   activate', '  exit']), ' exit',
  ];
  it.each<[string, readonly (readonly [number, number])[], readonly string[]]>([
    ['as set', [[0, 24], [1, 3]], []], ['in another order of the print', [[1, 3], [0, 24]], []], ['one missing', [[0, 24]], ['sbc cac-profile "Northwind7", cac-rule 1 is missing']],
    ['one too many', [[0, 24], [1, 3], [2, 5]], ['sbc cac-profile "Northwind7" has 1 cac-rule more than were set']],
    ['exchanged', [[0, 3], [1, 24]], ['sbc cac-profile "Northwind7", cac-rule 0: limit is "3", "24" was set', 'sbc cac-profile "Northwind7", cac-rule 1: limit is "24", "3" was set']],
  ])('are compared one by one: %s', (_name, limits, texts) => {
    expect(comparison(profile, printed(...limits)).texts).toEqual(texts);
  });

  it('that were made with "new" come in their order, whatever their indexes', () => {
    const anywhere = profile.map((line) => line.replace(/cac-rule \d/, 'cac-rule new'));
    expect(comparison(anywhere, printed([4, 24], [9, 3])).isDone).toBe(true);
    expect(comparison(anywhere, printed([4, 3], [9, 24])).isDone).toBe(false);
  });
});

describe('rows inside a row that the script sets none of', () => {
  const inside = (word: string) => [' proxy-set 5', '  proxy-name "Northwind7"', '  activate', `  ${word} 0`, '   priority 1', '   activate', '  exit', ' exit'];
  it('are a difference where their table is known', () => {
    expect(comparison(setOf(), inside('proxy-ip'))).toMatchObject({ isDone: false, texts: ['proxy-set "Northwind7" has 1 proxy-ip more than were set'], differences: [{ isValue: false }] });
    expect(comparison(setOf(), ['proxy-set 5', 'proxy-name "Northwind7"', 'exit', 'proxy-ip 5/0', 'priority 1', 'exit'])).toMatchObject({ isDone: false });
  });

  it('are none in a table that is not known, unless another one of it is set', () => {
    expect(comparison(setOf(), inside('odd-word'))).toMatchObject({ isDone: true });
    const own = setOf().toSpliced(-2, 2, 'activate', ' odd-word new', '  priority 1', '  activate', ' exit', 'exit');
    expect(comparison(own, inside('odd-word'))).toMatchObject({ isDone: true });
    expect(comparison(own, inside('odd-word').toSpliced(-1, 0, '  odd-word 1', '   activate', '  exit')).texts).toEqual(['proxy-set "Northwind7" has 1 odd-word more than were set']);
  });

  it('are none in a row that belongs to all', () => {
    const rule = ['sbc dial-plan "Tenants"', 'dial-plan-rule new', 'name "{{IpGroupName}}"', 'activate', 'exit', 'exit'];
    const rules = ['Other', 'Northwind7'].flatMap((name, at) => [`  dial-plan-rule ${at}`, `   name "${name}"`, '   activate', '  exit']);
    expect(comparison(rule, [' sbc dial-plan 0', '  name "Tenants"', '  activate', ...rules, ' exit'])).toMatchObject({ isDone: true });
  });
});

describe('a row of our name', () => {
  const template = [
    'coders-and-profiles audio-coders-groups new', 'coders-group-name "{{IpGroupName}}"', 'activate', 'exit', 'coders-and-profiles ip-profile new', 'profile-name "{{IpGroupName}}"',
    'sbc-ext-coders-group-name "{{IpGroupName}}"', 'activate', 'exit', ...setOf(),
  ];
  const print = [
    ' coders-and-profiles audio-coders-groups 3', '  coders-group-name "Northwind7"', '  activate', ' exit', ' coders-and-profiles ip-profile 2', '  profile-name "Northwind7"',
    '  sbc-ext-coders-group-name "Northwind7"', '  activate', ' exit', ...printedSet(),
  ];
  it('is ours while nobody else refers to it', () => {
    expect(comparison(template, print)).toMatchObject({ isDone: true });
  });

  it.each([
    ['a stranger\'s IP Group its proxy set', ['ip-group 1', 'name "Fabrikam"', 'proxy-set-name "Northwind7"', 'tags "Own=x"'], 'proxy-set'], ['an unmarked IP Group its profile', ['ip-group 1', 'name "Fabrikam"', 'ip-profile-name Northwind7'], 'coders-and-profiles ip-profile'],
    ['a stranger\'s profile its coders', ['coders-and-profiles ip-profile 9', 'profile-name "Fabrikam"', 'sbc-ext-coders-group-name "Northwind7"'], 'coders-and-profiles audio-coders-groups'],
    ['a stranger\'s profile its coders, for fax', ['coders-and-profiles ip-profile 9', 'profile-name "Fabrikam"', 'sbc-fax-coders-group-name "Northwind7"'], 'coders-and-profiles audio-coders-groups'],
    ['a row of an unknown table its proxy set', ['future-table 4', 'name "Fabrikam"', 'backup-proxy-set-name "Northwind7"'], 'proxy-set'], ['a block of settings its proxy set', ['sbc settings', 'default-proxy-set-name "Northwind7"'], 'proxy-set'],
    ['a row that is not in effect its proxy set', ['ip-group 1', 'name "Fabrikam"', 'proxy-set-name "Northwind7"', 'no activate'], 'proxy-set'],
  ])('is somebody else\'s as soon as %s', (_name, [opening, ...lines], table) => {
    expect(comparison(template, [...print, ` ${opening}`, ...lines.map((line) => `  ${line}`), ' exit'])).toMatchObject({ isDone: false, foreign: { table, name: 'Northwind7' } });
  });

  const networkTemplate = ['configure network', 'interface network-if new', 'name "{{IpGroupName}}"', 'activate', 'exit', 'tls new', 'name "{{IpGroupName}}"', 'activate', 'exit', 'exit', 'configure voip'];
  const ofNetwork = (voip: readonly string[], ...lines: string[]) => comparison(networkTemplate, [...voip, 'exit', 'configure network', ' interface network-if 3', '  name "Northwind7"', '  activate', ' exit', ' tls 3', '  name "Northwind7"', '  activate', ' exit', ...lines, 'exit', 'configure voip']);
  it.each([
    ['a NAT rule its interface', 'nat-translation 0', 'src-interface-name', 'interface network-if'], ['a firewall rule its interface', 'access-list 0', 'network-interface-name', 'interface network-if'],
    ['a static route its interface', 'static 0', 'interface-name', 'interface network-if'], ['a web server its TLS context', 'web-interface 0', 'web-context-name', 'tls'], ['a server its TLS context', 'other-server 0', 'context-name', 'tls'],
  ])('of the network section is somebody else\'s as soon as %s', (_name, opening, parameter, table) => {
    expect(ofNetwork([])).toMatchObject({ isDone: true });
    expect(ofNetwork([], ` ${opening}`, `  ${parameter} "Northwind7"`, '  activate', ' exit')).toMatchObject({ isDone: false, foreign: { table: `network:${table}`, name: 'Northwind7' } });
  });

  it.each([
    ['a proxy set its TLS context', 'proxy-set 8', 'dtls-context-name', 'tls'], ['an unmarked IP Group its TLS context', 'ip-group 8', 'dtls-context', 'tls'], ['a media realm its interface', 'realm 8', 'other-interface-name', 'interface network-if'],
  ])('of the network section is somebody else\'s as soon as, in another section, %s', (_name, opening, parameter, table) => {
    expect(ofNetwork([` ${opening}`, `  ${parameter} "Northwind7"`, '  activate', ' exit'])).toMatchObject({ isDone: false, foreign: { table: `network:${table}`, name: 'Northwind7' } });
  });

  it.each([
    ['is called so: a SIP interface', ['sip-interface 3', 'interface-name "Northwind7"']], ['is called so: an interface of an unknown table', ['future interface 3', 'interface-name "Northwind7"']], ['refers to a SIP interface of the name', ['sbc classification 3', 'classification-name "x"', 'src-sip-interface-name "Northwind7"']],
  ])('of the network section stays ours where a row %s', (_name, [opening, ...lines]) => {
    expect(ofNetwork([` ${opening}`, ...lines.map((line) => `  ${line}`), '  activate', ' exit'])).toMatchObject({ isDone: true });
  });

  it.each([
    ['says it in no reference', ['ip-group 1', 'name "Fabrikam"', 'local-host-name "Northwind7"', 'contact-user "Northwind7"']], ['is the customer\'s own', ['sbc routing ip2ip-routing 9', 'route-name "Northwind7-in"', 'dst-ip-group-name "Northwind7"']],
    ['refers to another table', ['sip-interface 3', 'interface-name "x"', 'media-realm-name "Northwind7"']],
  ])('stays ours where a row %s', (_name, [opening, ...lines]) => {
    expect(comparison(template, [...print, ` ${opening}`, ...lines.map((line) => `  ${line}`), ' exit'])).toMatchObject({ isDone: true });
  });

  it('inside one of all is ours only by our note, and nothing else of its parent counts', () => {
    const own = ['sbc dial-plan "Tenants"', 'dial-plan-rule new', 'name "{{IpGroupName}}"', 'prefix "+49"', 'activate', 'exit', 'exit'];
    const plan = (name: string, prefix: string) => [' sbc dial-plan 0', '  name "Tenants"', '  activate', '  dial-plan-rule 0', '   name "Other"', '   prefix "1"', '   no activate', '  exit', '  dial-plan-rule 1', `   name "${name}"`, `   prefix "${prefix}"`, '   activate', '  exit', ' exit'];
    expect(comparison(own, plan('Northwind7', '+49'))).toMatchObject({ isDone: true });
    expect(comparison(own, plan('Northwind7', '+49'), { unmarkedAreOurs: false })).toMatchObject({ isDone: false, foreign: { table: 'sbc dial-plan dial-plan-rule', name: 'Northwind7', parent: 'Tenants' } });
    expect(comparison(own, plan('Northwind7', '+48')).texts).toEqual(['dial-plan-rule "Northwind7" in sbc dial-plan "Tenants": prefix is "+48", "+49" was set']);
    expect(comparison(own, plan('northwind7', '+49')).missing).toEqual([{ table: 'sbc dial-plan dial-plan-rule', name: 'Northwind7', parent: 'Tenants' }]);
  });

  it('inside one of all has no effect where that is switched off, whether it is there or not', () => {
    const own = ['sbc dial-plan "Tenants"', 'dial-plan-rule new', 'name "{{IpGroupName}}"', 'activate', 'exit', 'exit'];
    const off = { switchedOff: { table: 'sbc dial-plan', name: 'Tenants' } };
    const rule = ['  dial-plan-rule 1', '   name "Northwind7"', '   activate', '  exit'];
    for (const inside of [[], rule]) {
      expect(comparison(own, [' sbc dial-plan 0', '  name "Tenants"', '  no activate', ...inside, ' exit'])).toMatchObject(off);
      expect(comparison(own, [' sbc dial-plan 0', '  name "Tenants"', '  activate', ...inside, ' exit'])).not.toMatchObject(off);
    }
  });
});

describe('a table that is not known, under another word than it is printed with', () => {
  const template = (...lines: string[]) => ['message pre-pars new', 'name "{{IpGroupName}}"', ...lines, 'activate', 'exit'];
  const row = (table = 'message pre-parsing-manip-sets', name = 'Northwind7', ...lines: string[]) => [` ${table} 3`, `  name "${name}"`, ...lines.map((line) => `  ${line}`), '  activate', ' exit'];
  const text = 'message pre-pars "Northwind7" is printed as message pre-parsing-manip-sets "Northwind7": write the whole name of the table';

  it.each<[string, readonly string[], readonly string[], CompareOptions, object]>([
    ['there, and a fault that trying again does not mend', template(), row(), {}, { ours: 1, missing: [], texts: [text], differences: [{ isValue: true }] }],
    ['somebody else\'s where it was there before us', template(), row(), { unmarkedAreOurs: false }, { foreign: { table: 'message pre-parsing-manip-sets', name: 'Northwind7' }, missing: [] }],
    ['missing where only a row of another name is there', template(), row(undefined, 'Fabrikam'), {}, { missing: [{ table: 'message pre-pars', name: 'Northwind7' }] }],
    ['missing where only another parameter has its name', template(), row(undefined, 'Fabrikam', 'title "Northwind7"'), {}, { missing: [{ table: 'message pre-pars', name: 'Northwind7' }] }],
    ['missing where only a row of a known table is there', template(), row('proxy-set').map((line) => line.replace(' name', ' proxy-name')), {}, { missing: [{ table: 'message pre-pars', name: 'Northwind7' }] }],
    ['missing where the row is another one of the script', [...template(), 'other-table new', 'name "{{IpGroupName}}"', 'activate', 'exit'], row('other-table'), {}, { ours: 2, missing: [{ table: 'message pre-pars', name: 'Northwind7' }] }],
    ['as it was set where it is printed with the word itself', template(), [...row('message pre-pars'), ...row()], {}, { isDone: true }],
    ['a user of its own rows', ['coders-and-profiles ip-profile new', 'profile-name "{{IpGroupName}}"', 'activate', 'exit', ...template('ip-profile-name "{{IpGroupName}}"')],
      [' coders-and-profiles ip-profile 1', '  profile-name "Northwind7"', '  activate', ' exit', ...row(undefined, undefined, 'ip-profile-name "Northwind7"')], {}, { ours: 2, texts: [text] }],
  ])('is %s', (_name, script, print, options, expected) => {
    expect(comparison(script, print, options)).toMatchObject(expected);
  });

  it('is left behind by the name that the device prints', () => {
    const wanted = rowsIn(['configure voip', ...template(), 'exit'].join('\n')).rows;
    expect(presentRows(wanted, readConfiguration(['configure voip', ...row(), 'exit'].join('\n'), new Wanted(wanted)))).toEqual([{ table: 'message pre-parsing-manip-sets', name: 'Northwind7' }]);
  });
});
