import { describe, expect, it } from 'vitest';
import { knownParameters } from './device-tables.js';
import { checkRendered, checkTemplate, deviceTable, knownTables, lastWord, parseTemplate, renderCommands, type ScriptRows } from './index.js';
import { customerGuid, sampleValues } from './sample-templates.testing.js';

function rowsIn(text: string): ScriptRows {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const { problems, ...rows } = checkRendered('onboarding', renderCommands(parsed.template, sampleValues), customerGuid, {});
  expect(problems).toEqual([]);
  return rows;
}

const mark = 'tags "Owner={{CustomerGuid}}"';
const group = ['ip-group new', 'name "{{IpGroupName}}"', mark, 'activate', 'exit'];
const script = (...lines: string[]) => ['configure voip', ...lines, ...group, 'exit'].join('\n');
const problemsOf = (text: string) => checkTemplate('onboarding', text, []);

/** A row as people write it: its table by its words, its parameters, the rows inside it. */
interface Written { readonly table: string; readonly selector: string; readonly lines: readonly string[]; readonly children?: readonly Written[] }
interface Form {
  readonly isOnTwoLines: boolean;
  readonly isByParts: boolean;
  readonly isFlat: boolean;
  readonly hasExits: boolean;
  readonly hasRemarks: boolean;
  readonly hasEnable: boolean;
  readonly start: string;
  readonly lineEnd: string;
}

const rows: readonly Written[] = [
  { table: 'coders-and-profiles audio-coders-groups', selector: 'new', lines: ['coders-group-name "{{IpGroupName}}"'], children: [
    { table: 'audio-coders', selector: '0', lines: ['name g711-alaw'] }, { table: 'audio-coders', selector: '1', lines: ['name opus', 'p-time 20'] },
  ] },
  { table: 'coders-and-profiles ip-profile', selector: 'new', lines: ['profile-name "{{IpGroupName}}"', 'sbc-ext-coders-group-name "{{IpGroupName}}"', 'no sbc-prack-mode'] },
  { table: 'proxy-set', selector: 'new', lines: ['proxy-name {{IpGroupName}}', 'proxy-enable-keep-alive using-options'], children: [
    { table: 'proxy-ip', selector: 'new', lines: ['proxy-address "one.example.net:5061"', 'transport-type tls'] }, { table: 'proxy-ip', selector: 'new', lines: ['proxy-address two.example.net'] },
  ] },
  { table: 'message message-manipulations', selector: '3 insert', lines: ['manipulation-name "{{IpGroupName}}-to"', 'action-value header.to + \';urgent=1\''] },
  { table: 'sbc cac-profile', selector: 'new', lines: ['name "{{IpGroupName}}"'], children: [{ table: 'cac-rule', selector: '0', lines: ['limit 24'] }] },
  { table: 'ip-group', selector: 'new', lines: ['name "{{IpGroupName}}"', mark, 'cac-profile "{{IpGroupName}}"', 'ip-profile-name "{{IpGroupName}}"'] },
  { table: 'sbc routing ip2ip-routing', selector: 'new', lines: ['route-name "{{IpGroupName}}-in"', 'src-ip-group-name Teams-OC', 'dst-ip-group-name "{{IpGroupName}}"'] },
  { table: 'sbc dial-plan', selector: '"Tenants"', lines: [], children: [{ table: 'dial-plan-rule', selector: 'new', lines: ['name "{{IpGroupName}}"', 'prefix "+4930[1-9]"'] }] },
];

function written({ hasEnable, hasExits, hasRemarks, isByParts, isFlat, isOnTwoLines, lineEnd, start }: Form): string {
  const lines: string[] = [];
  const put = (depth: number, line: string) => lines.push(`${isFlat ? '' : ' '.repeat(depth)}${line}${hasRemarks ? ' # a remark' : ''}`);
  const putRow = ({ children = [], lines: own, selector, table }: Written, depth: number): void => {
    const parts = isByParts && depth === 1 ? table.split(' ').slice(0, -1) : [];
    for (const part of parts) put(depth, part);
    put(depth, `${parts.length > 0 ? table.slice(table.lastIndexOf(' ') + 1) : table} ${selector}`);
    for (const line of own) put(depth + 1, line);
    if (own.length > 0) put(depth + 1, 'activate');
    for (const child of children) putRow(child, depth + 1);
    if (hasExits) for (let at = 0; at <= parts.length; at += 1) put(depth, 'exit');
  };
  if (hasRemarks) lines.push('! first', '# second', '');
  if (hasEnable) lines.push('enable');
  lines.push(...isOnTwoLines ? ['configure', 'voip'] : ['configure voip']);
  for (const row of rows) putRow(row, 1);
  if (hasExits) lines.push('exit', ...isOnTwoLines ? ['exit'] : []);
  return `${start}${lines.join(lineEnd)}`;
}

const choices = {
  isOnTwoLines: [false, true], isByParts: [false, true], isFlat: [false, true], hasExits: [false, true], hasRemarks: [false, true], hasEnable: [false, true],
  start: ['', '\uFEFF'], lineEnd: ['\n', '\r\n', '\r\n\r\n'],
};
const forms = Object.entries(choices).reduce<Partial<Form>[]>(
  (made, [name, values]) => made.flatMap((form) => values.map((value) => ({ ...form, [name]: value }))), [{}],
) as Form[];

describe('a script', () => {
  it('has the same rows in every form in which people write it', () => {
    const wanted = rowsIn(written({ isOnTwoLines: false, isByParts: false, isFlat: false, hasExits: true, hasRemarks: false, hasEnable: false, start: '', lineEnd: '\n' }));
    expect(wanted.rows.map(({ children, name, parent, table }) => [table, name, parent, children.length])).toEqual([
      ['coders-and-profiles audio-coders-groups', 'Northwind7', undefined, 2], ['coders-and-profiles ip-profile', 'Northwind7', undefined, 0], ['proxy-set', 'Northwind7', undefined, 2],
      ['message message-manipulations', 'Northwind7-to', undefined, 0], ['sbc cac-profile', 'Northwind7', undefined, 1], ['ip-group', 'Northwind7', undefined, 0],
      ['sbc routing ip2ip-routing', 'Northwind7-in', undefined, 0], ['sbc dial-plan dial-plan-rule', 'Northwind7', 'Tenants', 0],
    ]);
    expect(wanted.rows[2]?.children[0]?.parameters).toEqual({ 'proxy-address': 'one.example.net:5061', 'transport-type': 'tls' });
    expect(wanted.rows[3]?.parameters['action-value']).toBe('header.to + \';urgent=1\'');
    expect(wanted.rows[1]?.cleared).toEqual(['sbc-prack-mode']);
    expect(forms).toHaveLength(384);
    for (const form of forms) expect(rowsIn(written(form)), JSON.stringify(form)).toEqual(wanted);
  });

  it('closes what it opened on two lines with one exit or two', () => {
    for (const exits of [[], ['exit'], ['exit', 'exit']]) expect(problemsOf(['configure', 'voip', ...group, ...exits].join('\n'))).toEqual([]);
    expect(problemsOf(['configure voip', ...group, 'exit', 'exit'].join('\n'))).toEqual([{ line: 8, message: expect.stringContaining('closes nothing') }]);
    expect(problemsOf(['configure', 'voip', ...group, 'exit', 'network', 'exit', 'exit'].join('\n'))).toEqual([]);
    expect(problemsOf([...group, 'configure'].join('\n'))).toContainEqual({ line: 6, message: expect.stringContaining('the section is missing') });
  });

  it('takes a row that is entered again for the same row, and a child by its index too', () => {
    const twice = script(
      'proxy-set new', 'proxy-name "{{IpGroupName}}"', 'activate', 'proxy-ip 0', 'proxy-address a.example.net', 'activate', 'exit', 'exit',
      'proxy-set "{{IpGroupName}}"', 'tls-context-name Teams', 'activate', 'proxy-ip 0', 'transport-type tls', 'no proxy-address', 'activate', 'exit', 'proxy-ip 1', 'activate', 'exit', 'exit',
    );
    expect(rowsIn(twice).rows[0]).toMatchObject({
      parameters: { 'proxy-name': 'Northwind7', 'tls-context-name': 'Teams' }, children: [{ index: 0, parameters: { 'transport-type': 'tls' }, cleared: ['proxy-address'] }, { index: 1 }],
    });
  });

  it.each([
    ['activate', ['activate'], true], ['exit', ['exit'], true], ['both', ['activate', 'exit'], true], ['nothing', [], false], ['a parameter after activate', ['activate', 'type server'], false],
    ['no activate', ['no activate', 'exit'], false], ['no activate and then activate', ['no activate', 'activate', 'exit'], false], ['activate and then no activate', ['activate', 'no activate', 'exit'], false],
    ['a parameter and exit after activate', ['activate', 'type server', 'exit'], true], ['a cleared parameter after activate', ['activate', 'no type'], false],
  ])('has a row in effect by activate or exit, never after no activate: %s', (_name, lines, isInEffect) => {
    const problems = problemsOf(['configure voip', ...group.slice(0, 3), ...lines, 'configure voip', 'ip-group "{{IpGroupName}}"', 'name "{{IpGroupName}}"', mark, 'activate'].join('\n'));
    expect(problems.filter(({ line }) => line === 2)).toEqual(isInEffect ? [] : [{ line: 2, message: expect.stringMatching(/not in effect|switched off/) }]);
  });

  it('has a row in effect or not whatever it says and in whatever order', () => {
    const words = ['activate', 'no activate', 'type server', 'no sip-group-name'];
    const upTo = (length: number): string[][] => (length === 0 ? [[]] : [[], ...upTo(length - 1).flatMap((rest) => words.map((word) => [word, ...rest]))]);
    const endings = upTo(3).flatMap((lines) => [lines, [...lines, 'exit']]);
    expect(endings).toHaveLength(170);
    for (const lines of endings) {
      const isInEffect = ['activate', 'exit'].includes(lines.at(-1) ?? '') && !lines.includes('no activate');
      const problems = problemsOf(['configure voip', ...group.slice(0, 3), ...lines, 'configure voip', 'ip-group "{{IpGroupName}}"', 'name "{{IpGroupName}}"', mark, 'activate'].join('\n'));
      expect(problems.some(({ line }) => line === 2), lines.join(', ')).toBe(!isInEffect);
    }
  });
});

const own = ['proxy-set new', 'proxy-name "{{IpGroupName}}"', 'activate'];
const unknown = ['future-table new', 'name "{{IpGroupName}}"', 'activate'];

describe('a line that could escape the check', () => {
  it.each<[string, readonly string[], string]>([
    ['two keys in the section', ['proxy-ip 1/0', 'proxy-address x', 'activate', 'exit'], 'two indexes'],
    ['two keys inside a row that has such rows', [...own, 'proxy-ip 1/0', 'proxy-address x', 'activate'], 'two indexes'],
    ['two keys inside another row', ['ip-group new', 'proxy-ip 1/0', 'proxy-address x', 'activate'], 'two indexes'],
    ['two keys with a new one', [...own, 'proxy-ip 1/new', 'activate'], 'two indexes'],
    ['two keys by the parts of a table', ['sbc', 'dial-plan-rule 1/0', 'prefix 5', 'activate'], 'two indexes'],
    ['two keys with all words', ['sbc dial-plan-rule 1/0', 'prefix 5', 'activate'], 'two indexes'],
    ['two keys taken back', [...own, 'no proxy-ip 1/0', 'activate'], 'two indexes'],
    ['two keys inserted', ['foo 1/2 insert', 'activate'], 'two indexes'],
    ['a row by an index', ['ip-group 5', 'type user', 'activate'], 'may be anybody\'s row'],
    ['a row by an index while another is open', [...own, 'ip-group 5', 'type user', 'activate'], 'may be anybody\'s row'],
    ['an unknown row while a known one is open', [...own, 'future-table new', 'name x', 'activate'], 'close the row before'],
    ['an unknown row by index while a known one is open', [...own, 'future-table 5', 'name x', 'activate'], 'close the row before'],
    ['an unknown row of several words while a known one is open', [...own, 'gateway routing tel2ip-routing 5', 'name x', 'activate'], 'close the row before'],
    ['an unknown row while an unknown one is open', [...unknown, 'other-table new', 'name x', 'activate'], 'close the row before'],
    ['an unknown row by index while an unknown one is open', [...unknown, 'other-table 5', 'name x', 'activate'], 'close the row before'],
    ['a known row while an unknown one is open', [...unknown, 'ip-group "Teams-OC"', 'type user', 'activate'], 'close the row before'],
    ['settings while a row is open', ['ip-group new', 'media security', 'media-security-enable on', 'activate'], 'may not stand'],
    ['settings after a row is applied', [...own, 'other settings', 'something on', 'activate'], 'stands after "activate"'],
    ['settings by themselves', ['sbc settings', 'x on', 'activate', 'exit'], 'may not stand'],
    ['an unknown word by itself', ['wander'], 'may not stand'],
    ['an unknown row by a name without quotes', ['future-table Something', 'x 1', 'activate', 'exit'], 'may not stand'],
    ['a value of several words', ['ip-group new', 'description one two', 'activate'], 'put it in quotes'],
    ['activate with more words', [...own, 'activate all'], 'may not stand'],
    ['exit with more words', [...own, 'exit all'], 'may not stand'],
    ['a move of a row', ['sbc routing ip2ip-routing 3 move-up'], 'may not stand'],
    ['a new row at a place', ['sbc routing ip2ip-routing new insert', 'route-name x', 'activate'], 'may not stand'],
    ['a row inserted by a name', ['sbc routing ip2ip-routing "{{IpGroupName}}" insert', 'activate'], 'may not stand'],
    ['a row inserted inside a row', ['sbc dial-plan "Tenants"', 'dial-plan-rule 5 insert', 'name "{{IpGroupName}}"', 'activate'], 'several words'],
    ['a parameter without a value', ['ip-group new', 'type', 'activate'], 'has no value'],
    ['what is no word', ['ip-group new', '5 x', 'activate'], 'is no parameter'],
    ['another section', ['configure system', 'ntp', 'exit'], 'may not stand'],
    ['enable in the middle', ['enable'], 'may not stand'],
  ])('is refused: %s', (_name, lines, message) => {
    expect(problemsOf(script(...lines))).toContainEqual({ line: expect.any(Number), message: expect.stringContaining(message) });
  });

  it.each([
    ['act', [...own, 'act'], 'activate'], ['exi', [...own, 'exi'], 'exit'], ['conf voip', ['conf voip'], 'configure'], ['configure v', ['configure v'], 'voip'], ['ip-gr', ['ip-gr new'], 'ip-group'],
    ['s r ip2ip new', ['s r ip2ip new'], 'sbc routing ip2ip-routing'], ['proxy-n', ['proxy-set new', 'proxy-n x'], 'proxy-name'],
    ['proxy-i 0', [...own, 'proxy-i 0'], 'proxy-ip'], ['coders', ['coders'], 'coders-and-profiles'], ['en', ['en'], 'enable'],
    ['rout after sbc', ['sbc', 'rout'], 'routing'], ['inter in network', ['configure network', 'inter'], 'interface'], ['no act', [...own, 'no act'], 'activate'], ['do sh run', ['do sh run'], 'show'], ['voip-n proxy-set', ['voip-n proxy-set new'], 'voip-network proxy-set'],
    ['no proxy-n', [...own, 'no proxy-n'], 'proxy-name'], ['no ip-gr in a row', [...own, 'no ip-gr "{{IpGroupName}}"'], 'ip-group'], ['no proxy-i 0', [...own, 'no proxy-i 0'], 'proxy-ip'],
  ])('is refused with the whole word where it is shortened: %s', (_name, lines, whole) => {
    expect(problemsOf(script(...lines)).map(({ message }) => message)).toContainEqual(expect.stringContaining(`"${whole}": write the whole word`));
  });

  it.each([
    ['configure VOIP', 'VOIP', 'voip'], ['conf voip', 'conf', 'configure'], ['configure v', 'v', 'voip'],
  ])('is refused alone where it opens the section in other words: %s', (line, word, whole) => {
    expect(problemsOf(script().replace('configure voip', line))).toEqual([{ line: 1, message: word.length === whole.length ? `"${word}" stands in small letters: "${whole}"` : `"${word}" is short for "${whole}": write the whole word` }]);
  });

  it('is refused alone where all of it is in capital letters', () => {
    const messages = ['"CONFIGURE" stands in small letters: "configure"', '"VOIP" stands in small letters: "voip"'];
    expect(problemsOf(script().replace('configure voip', 'CONFIGURE VOIP'))).toEqual(messages.map((message) => ({ line: 1, message })));
  });

  it.each([['IP-GROUP', ['IP-GROUP new']], ['NAME', ['ip-group new', 'NAME x']], ['ACTIVATE', [...own, 'ACTIVATE']], ['SBC', ['SBC']], ['IP-GROUP', ['no IP-GROUP "{{IpGroupName}}"']]])('is refused in capital letters: %s', (word, lines) => {
    expect(problemsOf(script(...lines)).map(({ message }) => message)).toContainEqual(`"${word}" stands in small letters: "${word.toLowerCase()}"`);
  });

  it.each(['ip-profile', 'proxy-set', 'srd'])('is refused where it could be a parameter of the row that is open, or a row of its own: %s', (word) => {
    const lines = ['configure voip', ...group.slice(0, -1), `${word} "{{IpGroupName}}"`, 'activate', 'exit', 'exit'];
    expect(problemsOf(lines.join('\n'))).toEqual([{ line: 6, message: `"${word}" could be a parameter of ip-group or a row of its own: close the row before with "exit"` }]);
    expect(problemsOf(script('proxy-set new', 'proxy-name "{{IpGroupName}}"', 'activate', 'exit', `proxy-set "{{IpGroupName}}"`, 'tls-context-name x', 'activate'))).toEqual([]);
  });

  it('is taken for a setting of the device in the section that has such alone', () => {
    const route = ['# trunkline: name=description', 'static new', 'description "{{IpGroupName}}"', 'gateway 192.0.2.1', 'activate', 'exit'];
    expect(problemsOf(['configure network', ...route, 'exit', script()].join('\n'))).toEqual([]);
    expect(problemsOf(script(...route))).toEqual([{ line: 5, message: expect.stringContaining('"gateway" may not stand') }]);
  });

  it('is refused in a known parameter when cut inside a word, and taken when cut at a hyphen', () => {
    const tables = knownTables.flatMap((table) => [table, ...Object.keys(deviceTable(table).children ?? {}).map((word) => `${table} ${word}`)]);
    const cuts = tables.flatMap((table) => {
      const known = [...knownParameters(table)];
      return known.flatMap((whole) => Array.from(whole, (_each, length) => whole.slice(0, length)).slice(1)
        .filter((cut) => !known.some((name) => name === cut || name.startsWith(`${cut}-`))).map((cut) => ({ table, cut, whole })));
    });
    expect(cuts.length).toBeGreaterThan(4000);
    for (const { cut, table, whole } of cuts) {
      const parent = knownTables.includes(table) ? table : table.slice(0, table.lastIndexOf(' '));
      const [section, path] = parent.startsWith('network:') ? ['network', parent.slice('network:'.length)] : ['voip', parent];
      const text = [`configure ${section}`, `${path} new`, ...parent === table ? [] : ['activate', `${lastWord(table)} 0`], `${cut} x`, 'activate', 'exit'].join('\n');
      const found = problemsOf(text).find(({ message }) => message.includes('write the whole word') || message.includes('may not stand'));
      expect(found?.message, `${table}: ${cut}`).toMatch(new RegExp(`may not stand|is short for .*"(?:${[whole, ...Object.keys(deviceTable(table).children ?? {})].join('|')})"`));
    }
    expect(problemsOf(script('proxy-set new', 'proxy-name "{{IpGroupName}}"', 'tls-context x', 'activate', 'exit'))).toEqual([]);
    expect(problemsOf(script('proxy-set new', 'proxy-name "{{IpGroupName}}"', 'success-det x', 'activate', 'exit'))).toEqual([
      { line: 4, message: '"success-det" is short for "success-detect-retries" or "success-detect-int": write the whole word' },
    ]);
    expect(problemsOf(script(...own, 'tls-context new', 'name x', 'activate'))).toContainEqual({ line: 5, message: expect.stringContaining('close the row before') });
  });

  it('inside a row of an unknown table is a row where it is indented', () => {
    const text = script(' future-table new', '  name "{{IpGroupName}}"', '  activate', '  part 0', '   alpha b', '   activate', '   deep new', '    gamma d', '    activate', '   exit', '  exit', '  part 1', '   activate', '  exit', ' exit');
    expect(rowsIn(text).rows[0]).toMatchObject({ table: 'future-table', children: [{ index: 0, parameters: { alpha: 'b' }, children: [{ parameters: { gamma: 'd' } }] }, { index: 1 }] });
  });
});

const commands = ['write', 'do write', 'write memory', 'reload now', 'reload without-saving', 'copy running-config tftp://x', 'erase startup', 'configure factory-default', 'clear alarms-history', 'debug reset', 'ping 192.0.2.1'];
const beginnings = commands.flatMap((command) => {
  const [first = '', ...more] = command.split(' ');
  const word = first === 'do' ? more[0] ?? '' : first;
  return Array.from({ length: word.length }, (_each, length) => command.replace(word, word.slice(0, length + 1)));
});
const places: readonly (readonly [string, (command: string) => string])[] = [
  ['at the top', (command) => `${script()}\n${command}`], ['first of all', (command) => `${command}\n${script()}`], ['in the section', (command) => script(command)],
  ['in a row', (command) => script(...own.slice(0, 2), command, 'activate', 'exit')], ['in a row that is applied', (command) => script(...own, command, 'activate', 'exit')],
  ['in a row inside a row', (command) => script(...own, 'proxy-ip 0', 'proxy-address x', command, 'activate', 'exit', 'exit')],
  ['among the parts of a table', (command) => script('sbc', command, 'exit')], ['in a row of an unknown table', (command) => script(...unknown.slice(0, 2), command, 'activate', 'exit')],
  ['taken back in a row', (command) => script(...own, `no ${command}`, 'activate', 'exit')],
];

describe('a command that a script may not give', () => {
  it.each(places)('is refused in every beginning and case %s', (_place, put) => {
    expect(beginnings.length).toBeGreaterThan(50);
    expect(problemsOf(put('show running-config'))).toEqual(_place.startsWith('taken') ? expect.any(Array) : []);
    for (const command of beginnings.flatMap((each) => [each, each.toUpperCase()])) expect(problemsOf(put(command)), command).not.toEqual([]);
  });

  it.each(['copy "{{IpGroupName}}"', 'reload new', 'erase 5', 'write "{{IpGroupName}}"', 'do new', 'no new'])('is no table either: %s', (command) => {
    expect(problemsOf(script(command, 'name "{{IpGroupName}}"', 'activate', 'exit'))).not.toEqual([]);
    expect(checkTemplate('cleanup', `configure voip\n${command}\nexit\nexit`, [])).not.toEqual([]);
  });
});

describe('the name of a table', () => {
  const rest = [' name "{{IpGroupName}}"', ' activate', 'exit'];
  const message = (word: string) => `"${word}" is no word of a table's name: those have letters, digits and "-", begin with a letter and are no commands; leave it out`;

  it.each([
    ['ip-group 5 new', '5'], ['ip-group new ! new', 'new'], ['ip-group; new', 'ip-group;'], ['1 new', '1'], ['sbc 3 dial-plan new', '3'], ['ip-group new new', 'new'], ['ip-group! 5', 'ip-group!'],
    ['ip-group ! "{{IpGroupName}}"', '!'], ['future 1table 3 insert', '1table'], ['future-table insert new', 'insert'], ['future_table new', 'future_table'], ['future no "{{IpGroupName}}"', 'no'], ['-x new', '-x'],
  ])('has words alone: %s', (line, word) => {
    expect(problemsOf(script(line, ...rest)).filter((problem) => problem.line === 2)).toContainEqual({ line: 2, message: message(word) });
    expect(problemsOf(script('sbc', line, ...rest, 'exit'))).toContainEqual({ line: 3, message: message(word) });
    const removal = checkTemplate('cleanup', `configure voip\n no ${line.replace(/\S+$/, '"{{IpGroupName}}"')}\nexit`, []);
    expect(removal.map((problem) => problem.line)).toContain(2);
    expect(removal).toContainEqual({ line: 2, message: message(word) });
  });

  it.each([['1 new', '1'], ['part; 0', 'part;'], ['no 1 0', '1'], ['no part; "{{IpGroupName}}"', 'part;']])('has words alone inside a row: %s', (line, word) => {
    const lines = ['future-table new', ' name "{{IpGroupName}}"', ' activate', `  ${line}`, '   activate', ...line.startsWith('no') ? [] : ['  exit'], 'exit'];
    expect(problemsOf(script(...lines))).toContainEqual({ line: 5, message: message(word) });
  });

  it('of every table that is known has such words', () => {
    const words = knownTables.flatMap((table) => table.replace(/^network:/, '').split(' '));
    expect(words.filter((word) => !/^[A-Za-z][A-Za-z0-9-]*$/.test(word))).toEqual([]);
    expect(problemsOf(script('Future2-table of3 new', ...rest))).toEqual([]);
  });
});

describe('a line that shows something', () => {
  const shows = ['show running-config', 'do show running-config voip', 'show voip proxy-set 0', 'show system cpu-util', 'show network interface 0/1', 'show x_1.2'];
  const refused = [
    'show', 'do show', 'show running-config > http://192.0.2.1/x', 'do show running-config > tftp://192.0.2.1/x', 'show running-config >x', 'show running-config>x', 'show running-config | include x', 'show running-config|x',
    'show "a > b"', 'show {{IpGroupName}}', 'do show voip {{IpGroupName}}', 'show "{{IpGroupName}}"', 'show running-config; reload', 'show voip -x',
  ];

  it.each(places.filter(([place]) => !place.startsWith('taken')))('is a list of plain words %s', (_place, put) => {
    for (const line of shows) expect(problemsOf(put(line)), line).toEqual([]);
    for (const line of refused) {
      const at = put(line).split('\n').findIndex((each) => each === line) + 1;
      expect(problemsOf(put(line)), line).toEqual([{ line: at, message: 'after "show" stand words of letters, digits, ".", "/", "_" and "-" alone, and at least one: leave out values, ">" and pipes, with which a device could send or write what it shows' }]);
    }
  });

  it('is refused for a value also where it is rendered', () => {
    const parsed = parseTemplate(`show {{IpGroupName}}\n${script()}`);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    expect(checkRendered('onboarding', renderCommands(parsed.template, sampleValues), customerGuid, {}).problems).toEqual([{ line: 1, message: expect.stringContaining('after "show"') }]);
  });
});

describe('a parameter that is set twice', () => {
  it.each<[string, readonly string[], boolean]>([
    ['in one row', ['x 1', 'x 2'], false], ['in one row, after it was applied', ['x 1', 'activate', 'x 2'], false], ['with the same value', ['x 1', 'x "1"'], true], ['and taken back between', ['x 1', 'no x', 'x 2'], true],
    ['in the row entered again', ['x 1', 'activate', 'exit', 'proxy-set "{{IpGroupName}}"', 'x 2'], true], ['in two rows', ['x 1', 'activate', 'exit', 'proxy-set new', 'proxy-name "{{IpGroupName}}-2"', 'x 2'], true],
  ])('is refused where the first value is lost: %s', (_name, lines, isFine) => {
    const text = script('proxy-set new', 'proxy-name "{{IpGroupName}}"', ...lines.map((line) => line.replace(/\bx\b/, 'tls-context-name')), 'activate', 'exit');
    expect(problemsOf(text).map(({ message }) => message)).toEqual(isFine ? [] : [`"tls-context-name" has another value in line 4: leave one of the two out, or enter the row again`]);
  });

  it('is refused for a row\'s own name', () => {
    expect(problemsOf(script('proxy-set new', 'proxy-name "everybody"', 'proxy-name "{{IpGroupName}}"', 'activate', 'exit'))).toEqual([{ line: 4, message: expect.stringContaining('in line 3') }]);
  });
});

describe('what a template says in a remark', () => {
  it.each([
    ['a name before the row', ['# trunkline: name=title', 'future-table new', 'title "{{IpGroupName}}"', 'activate', 'exit']],
    ['a default before the row', ['# trunkline: default x=1', ...unknown, 'exit']],
    ['a default before a line in it', ['future-table new', '# trunkline: default x=1', 'x 1', 'name "{{IpGroupName}}"', 'activate', 'exit']],
    ['a default before the exit of the row', [...unknown, '# Trunkline: default x="1 2"', 'exit']],
  ])('is taken with the row it stands at: %s', (_name, lines) => {
    const [row] = rowsIn(script(...lines)).rows;
    expect([row?.name, row?.nameParameter === 'title' || Object.keys(row?.defaults ?? {})[0] === 'x']).toEqual(['Northwind7', true]);
  });

  it.each([
    'default x=1', ' default x=1', 'default  x=1', 'default x=1 ', 'default x="1"', 'default x = 1', 'DEFAULT x=1', 'default X=1', 'default x=1 2', 'default x', 'default =1', 'default', 'default x=1=2', 'defaults x=1', 'name x=1',
  ])('is read or refused, never passed over: %s', (statement) => {
    for (const sign of ['# trunkline:', '#trunkline:', '# Trunkline: ', '! trunkline:', '!TRUNKLINE: ']) {
      const text = script(...unknown.slice(0, 2), `${sign}${statement}`, 'x 1', 'activate', 'exit');
      expect(problemsOf(text).length > 0 || Object.keys(rowsIn(text).rows[0]?.defaults ?? {}).length === 1, `${sign}${statement}`).toBe(true);
    }
  });

  it.each([
    ['at the end', ['# trunkline: default x=1'], 'no line follows', true], ['behind a command', ['# nothing', 'future-table new # trunkline: name=x'], 'on a line of its own', false],
    ['before a block', ['# trunkline: name=x', '{{#if ProxySet}}', 'show x', '{{/if}}'], 'put it before a line', false], ['at the end of a block', ['{{#if ProxySet}}', 'show x', '# trunkline: name=x', '{{/if}}'], 'put it before a line', false],
    ['a name inside a row', ['ip-group new', '# trunkline: name=x', 'name y'], 'before the line that opens the row', false], ['outside of any row', ['# trunkline: default x=1', 'show x'], 'before no row', false],
    ['of another kind', ['# trunkline: hurry', 'show x'], 'stands name=', false], ['without a value', ['# trunkline: default x', 'show x'], 'stands name=', false],
    ['another name of a table that is known', ['# trunkline: name=sip-group-name', 'ip-group new', 'name y'], 'the name of ip-group stands in name', false],
  ])('is refused where it stands for nothing: %s', (_name, lines, message, isLast) => {
    expect(problemsOf(isLast ? `${script()}\n${lines.join('\n')}` : script(...lines)).map((problem) => problem.message)).toContainEqual(expect.stringContaining(message));
  });
});

describe('a sign inside a value', () => {
  it.each([['\'#\' between single quotes', 'condition header.x contains \'a #1\'', 'inside a text'], ['a question mark', 'condition header.x?', 'asks the device for help']])('%s is refused outside of double quotes', (_name, line, message) => {
    const lines = ['sbc routing condition-table new', 'name "{{IpGroupName}}"', line, 'activate', 'exit'];
    expect(problemsOf(script(...lines))).toContainEqual({ line: 4, message: expect.stringContaining(message) });
    expect(problemsOf(script(...lines.map((each) => each.replace(/(condition) (.*)/, '$1 "$2"'))))).toEqual([]);
  });
});
