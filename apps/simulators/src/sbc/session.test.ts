import { beforeEach, describe, expect, it } from 'vitest';
import type { Device } from './device.js';
import { deviceWith, runOn, sessionOn } from './device.testing.js';

describe('command interpreter', () => {
  let device: Device;
  beforeEach(() => {
    device = deviceWith(3, {}, ['sbc external-media-source']);
  });

  const run = (script: string, isStrict = false, lockedTable = '') => runOn(device, script, { isStrict, isLocked: (path) => path === lockedTable });
  const voip = (...lines: string[]) => ['configure voip', ...lines].join('\n');
  const rows = (table: string) => device.running.table(table)?.list().map((row) => row.values) ?? [];
  const childrenOf = (table: string, name: string) => Object.values(device.running.table(table)?.named(name)?.children ?? {}).flat();
  const isActive = (table: string, name: string) => !device.running.table(table)?.named(name)?.notActivated;

  it.each<[string, string, string[]]>([
    ['an IP group in the next free row', 'ip-group', ['ip-group new', 'name A', 'type user', 'activate', 'exit']],
    ['a row at an index', 'ip-group', ['ip-group 7', 'name A', 'activate']],
    ['an account', 'sip-definition account', ['sip-definition account new', 'account-name A', 'user-name u', 'password p', 'served-ip-group-name Teams-OC', 'activate']],
    ['a CAC profile', 'sbc cac-profile', ['sbc cac-profile new', 'name A', 'activate', 'cac-rule 0', 'limit 7', 'activate']],
    ['a classification', 'sbc classification', ['sbc classification new', 'classification-name A', 'src-ip-group-name Teams-OC', 'activate']],
    ['an IP profile', 'coders-and-profiles ip-profile', ['coders-and-profiles ip-profile new', 'profile-name A', 'sbc-media-security-behaviour secured', 'activate']],
    ['a coder group', 'coders-and-profiles audio-coders-groups',
      ['coders-and-profiles audio-coders-groups new', 'coders-group-name A', 'activate', 'audio-coders 0', 'name g711-alaw', 'activate', 'exit', 'exit']],
    ['a message manipulation', 'message message-manipulations',
      ['message message-manipulations new', 'manipulation-name A', 'action-subject header.from.url.host', 'action-type modify', 'action-value "\'a.example\'"', 'activate']],
    ['a set of reasons', 'sbc routing alt-route-reasons-set',
      ['sbc routing alt-route-reasons-set new', 'name A', 'activate', 'alt-route-reasons-rules 0', 'rel-cause-code 503-service-unavail', 'activate']],
    ['a set of IP Groups', 'sbc routing ip-group-set', ['sbc routing ip-group-set new', 'name A', 'activate', 'ip-group-set-member 0', 'ip-group-name Teams-OC', 'activate']],
    ['an inbound manipulation', 'sbc manipulation ip-inbound-manipulation', ['sbc manipulation ip-inbound-manipulation new', 'manipulation-name A', 'remove-from-left 1', 'activate']],
    ['an outbound manipulation', 'sbc manipulation ip-outbound-manipulation', ['sbc manipulation ip-outbound-manipulation new', 'manipulation-name A', 'prefix-to-add +', 'activate']],
    ['a condition', 'sbc routing condition-table', ['sbc routing condition-table new', 'name A', 'condition "header.to.url.host contains \'a\'"', 'activate']],
    ['a call setup rule', 'message call-setup-rules', ['message call-setup-rules new', 'rules-set-name A', 'rules-set-id 3', 'activate']],
    ['a message policy', 'message message-policy', ['message message-policy new', 'name A', 'activate']],
    ['a signature', 'sbc malicious-signature-database', ['sbc malicious-signature-database new', 'name A', 'pattern header.user-agent prefix \'x\'', 'activate']],
    ['a network interface', 'interface network-if', ['exit', 'configure network', 'interface network-if new', 'name A', 'ip-address 192.0.2.7', 'activate']],
    ['a row of a table that was only named', 'sbc external-media-source', ['sbc external-media-source new', 'anything A', 'activate']],
  ])('adds %s', (_name, table, lines) => {
    const before = rows(table).length;
    run(voip(...lines));
    expect(rows(table)).toHaveLength(before + 1);
    expect(Object.values(rows(table).at(-1) ?? {})).toContain('A');
  });

  it.each<[string, string[], RegExp]>([
    ['a section it does not have', ['configure data'], /Invalid command \[data\]/],
    ['a table outside its section', ['configure system', 'ip-group new'], /Invalid command \[ip-group\]/],
    ['a table it does not have', ['configure voip', 'no-such-table new'], /Invalid command \[no-such-table\]/],
    ['half of a table and then something else', ['configure voip', 'sbc routing nowhere 1'], /Invalid command \[nowhere\]/],
    ['a table by its last word', ['configure voip', 'ip-profile new'], /Invalid command \[ip-profile\]/],
    ['a table without a row', ['configure voip', 'ip-group'], /Incomplete command/],
    ['a parameter it does not have', ['configure voip', 'ip-group new', 'no-such-parameter 1'], /Invalid command \[no-such-parameter\]/],
    ['a parameter of another table', ['configure voip', 'ip-group new', 'route-name A'], /Invalid command \[route-name\]/],
    ['a parameter of the row around a child', ['configure voip', 'proxy-set SIPTrunk', 'proxy-ip 0', 'is-proxy-hot-swap enable'], /Invalid command \[is-proxy-hot-swap\]/],
    ['a parameter without a value', ['configure voip', 'ip-group new', 'name'], /Incomplete command/],
    ['a parameter with two values', ['configure voip', 'ip-group new', 'name A B'], /Invalid command \[B\]/],
    ['a value outside the choices', ['configure voip', 'ip-group new', 'type other'], /invalid value/i],
    ['a number out of range', ['configure voip', 'sbc cac-profile 0', 'cac-rule 0', 'limit -2'], /invalid value/i],
    ['a row without its name', ['configure voip', 'ip-group new', 'activate'], /Incomplete command/],
    ['a row without its name, left by exit', ['configure voip', 'ip-group new', 'type user', 'exit'], /Incomplete command/],
    ['a name another row has', ['configure voip', 'ip-group new', 'name Teams-OC', 'activate'], /already exists/i],
    ['a name that a row out of effect has', ['configure voip', 'ip-group new', 'name A', 'no activate', 'ip-group new', 'name A', 'activate'], /already exists/i],
    ['a reference to nothing', ['configure voip', 'ip-group new', 'name A', 'proxy-set-name Nope', 'activate'], /is not found/i],
    ['a reference to a row that is not activated', ['configure voip', 'proxy-set new', 'proxy-name P', 'no activate', 'ip-group new', 'name A', 'proxy-set-name P', 'activate'], /'P' is not activated/],
    ['a reference of a child to nothing', ['configure voip', 'sbc routing ip-group-set new', 'name S', 'activate', 'ip-group-set-member 0', 'ip-group-name Nope', 'activate'], /is not found/],
    ['a row addressed by a name nobody has', ['configure voip', 'ip-group "Nope"'], /is not found/i],
    ['an index beyond the table', ['configure voip', 'ip-group 80'], /invalid index/i],
    ['the removal of a row that another one names', ['configure voip', 'no proxy-set SIPTrunk', 'no proxy-set Teams-OC'], /is used by IP Group 0/],
    ['the removal of a row that a child of another one names', ['configure voip', 'sbc routing ip-group-set new', 'name S', 'activate', 'ip-group-set-member 0', 'ip-group-name Teams-OC', 'activate',
      'no ip-group Teams-OC'], /is used by IP Group Set 0/],
    ['a new name for a row that another one names', ['configure voip', 'proxy-set Teams-OC', 'proxy-name B', 'activate'], /is used by/i],
    ['an insertion into a table without order', ['configure voip', 'ip-group 0 insert'], /has no order/],
    ['a child by its name', ['configure voip', 'sbc dial-plan Tenants', 'no dial-plan-rule "Fabrikam"'], /Invalid index 'Fabrikam' for Dial Plan Rule/],
    ['a child of a row that is not there', ['configure voip', 'proxy-ip 7/0'], /Proxy Set '7' is not found/],
    ['a child at section level without its parent', ['configure voip', 'proxy-ip 0'], /Invalid index '0' for Proxy Address/],
    ['an eleventh coder', ['configure voip', 'coders-and-profiles audio-coders-groups new', 'coders-group-name A', 'activate',
      ...Array.from({ length: 11 }, (_, at) => [`audio-coders ${at}`, 'name g711-alaw', 'activate', 'exit']).flat()], /Coder table is full/],
    ['a sixth member of an IP Group Set', ['configure voip', 'sbc routing ip-group-set new', 'name A', 'activate',
      ...Array.from({ length: 6 }, (_, at) => [`ip-group-set-member ${at}`, 'ip-group-name Teams-OC', 'activate', 'exit']).flat()], /IP Group Set Member table is full/],
    ['a request for help outside of quotes', ['configure voip', 'ip-group new', 'name ?'], /Invalid command/],
    ['a remark', ['configure voip', '# the customer'], /Invalid command/],
    ['an action command', ['copy running-config tftp'], /not allowed/i],
    ['a restart that does not say when', ['reload'], /Incomplete command/],
    ['a command after the end of the session', ['exit', 'configure voip'], /session has ended/i],
    ['something unknown to show', ['show secrets'], /Invalid command \[secrets\]/],
    ['a short word for several commands', ['c'], /Ambiguous command \[c\]/],
    ['a short word for several parameters', ['configure voip', 'ip-group new', 'proxy x'], /Ambiguous command \[proxy\]/],
    ['act where parameters begin with it too', ['configure voip', 'message message-manipulations new', 'manipulation-name A', 'act'], /Ambiguous command \[act\]/],
  ])('refuses %s', (_name, lines, message) => {
    expect(() => run(lines.join('\n'))).toThrow(message);
  });

  const tagged = (length: number) => `Owner=${'x'.repeat(length - 'Owner='.length)}`;
  it.each<[string, number, string[], (length: number) => string]>([
    ['an IP Group\'s name', 40, ['ip-group new'], (length) => `name ${'n'.repeat(length)}`],
    ['an IP Group\'s tags', 70, ['ip-group new'], (length) => `tags ${tagged(length)}`],
    ['a SIP group name', 100, ['ip-group new'], (length) => `sip-group-name ${'n'.repeat(length)}`],
    ['an IP Group Set\'s tags', 70, ['sbc routing ip-group-set new'], (length) => `tags ${tagged(length)}`],
    ['a route\'s name', 40, ['sbc routing ip2ip-routing new'], (length) => `route-name ${'n'.repeat(length)}`],
    ['a manipulation\'s name', 20, ['message message-manipulations new'], (length) => `manipulation-name ${'n'.repeat(length)}`],
    ['an inbound manipulation\'s name', 20, ['sbc manipulation ip-inbound-manipulation new'], (length) => `manipulation-name ${'n'.repeat(length)}`],
    ['a condition', 200, ['sbc routing condition-table new'], (length) => `condition "${'n'.repeat(length)}"`],
    ['an action\'s subject', 100, ['message message-manipulations new'], (length) => `action-subject ${'n'.repeat(length)}`],
    ['an action\'s value', 300, ['message message-manipulations new'], (length) => `action-value ${'n'.repeat(length)}`],
    ['a dial plan rule\'s name', 15, ['sbc dial-plan Tenants', 'dial-plan-rule new'], (length) => `name ${'n'.repeat(length)}`],
    ['a dial plan rule\'s prefix', 50, ['sbc dial-plan Tenants', 'dial-plan-rule new'], (length) => `prefix ${'1'.repeat(length)}`],
    ['an account\'s user name', 60, ['sip-definition account new'], (length) => `user-name ${'u'.repeat(length)}`],
  ])('takes %s of %i characters and no more', (_name, most, lines, set) => {
    expect(() => run(voip(...lines, set(most)))).not.toThrow();
    expect(() => run(voip(...lines, set(most + 1)))).toThrow(`longer than ${most} characters`);
  });

  it('takes five tags and no more', () => {
    expect(() => run(voip('ip-group new', 'tags a=1;b=2;c=3;d=4;e=5'))).not.toThrow();
    expect(() => run(voip('ip-group new', 'tags a=1;b=2;c=3;d=4;e=5;f=6'))).toThrow('more than 5 tags');
  });

  it.each<[string, string[]]>([
    ['by its words at once', ['configure voip', 'sbc routing ip2ip-routing new', 'route-name A', 'activate', 'exit', 'exit']],
    ['part by part', ['configure', 'voip', 'sbc', 'routing', 'ip2ip-routing new', 'route-name A', 'activate', 'exit', 'exit', 'exit', 'exit', 'exit']],
    ['after enable, with words cut short', ['en', 'conf v', 'sbc rout ip2ip new', 'route A', 'activ', 'ex']],
    ['from inside another row', ['configure voip', 'ip-group Teams-OC', 'sbc routing ip2ip-routing new', 'route-name A', 'activate']],
    ['from inside a child row', ['configure voip', 'proxy-set SIPTrunk', 'proxy-ip 0', 'sbc routing ip2ip-routing new', 'route-name A', 'activate']],
    ['out of a part of another table', ['configure voip', 'message', 'sbc routing ip2ip-routing new', 'route-name A', 'activate']],
    ['from another section', ['configure system', 'configure voip', 'sbc routing ip2ip-routing new', 'route-name A', 'activate']],
    ['put into effect by exit alone', ['configure voip', 'sbc routing ip2ip-routing new', 'route-name A', 'exit']],
  ])('finds a table %s', (_name, lines) => {
    run(lines.join('\n'));
    expect(rows('sbc routing ip2ip-routing').map((row) => row['route-name'])).toEqual(['Terminate OPTIONS', 'A']);
    expect(isActive('sbc routing ip2ip-routing', 'A')).toBe(true);
  });

  it.each<[string, string[]]>([
    ['is left for the next', ['ip-group new', 'name A', 'ip-group new', 'name B', 'activate']],
    ['is left for a part of a table', ['ip-group new', 'name A', 'sbc']],
    ['is left for another section', ['ip-group new', 'name A', 'configure system']],
    ['is taken out of effect', ['ip-group new', 'name A', 'activate', 'no activate', 'exit']],
    ['is taken out of effect by name', ['ip-group new', 'name A', 'exit', 'ip-group A', 'no activate', 'exit']],
    ['is changed after its activate and left', ['ip-group new', 'name A', 'activate', 'type user', 'ip-group Teams-OC']],
  ])('keeps a row out of effect that %s', (_name, lines) => {
    run(voip(...lines));
    expect(rows('ip-group').map((row) => row['name'])).toContain('A');
    expect(isActive('ip-group', 'A')).toBe(false);
  });

  it.each<[string, string[]]>([
    ['activate', ['ip-group A', 'activate']],
    ['exit', ['ip-group A', 'exit']],
  ])('brings a row into effect again by %s', (_name, lines) => {
    run(voip('ip-group new', 'name A', 'no activate', 'exit', ...lines));
    expect(isActive('ip-group', 'A')).toBe(true);
  });

  it('leaves a row as it is that was only looked at', () => {
    run(voip('ip-group Teams-OC', 'proxy-set SIPTrunk', 'ip-group new', 'ip-group Teams-OC', 'exit'));
    expect(rows('ip-group')).toHaveLength(1);
    expect(isActive('ip-group', 'Teams-OC')).toBe(true);
  });

  it('leaves the open row when the script ends, and forgets it when the script fails', () => {
    runOn(device, voip('ip-group new', 'name A')).session.end();
    expect(isActive('ip-group', 'A')).toBe(false);
    expect(() => run(voip('ip-group new', 'name B', 'nonsense'))).toThrow();
    expect(rows('ip-group').map((row) => row['name'])).toEqual(['Teams-OC', 'A']);
  });

  it('keeps the rows before a line that fails', () => {
    expect(() => run(voip('ip-group new', 'name A', 'activate', 'exit', 'ip-group new', 'name B', 'proxy-set-name Nope', 'activate'))).toThrow();
    expect(rows('ip-group').map((row) => row['name'])).toEqual(['Teams-OC', 'A']);
  });

  it('edits a row by name and takes a parameter back', () => {
    run(voip('ip-group Teams-OC', 'sip-group-name x', 'no ip-profile-name', 'activate'));
    expect(rows('ip-group')).toEqual([{ 'name': 'Teams-OC', 'proxy-set-name': 'Teams-OC', 'media-realm-name': 'DefaultRealm', 'sip-group-name': 'x' }]);
  });

  it('removes rows by name and by index, and fills the gap with the next new row', () => {
    run(voip('no sbc cac-profile "10 sessions"', 'no sbc cac-profile 1', 'sbc cac-profile new', 'name A', 'activate'));
    expect(device.running.table('sbc cac-profile')?.list()).toEqual([{ index: 0, values: { name: 'A' }, children: {} }]);
  });

  it('takes the removal of an absent row as done, unless it is strict', () => {
    run(voip('no ip-group Nope', 'no ip-group 55'));
    expect(() => run(voip('no ip-group Nope'), true)).toThrow(/is not found/);
  });

  it('removes nothing from a table that is locked', () => {
    expect(() => run(voip('no sbc cac-profile 1', 'no ip-group Teams-OC'), false, 'ip-group')).toThrow('IP Group \'Teams-OC\' is locked');
    expect(rows('ip-group')).toHaveLength(1);
    expect(rows('sbc cac-profile')).toHaveLength(1);
  });

  it('names a numeric row only when the name is quoted', () => {
    run(voip('ip-group new', 'name 7', 'activate', 'exit', 'no ip-group 7'));
    expect(rows('ip-group')).toHaveLength(2);
    run(voip('no ip-group "7"'));
    expect(rows('ip-group')).toHaveLength(1);
  });

  it('is full at the capacity of the device', () => {
    const group = (at: number) => ['ip-group new', `name G${at}`, 'activate', 'exit'];
    run(voip(...Array.from({ length: 79 }, (_, at) => group(at)).flat()));
    expect(rows('ip-group')).toHaveLength(80);
    expect(() => run(voip('ip-group new'))).toThrow('IP Group table is full');
  });

  it('keeps child rows with their parent, before and after its activate', () => {
    run(voip(
      'proxy-set new', 'proxy-name A', 'proxy-ip new', 'proxy-address a.example:5060', 'activate', 'exit', 'activate',
      'proxy-ip 3', 'proxy-address b.example:5060', 'transport-type udp', 'activate', 'exit', 'exit',
      'sbc dial-plan new', 'name D', 'activate', 'dial-plan-rule new', 'name r', 'prefix 49', 'tag de', 'activate', 'exit'));
    expect(childrenOf('proxy-set', 'A').map((row) => row.index)).toEqual([0, 3]);
    expect(childrenOf('sbc dial-plan', 'D')).toMatchObject([{ values: { prefix: '49', tag: 'de' } }]);
    run(voip('proxy-set A', 'no proxy-ip 0'));
    expect(childrenOf('proxy-set', 'A').map((row) => row.index)).toEqual([3]);
  });

  it.each<[string, string[], string[]]>([
    ['is added from inside its parent', ['proxy-set SIPTrunk', 'proxy-ip 1', 'proxy-address b', 'activate'], ['trunk.example.org:5060', 'b']],
    ['is added beside its parent', ['proxy-ip 1/1', 'proxy-address b', 'activate', 'exit'], ['trunk.example.org:5060', 'b']],
    ['is added beside its parent without an exit before', ['proxy-set SIPTrunk', 'activate', 'proxy-ip 1/1', 'proxy-address b', 'activate'], ['trunk.example.org:5060', 'b']],
    ['is added next to another one', ['proxy-set SIPTrunk', 'proxy-ip 1', 'proxy-address b', 'activate', 'proxy-ip 2', 'proxy-address c', 'activate'], ['trunk.example.org:5060', 'b', 'c']],
    ['is changed beside its parent', ['proxy-ip 1/0', 'proxy-address b', 'exit'], ['b']],
    ['is removed inside its parent', ['proxy-set SIPTrunk', 'no proxy-ip 0'], []],
    ['is removed beside its parent', ['no proxy-ip 1/0'], []],
    ['is removed from inside another child', ['proxy-set SIPTrunk', 'proxy-ip 1', 'proxy-address b', 'activate', 'no proxy-ip 0'], ['b']],
  ])('has a child that %s', (_name, lines, addresses) => {
    run(voip(...lines));
    expect(childrenOf('proxy-set', 'SIPTrunk').map((row) => row.values['proxy-address'])).toEqual(addresses);
  });

  it('keeps a child out of effect that is left without activate', () => {
    run(voip('proxy-ip 1/1', 'proxy-address b', 'ip-group Teams-OC'));
    expect(childrenOf('proxy-set', 'SIPTrunk').map((row) => row.notActivated)).toEqual([undefined, true]);
  });

  it('keeps the children that two scripts add to one row at the same time', () => {
    const [one, other, third] = [sessionOn(device), sessionOn(device), sessionOn(device)];
    for (const session of [one, other, third]) for (const line of ['configure voip', 'sbc dial-plan Tenants']) session.run(line);
    for (const session of [one, other]) session.run('dial-plan-rule new');
    for (const line of ['name A', 'activate', 'exit', 'prefix-case-sensitivity case-insensitive', 'activate']) one.run(line);
    other.run('name B');
    expect(() => other.run('activate')).toThrow('Dial Plan Rule 2 already exists');
    for (const line of ['dial-plan-rule 3', 'name C', 'activate', 'exit', 'activate']) third.run(line);
    expect(childrenOf('sbc dial-plan', 'Tenants').map(({ values }) => values['name'])).toEqual(['Fabrikam', 'Tailspin', 'A', 'C']);
  });

  it('takes a name for a child where the device is set so', () => {
    device.settings.childrenByName = ['dial-plan-rule'];
    run(voip('sbc dial-plan Tenants', 'dial-plan-rule Tailspin', 'tag t', 'exit', 'no dial-plan-rule "Fabrikam"'));
    expect(childrenOf('sbc dial-plan', 'Tenants')).toMatchObject([{ index: 1, values: { name: 'Tailspin', tag: 't' } }]);
  });

  it('names a set that was given no name', () => {
    run(voip('sbc routing ip-group-set 4', 'policy homing', 'activate'));
    expect(rows('sbc routing ip-group-set')).toEqual([{ name: 'IPGroupSet_4', policy: 'homing' }]);
  });

  it.each([
    ['in quotes', 'action-value "header.to +\';a=1\'"', 'header.to +\';a=1\''],
    ['as it stands', 'action-value header.to +\';urgent=1\'', 'header.to +\';urgent=1\''],
  ])('takes what a manipulation sets %s', (_name, line, value) => {
    run(voip('message message-manipulations new', line, 'activate'));
    expect(rows('message message-manipulations')).toEqual([{ 'action-value': value }]);
  });

  it('takes call setup rules of one name', () => {
    run(voip('message call-setup-rules new', 'rules-set-name A', 'activate', 'message call-setup-rules new', 'rules-set-name A', 'activate', 'no message call-setup-rules A'));
    expect(device.running.table('message call-setup-rules')?.named('A')?.index).toBe(1);
  });

  it.each<[string, string[], string[]]>([
    ['write', ['write'], ['write']],
    ['a short write', ['wr'], ['write']],
    ['do write from inside a row', ['configure voip', 'ip-group Teams-OC', 'do write'], ['write']],
    ['write from inside a section', ['configure voip', 'write'], ['write']],
    ['reload now', ['reload now'], ['reload']],
    ['rel now', ['rel now'], ['reload']],
  ])('obeys %s, and says so', (_name, lines, obeyed) => {
    const told: string[] = [];
    const { session } = runOn(device, lines.join('\n'), { obey: (command) => told.push(command) });
    expect([told, session.obeyed]).toEqual([obeyed, obeyed]);
  });

  it('inserts into and moves within an ordered table', () => {
    const order = () => device.running.table('sbc routing ip2ip-routing')?.list().map((row) => row.values['route-name']);
    run(voip('sbc routing ip2ip-routing 0 insert', 'route-name first', 'activate'));
    expect(order()).toEqual(['first', 'Terminate OPTIONS']);
    run(voip('sbc routing ip2ip-routing first move-down'));
    expect(order()).toEqual(['Terminate OPTIONS', 'first']);
  });

  it('shows its version in every mode and answers with its prompt', () => {
    const { session, output } = run('show system version\nconfigure voip\nip-group 9\ndo sh sys ver\nshow run voip');
    expect(output.filter((text) => text !== '')).toEqual(['shown: system version', 'shown: system version', 'shown: running-config voip']);
    expect(session.prompt).toBe('SBC(ip-group-9)#');
    expect(run(voip('proxy-ip 1/0')).session.prompt).toBe('SBC(proxy-ip-1/0)#');
  });

  it('notes every row it set or removed', () => {
    const { session } = run(voip('ip-group new', 'name A', 'activate', 'exit', 'no ip-group A', 'no ip-group A'));
    expect(session.changes).toEqual([
      { action: 'set', table: 'ip-group', index: 1, name: 'A' },
      { action: 'remove', table: 'ip-group', index: 1, name: 'A' },
    ]);
    expect(run(voip('sbc dial-plan Tenants', 'dial-plan-rule new', 'name r', 'activate', 'no dial-plan-rule 2')).session.changes).toEqual([
      { action: 'set', table: 'sbc dial-plan dial-plan-rule', parent: 0, index: 2, name: 'r' },
      { action: 'remove', table: 'sbc dial-plan dial-plan-rule', parent: 0, index: 2, name: 'r' },
    ]);
  });
});
