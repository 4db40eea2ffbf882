import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Configuration, ConfigurationReader, type PrintedRow, readConfiguration as read, Wanted } from './index.js';

// Every table that holds rows of others.
const parentTables = [
  'proxy-set', 'sbc dial-plan', 'sbc cac-profile', 'sbc routing alt-route-reasons-set', 'sbc routing ip-group-set', 'message msg-man-set', 'qoe qoe-profile',
  'coders-and-profiles audio-coders-groups', 'coders-and-profiles allowed-audio-coders-groups', 'coders-and-profiles allowed-video-coders-groups',
];
const wantedRows = (names: readonly string[] | 'all') => (names === 'all' ? names : { names, parentTables });
const readConfiguration = (text: string, names: readonly string[] | 'all'): Configuration => read(text, wantedRows(names));

/** What is in a configuration, as plain data. */
function contents(configuration: Configuration): Record<string, unknown> {
  const plain = ({ children, index, isActive, name, obscured, parameters }: PrintedRow): unknown => ({
    index, name, isActive, parameters: Object.fromEntries(parameters), obscured: [...obscured], children: children.map((child) => [child.table, plain(child)]),
  });
  return Object.fromEntries(configuration.tables.toSorted().map((table) => [table, configuration.rows(table).map(plain)]));
}

function inChunks(text: string, wanted: readonly string[] | 'all', ends: readonly number[]): Configuration {
  const bytes = Buffer.from(text);
  const reader = new ConfigurationReader(wantedRows(wanted));
  [0, ...ends].forEach((from, at) => { reader.push(bytes.subarray(from, ends[at] ?? bytes.length)); });
  return reader.end();
}

// Release 7.2: indented, CR LF, banners, children inside their rows.
const indented = `\uFEFFBorder 1# show running-config
# Running Configuration Mediant VE SBC

## IP NETWORK

  configure network
   interface network-if 0
    ip-address 192.0.2.20
    name "Outer"
    activate
   exit
   tls 1
    name "Northwind7"
    activate
   exit
  exit

## SIGNALING & MEDIA

  configure voip
   media-channels 30
   realm 2
    name "Northwind7"
    activate
   exit
   proxy-set 4
    proxy-name "Northwind7"
    proxy-keep-alive-time 90
    activate
    proxy-ip 0
     proxy-address "one.example.net:5061"
     transport-type tls
     activate
    exit
    proxy-ip 3
     proxy-address two.example.net
     no activate
    exit
   exit
   # The following line is not activated
   proxy-set 5
    proxy-name "Fabrikam1"
    no activate
   exit
   sbc routing alt-route-reasons-set 1
    name "Northwind7"
    activate
    alt-route-reasons-rules 0
     rel-cause-code 503-service-unavail
     activate
    exit
   exit
   ip-group 7
    name "Northwind7"
    proxy-set-name "Northwind7"
    sip-group-name ""
    password 0aF3uQ== obscured
    activate
   exit
   sip-definition settings
    reg-time 180
    name "Northwind7"
    proxy-set 1
    activate
   exit
   message message-manipulations 3
    manipulation-name "Other"
    action-value 'Northwind7' + header.to.url.user
    activate
   exit
   future-table 2
    name Northwind7
    activate
    future-part 0
     future-thing 4
      depth 3
      activate
     exit
     activate
    exit
   exit
  exit

## TROUBLESHOOT

  configure troubleshoot
   logging logging-filters 0
    value "Northwind7"
    activate
   exit
  exit
Border 1#
; *** a second file follows
[SYSTEM Params]
SyslogServerPort = 514
Name = "Northwind7"
`.replaceAll('\n', '\r\n');

// An older one: flat, LF, children beside their rows, names without quotes.
const flat = `configure network
interface network-if 0
ip-address 192.0.2.20
name Outer
exit
tls 1
name Northwind7
exit
exit
configure voip
realm 2
name Northwind7
activate
exit
voip-network proxy-set 4
proxy-name Northwind7
proxy-keep-alive-time 90
activate
exit
proxy-ip 4/0
proxy-address one.example.net:5061
transport-type tls
activate
exit
proxy-ip 4/3
proxy-address two.example.net
no activate
exit
proxy-ip 5/0
proxy-address other.example.net
activate
exit
sbc routing alt-route-reasons-set 1
name Northwind7
activate
exit
sbc routing alt-route-reasons-rules 1/0
rel-cause-code 503-service-unavail
activate
exit
ip-group 7
name Northwind7
proxy-set-name Northwind7
sip-group-name ""
password 0aF3uQ== obscured
activate
exit
exit
`;

const names = ['Northwind7'];

describe('a print', () => {
  it.each([['indented, children inside', indented, 'Northwind7'], ['flat, children beside', flat, 'Northwind7']])('that is %s is read with rows, children and what is in effect', (_name, text) => {
    for (const wanted of [names, 'all'] as const) {
      const device = readConfiguration(text, wanted);
      const [proxySet] = device.find({ table: 'proxy-set', name: 'Northwind7' });
      expect(proxySet).toMatchObject({ index: 4, isActive: true });
      expect(proxySet?.parameters.get('proxy-keep-alive-time')).toBe('90');
      expect(proxySet?.children.map(({ index, isActive, parameters, table }) => [table, index, isActive, parameters.get('proxy-address')])).toEqual([
        ['proxy-set proxy-ip', 0, true, 'one.example.net:5061'], ['proxy-set proxy-ip', 3, false, 'two.example.net'],
      ]);
      expect(device.find({ table: 'sbc routing alt-route-reasons-set', name: 'Northwind7' })[0]?.children.map(({ parameters, table }) => [table, ...parameters])).toEqual([
        ['sbc routing alt-route-reasons-set alt-route-reasons-rules', ['rel-cause-code', '503-service-unavail']],
      ]);
      const [group] = device.find({ table: 'ip-group', name: 'Northwind7' });
      expect([...group?.obscured ?? []]).toEqual(['password']);
      expect(group?.parameters.get('sip-group-name')).toBe('');
      expect(device.find({ table: 'network:tls', name: 'Northwind7' })).toHaveLength(1);
      expect(device.find({ table: 'realm', name: 'Northwind7' })).toHaveLength(1);
      expect(device.usersOf({ table: 'proxy-set', name: 'Northwind7' }).map(({ row }) => row.table)).toEqual(['ip-group']);
    }
  });

  it('keeps of a whole configuration what holds a wanted name, and nothing else', () => {
    const device = read(indented, { names, parentTables: [] });
    expect(contents(device)).toMatchObject({ 'ip-group': [{ index: 7 }], 'proxy-set': [{ index: 4 }], 'realm': [{ index: 2 }] });
    expect(device.tables.toSorted()).toEqual([
      'future-table', 'ip-group', 'network:tls', 'proxy-set', 'realm', 'sbc routing alt-route-reasons-set', 'sip-definition settings', 'troubleshoot:logging logging-filters',
    ]);
  });

  it('does not take settings for rows, in whatever section they stand', () => {
    const device = readConfiguration(indented, 'all');
    expect(device.rows('proxy-set').map(({ index }) => index)).toEqual([4, 5]);
    expect(device.tables.filter((table) => ['media-channels', 'reg-time', 'proxy-keep-alive-time', 'SyslogServerPort ='].includes(table))).toEqual([]);
    expect(device.rows('sip-definition settings')[0]?.parameters.get('reg-time')).toBe('180');
    const elsewhere = readConfiguration('configure system\n snmp settings\n  ip-group 5\n   name "Northwind7"\n  exit\n exit\nexit\n', 'all');
    expect(elsewhere.find({ table: 'ip-group', name: 'Northwind7' })).toEqual([]);
  });

  it('of a table nobody has heard of is read to any depth', () => {
    const [row] = readConfiguration(indented, names).find({ table: 'future-table', name: 'Northwind7', nameParameter: 'name' });
    expect(contents({ tables: ['x'], rows: () => [row] } as unknown as Configuration)).toMatchObject({ x: [{ children: [['future-table future-part', {
      index: 0, isActive: true, children: [['future-table future-part future-thing', { index: 4, parameters: { depth: '3' } }]],
    }]] }] });
  });

  it.each([
    ['indented', indented, names], ['indented, all of it', indented, 'all'], ['flat', flat, names], ['flat, all of it', flat, 'all'],
    ['with doubled line ends', indented.replaceAll('\r\n', '\r\n\r\n'), names],
  ] as const)('that comes in two parts, cut at any byte, is read as in one: %s', (_name, text, wanted) => {
    const whole = contents(readConfiguration(text, wanted));
    expect(Object.keys(whole).length).toBeGreaterThan(3);
    const { length } = Buffer.from(text);
    for (let end = 1; end < length; end += 1) expect(contents(inChunks(text, wanted, [end])), `cut at ${end}`).toEqual(whole);
    expect(contents(inChunks(text, wanted, Array.from({ length: length - 1 }, (_each, at) => at + 1)))).toEqual(whole);
  });

  it('reads the same with doubled line ends', () => {
    expect(contents(readConfiguration(indented.replaceAll('\r\n', '\r\n\r\n'), 'all'))).toEqual(contents(readConfiguration(indented, 'all')));
  });

  it.each([['inside', true], ['beside', false]])('of a dial plan with thousands of rules %s it keeps the wanted rule and its plan', (_name, isInside) => {
    const rules = Array.from({ length: 20_000 }, (_each, index) => [
      isInside ? `  dial-plan-rule ${index}` : ` sbc dial-plan-rule 0/${index}`, `   name "${index === 12_345 ? 'Northwind7' : `rule${index}`}"`, `   prefix "${index}"`, '   activate',
      isInside ? '  exit' : ' exit',
    ]);
    const plan = [' sbc dial-plan 0', '  name "Tenants"', '  activate'];
    const lines = ['configure voip', ...plan, ...isInside ? rules.flat() : [], ' exit', ...isInside ? [] : rules.flat(), 'exit'];
    const [first, ...more] = readConfiguration(`${lines.join('\r\n')}\r\n`, names).rows('sbc dial-plan');
    expect(more).toEqual([]);
    expect(first?.parameters.get('name')).toBe('Tenants');
    expect(first?.children.map(({ index, parameters }) => [index, parameters.get('prefix')])).toEqual([[12_345, '12345']]);
    const device = readConfiguration(lines.join('\n'), names);
    expect(device.find({ table: 'sbc dial-plan dial-plan-rule', name: 'Northwind7', parent: 'Tenants' })).toHaveLength(1);
  });

  it.each([
    ['indented', 'configure voip\n proxy-set 2\n  proxy-name "Northwind7"\n  activate\n  proxy-ip 0\n   proxy-address 8\n   activate\n  exit\n  proxy-ip 1\n  exit\n exit\nexit\n'],
    ['indented and beside', 'configure voip\n proxy-set 2\n  proxy-name Northwind7\n  activate\n exit\n proxy-ip 2/0\n  proxy-address 8\n  activate\n exit\n proxy-ip 2/1\n exit\nexit\n'],
    ['flat', 'configure voip\nproxy-set 2\nproxy-name Northwind7\nactivate\nproxy-ip 0\nproxy-address 8\nactivate\nexit\nproxy-ip 1\nexit\nexit\nexit\n'],
    ['flat and beside', 'configure voip\nproxy-set 2\nproxy-name Northwind7\nactivate\nexit\nproxy-ip 2/0\nproxy-address 8\nactivate\nexit\nproxy-ip 2/1\nexit\nexit\n'],
    ['of an older release', 'configure voip\n voip-network proxy-set 2\n  proxy-name Northwind7\n  activate\n exit\n voip-network proxy-ip 2/0\n  proxy-address 8\n  activate\n exit\n voip-network proxy-ip 2/1\n exit\nexit\n'],
  ])('that is %s does not have a parameter for a row inside, whose word it shares', (_name, text) => {
    for (const wanted of [names, 'all'] as const) {
      const [row] = readConfiguration(text, wanted).find({ table: 'proxy-set', name: 'Northwind7' });
      expect(row?.children.map(({ children, index, parameters }) => [index, Object.fromEntries(parameters), children.length])).toEqual([[0, { 'proxy-address': '8' }, 0], [1, {}, 0]]);
    }
  });

  it('without an exit of a row is read to where the next one begins', () => {
    const open = 'configure voip\n ip-group 1\n  name "A"\n  activate\n ip-group 2\n  name "B"\n  no activate\n exit\nexit\nconfigure system\n ip-group 3\n  name "A"\n exit\nexit\n';
    for (const wanted of ['all', ['A', 'B']] as const) {
      expect(readConfiguration(open, wanted).rows('ip-group').map(({ index, isActive, parameters }) => [index, isActive, parameters.get('name')])).toEqual([[1, true, 'A'], [2, false, 'B']]);
    }
    expect(readConfiguration(open.replaceAll(/^ +/gm, ''), 'all').rows('ip-group').map(({ index }) => index)).toEqual([1, 2]);
  });

  it('takes each chunk in a few milliseconds', () => {
    const rows = Array.from({ length: 30_000 }, (_each, index) => `   ip-group ${index}\r\n    name "customer${index}"\r\n    proxy-set-name "SIPTrunk"\r\n    activate\r\n   exit\r\n`).join('');
    const bytes = Buffer.from(`  configure voip\r\n${rows}  exit\r\n`);
    const reader = new ConfigurationReader(wantedRows(['customer29999', 'customer4']));
    const times: number[] = [];
    for (let at = 0; at < bytes.length; at += 65_536) {
      const from = performance.now();
      reader.push(bytes.subarray(at, at + 65_536));
      times.push(performance.now() - from);
    }
    expect(reader.end().rows('ip-group').map(({ index }) => index)).toEqual([4, 29_999]);
    // The middle one: what else this machine does at the time is no matter of the reader's.
    expect(times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)]).toBeLessThan(5);
  });
});

// Rows as devices print them and as they never would: what is passed over in leaps and what is read line by line must be the same.
const name = fc.constantFrom('Northwind7', 'Fabrikam1', 'Northwind77', 'x');
const parameter = fc.oneof(
  name.map((value) => `name "${value}"`), name.map((value) => `proxy-name ${value}`), name.map((value) => `ip-group-name "${value}"`), fc.constantFrom('type server', 'tags "a=b;c=d"', 'limit 5', 'x y z'),
);
const words = fc.constantFrom('ip-group', 'proxy-set', 'sbc dial-plan', 'sbc cac-profile', 'future-table', 'future tables', 'qoe settings');
const childWord = fc.constantFrom('proxy-ip', 'dial-plan-rule', 'cac-rule', 'future-part');
const end = fc.constantFrom('exit', 'exit', 'exit', '', 'exit ');
interface Block {
  readonly opening: string;
  readonly lines: readonly string[];
  readonly applied: string;
  readonly children: readonly Block[];
  readonly end: string;
}
const child: fc.Arbitrary<Block> = fc.record({
  opening: fc.tuple(childWord, fc.nat(3)).map(([word, index]) => `${word} ${index}`), lines: fc.array(parameter, { maxLength: 2 }), applied: fc.constantFrom('activate', 'no activate', ''),
  children: fc.constant([]), end,
});
const selector = fc.oneof(fc.nat(12).map(String), name.map((value) => `"${value}"`), fc.constant('settings'));
const twoKeys = fc.tuple(fc.nat(3), fc.nat(3)).map((both) => both.join('/'));
const block: fc.Arbitrary<Block> = fc.record({
  opening: fc.oneof(fc.tuple(words, selector), fc.tuple(childWord, twoKeys)).map((parts) => parts.join(' ')), lines: fc.array(parameter, { maxLength: 3 }), applied: fc.constantFrom('activate', 'no activate', ''),
  children: fc.array(child, { maxLength: 3 }), end,
});
const printOf = (blocks: readonly Block[], step: number, depth: number): string[] => blocks.flatMap((each) => {
  const margin = ' '.repeat(step * depth);
  return [
    `${margin}${each.opening}`, ...[...each.lines, each.applied].filter((line) => line !== '').map((line) => `${margin}${' '.repeat(step)}${line}`),
    ...printOf(each.children, step, depth + 1), ...each.end === '' ? [] : [`${margin}${each.end}`],
  ];
});
const print = fc.record({
  sections: fc.array(fc.record({ section: fc.constantFrom('voip', 'voip', 'network', 'system'), blocks: fc.array(block, { maxLength: 8 }), end }), { minLength: 1, maxLength: 3 }),
  step: fc.constantFrom(0, 1, 2), lineEnd: fc.constantFrom('\n', '\r\n', '\n\n'), cut: fc.array(fc.nat(200), { maxLength: 3 }), twice: fc.option(fc.nat(200)), chunk: fc.integer({ min: 1, max: 300 }),
}).map(({ chunk, cut, lineEnd, sections, step, twice }) => {
  const lines = sections.flatMap((each) => [`configure ${each.section}`, ...printOf(each.blocks, step, 1), each.end]).filter((line) => line !== '');
  // The first row of a section says how deep its rows stand.
  const kept = lines.filter((_line, at) => !cut.includes(at) || lines[at - 1]?.startsWith('configure ') === true);
  return { text: (twice === null ? kept : kept.toSpliced(twice, 0, kept[twice] ?? '')).join(lineEnd), chunk };
});
// More names than are worth a search each: then nothing is passed over in leaps.
const others = Array.from({ length: 40 }, (_each, at) => `nobody${at}`);
const wantedOf = fc.constantFrom(['Northwind7'], ['Northwind7', 'Fabrikam1'], ['x'], []);

describe('the reading of any print', () => {
  it('is the same in leaps and line by line, in one piece and in many', () => {
    fc.assert(fc.property(print, wantedOf, ({ chunk, text }, wanted) => {
      const few = contents(readConfiguration(text, wanted));
      expect(contents(readConfiguration(text, [...wanted, ...others]))).toEqual(few);
      const length = Buffer.byteLength(text);
      expect(contents(inChunks(text, wanted, Array.from({ length: Math.floor(length / chunk) }, (_each, at) => (at + 1) * chunk)))).toEqual(few);
    }), { numRuns: 1000 });
  });

  it('finds every row of a wanted name that is in the print, as it is read when all is kept', () => {
    fc.assert(fc.property(print, ({ text }) => {
      const [all, few] = [readConfiguration(text, 'all'), readConfiguration(text, ['Northwind7'])];
      for (const table of all.tables) {
        const found = (configuration: Configuration) => configuration.find({ table, name: 'Northwind7' }).map(({ index, isActive, parameters }) => ({ index, isActive, parameters: Object.fromEntries(parameters) }));
        expect(found(few)).toEqual(found(all));
        const users = (configuration: Configuration) => configuration.usersOf({ table, name: 'Northwind7' }).map(({ of, parameter: by, row }) => [row.table, row.index, of.index, by].join()).toSorted();
        expect(users(few)).toEqual(users(all));
      }
    }), { numRuns: 1000 });
  });
});

describe('a print', () => {
  const isWhole = (text: string): boolean => readConfiguration(text, 'all').isWhole;

  it.each(['--MORE--', 'Border 1# ', 'Jan 1 00:00:01 [S=12] INFO: link is up', 'syslog message 7'])('is not whole with a line between that is of no row: %s', (line) => {
    const lines = indented.split('\n');
    const first = lines.findIndex((each) => each.startsWith('   media-channels')) + 1;
    for (let at = first; at < first + 40; at += 1) expect(isWhole([...lines.slice(0, at), line, ...lines.slice(at)].join('\n')), `line ${at}`).toBe(false);
  });

  it.each([
    ['whole', (text: string) => text, true], ['without the section of the rows', (text: string) => text.replace('configure voip', 'configure data'), false],
    ['cut in a row', (text: string) => text.slice(0, text.indexOf('proxy-keep-alive-time')), false],
    ['cut between rows', (text: string) => text.slice(0, text.indexOf('   proxy-set 4')), false], ['empty', () => '', false],
  ])('that is %s says so', (_what, cut, expected) => {
    expect(isWhole(cut(indented))).toBe(expected);
  });

  it.each(['--MORE--', 'Border 1# ', 'syslog message 7'])('is not whole with such a line in the network section where rows of it are wanted: %s', (line) => {
    const lines = indented.split('\n');
    const first = lines.findIndex((each) => each.startsWith('   interface network-if')) + 1;
    for (let at = first; at < first + 8; at += 1) {
      const text = [...lines.slice(0, at), line, ...lines.slice(at)].join('\n');
      expect(['network:tls', 'ip-group'].map((table) => read(text, new Wanted([{ table, name: 'Northwind7' }])).isWhole), `line ${at}`).toEqual([false, true]);
    }
  });

  it.each([
    ['whole', (text: string) => text, true, true], ['without it', (text: string) => text.replace(/ {2}configure network[^]*?\n {2}exit/, ''), false, true],
    ['without its beginning', (text: string) => text.replace('configure network', 'configure data'), false, true],
    ['with it behind the others, and cut', (text: string) => `${text}  configure network\r\n   tls 1\r\n    name "x"\r\n   exit\r\n`, false, false],
  ])('is whole only with the network section where rows of it are wanted: %s', (_what, change, withNetwork, without) => {
    const text = change(indented);
    expect(read(text, new Wanted([{ table: 'network:tls', name: 'Northwind7' }, { table: 'ip-group', name: 'Northwind7' }])).isWhole).toBe(withNetwork);
    expect(read(text, new Wanted([{ table: 'ip-group', name: 'Northwind7' }])).isWhole).toBe(without);
  });
});
