import { beforeEach, describe, expect, it } from 'vitest';
import { Device } from './device.js';
import { profileOf } from './profile.js';
import { Session } from './session.js';
import { linesOf } from './words.js';

const settings = { scriptTimeMs: 0, rebootTimeMs: 0, isStrict: false, operationalState: 'UNLOCKED', outputLineEnd: '\n' };

describe('command interpreter', () => {
  let device: Device;
  beforeEach(() => {
    device = new Device(profileOf(3), { seed: 1, settings, extraTables: ['sbc external-media-source'] });
  });

  const run = (script: string, isStrict = false, lockedTable = '') => {
    const session = new Session({
      hostName: 'SBC', configuration: () => device.running, isStrict, isFull: () => false, isLocked: (path) => path === lockedTable,
      show: (what) => (what === 'system version' ? 'Version 1' : undefined),
    });
    const output = linesOf(script).map((line) => session.run(line));
    return { session, output };
  };
  const voip = (...lines: string[]) => ['configure voip', ...lines].join('\n');
  const rows = (table: string) => device.running.table(table)?.list().map((row) => row.values) ?? [];

  it.each<[string, string, string[]]>([
    ['an IP group in the next free row', 'ip-group', ['ip-group new', 'name A', 'type user', 'activate', 'exit']],
    ['a row at an index', 'ip-group', ['ip-group 7', 'name A', 'activate']],
    ['an account', 'sip-definition account', ['sip-definition account new', 'account-name A', 'user-name u', 'password p', 'served-ip-group-name Teams-OC', 'activate']],
    ['a CAC profile', 'sbc cac-profile', ['sbc cac-profile new', 'name A', 'max-concurrent-sessions 7', 'activate']],
    ['a classification', 'sbc classification', ['sbc classification new', 'classification-name A', 'src-ip-group-name Teams-OC', 'activate']],
    ['an IP profile with a parameter nobody listed', 'ip-profile', ['ip-profile new', 'profile-name A', 'sbc-something-new 1', 'activate']],
    ['a row of a table that was only named', 'sbc external-media-source', ['sbc external-media-source new', 'anything A', 'activate']],
  ])('adds %s', (_name, table, lines) => {
    const before = rows(table).length;
    run(voip(...lines));
    expect(rows(table)).toHaveLength(before + 1);
    expect(Object.values(rows(table).at(-1) ?? {})).toContain('A');
  });

  it.each<[string, string[], RegExp]>([
    ['a section it does not have', ['configure data'], /unknown command/i],
    ['a table outside its section', ['configure system', 'ip-group new'], /unknown command/i],
    ['a table it does not have', ['configure voip', 'no-such-table new'], /unknown command/i],
    ['half the name of a table', ['configure voip', 'sbc routing'], /incomplete command/i],
    ['a table without a row', ['configure voip', 'ip-group'], /incomplete command/i],
    ['a parameter it does not have', ['configure voip', 'ip-group new', 'no-such-parameter 1'], /unknown command/i],
    ['a parameter without a value', ['configure voip', 'ip-group new', 'name'], /incomplete command/i],
    ['a parameter with two values', ['configure voip', 'ip-group new', 'name A B'], /invalid command/i],
    ['a value outside the choices', ['configure voip', 'ip-group new', 'type other'], /invalid value/i],
    ['a number out of range', ['configure voip', 'sbc cac-profile new', 'max-concurrent-sessions -1'], /invalid value/i],
    ['a user name that is too long', ['configure voip', 'sip-definition account new', `user-name ${'u'.repeat(61)}`], /invalid value/i],
    ['a row without its name', ['configure voip', 'ip-group new', 'activate'], /incomplete command/i],
    ['a name another row has', ['configure voip', 'ip-group new', 'name Teams-OC', 'activate'], /already exists/i],
    ['a reference to nothing', ['configure voip', 'ip-group new', 'name A', 'proxy-set-name Nope', 'activate'], /is not found/i],
    ['a row addressed by a name nobody has', ['configure voip', 'ip-group "Nope"'], /is not found/i],
    ['an index beyond the table', ['configure voip', 'ip-group 80'], /invalid index/i],
    ['the removal of a row that another one names', ['configure voip', 'no proxy-set SIPTrunk', 'no proxy-set Teams-OC'], /is used by IP Group 0/],
    ['a new name for a row that another one names', ['configure voip', 'proxy-set Teams-OC', 'proxy-name B', 'activate'], /is used by/i],
    ['an insertion into a table without order', ['configure voip', 'ip-group 0 insert'], /has no order/],
    ['an action command', ['copy running-config tftp'], /not allowed/i],
    ['a command after the end of the session', ['exit', 'configure voip'], /session has ended/i],
    ['something unknown to show', ['show secrets'], /unknown command/i],
  ])('refuses %s', (_name, lines, message) => {
    expect(() => run(lines.join('\n'))).toThrow(message);
  });

  it('has nothing in effect before activate', () => {
    run(voip('ip-group new', 'name A', 'exit', 'ip-group Teams-OC', 'sip-group-name x', 'exit'));
    expect(rows('ip-group')).toEqual([expect.not.objectContaining({ 'sip-group-name': 'x' })]);
  });

  it('keeps the rows before a line that fails', () => {
    expect(() => run(voip('ip-group new', 'name A', 'activate', 'exit', 'ip-group new', 'name B', 'proxy-set-name Nope', 'activate'))).toThrow();
    expect(rows('ip-group').map((row) => row['name'])).toEqual(['Teams-OC', 'A']);
  });

  it('edits a row by name and takes a parameter back', () => {
    run(voip('ip-group Teams-OC', 'sip-group-name x', 'no ip-profile-name', 'activate'));
    expect(rows('ip-group')).toEqual([{ 'name': 'Teams-OC', 'proxy-set-name': 'Teams-OC', 'srd-name': 'DefaultSRD', 'sip-group-name': 'x' }]);
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
      'proxy-set new', 'proxy-name A', 'proxy-address new', 'proxy-address a.example:5060', 'activate', 'exit', 'activate',
      'proxy-address 3', 'proxy-address b.example:5060', 'transport-type udp', 'activate', 'exit', 'exit',
      'sbc dial-plan new', 'name D', 'activate', 'dial-plan-rule new', 'name r', 'prefix 49', 'tag de', 'activate', 'exit'));
    expect(device.running.table('proxy-set')?.named('A')?.children['proxy-address']?.map((row) => row.index)).toEqual([0, 3]);
    expect(device.running.table('sbc dial-plan')?.named('D')?.children['dial-plan-rule']).toMatchObject([{ values: { prefix: '49', tag: 'de' } }]);
    run(voip('proxy-set A', 'no proxy-address 0'));
    expect(device.running.table('proxy-set')?.named('A')?.children['proxy-address']?.map((row) => row.index)).toEqual([3]);
  });

  it('inserts into and moves within an ordered table', () => {
    const order = () => device.running.table('sbc routing ip2ip-routing')?.list().map((row) => row.values['route-name']);
    run(voip('sbc routing ip2ip-routing 0 insert', 'route-name first', 'activate'));
    expect(order()).toEqual(['first', 'Terminate OPTIONS']);
    run(voip('sbc routing ip2ip-routing first move-down'));
    expect(order()).toEqual(['Terminate OPTIONS', 'first']);
  });

  it('shows its version in every mode and answers with its prompt', () => {
    const { session, output } = run('show system version\nconfigure voip\nip-group 9\ndo show system version');
    expect(output.filter((text) => text === 'Version 1')).toHaveLength(2);
    expect(session.prompt).toBe('SBC(ip-group-9)#');
  });

  it('notes every row it set or removed', () => {
    const { session } = run(voip('ip-group new', 'name A', 'activate', 'exit', 'no ip-group A', 'no ip-group A'));
    expect(session.changes).toEqual([
      { action: 'set', table: 'ip-group', index: 1, name: 'A' },
      { action: 'remove', table: 'ip-group', index: 1, name: 'A' },
    ]);
  });
});
