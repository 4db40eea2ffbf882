import * as product from '@trunkline/scripts';
import { describe, expect, it } from 'vitest';

import { checkPair, hasPairFaults } from './script-pair.mjs';

const group = (parameters = '', tags = 'Own={{OwnerMark}}'): string => `configure voip
ip-group new
name "{{IpGroupName}}"
tags "${tags}"
${parameters}activate
exit
exit
`;
const cleanup = 'configure voip\nno ip-group "{{IpGroupName}}"\nexit\n';
const printed = (...groups: string[]) => product.readConfiguration(
  `  configure voip\n${groups.map((rest, at) => `   ip-group ${at}\n    name "g${at}"\n${rest}    activate\n   exit\n`).join('')}  exit\n`, 'all');
const check = (onboarding: string, device = printed(''), values?: Record<string, string>, off = cleanup) => checkPair({ onboarding, cleanup: off }, { values }, device, product);

describe('a pair of scripts beside a device', () => {
  it('is all right when nothing speaks against it', () => {
    const pair = check(group());
    expect(pair).toMatchObject({ problems: [], defaults: [], absentParents: [], variables: [], isSampled: true });
    expect(hasPairFaults(pair)).toBe(false);
  });

  it.each([
    ['a line that is not understood', group('wr\n'), cleanup, undefined, { script: 'onboarding', line: 5, message: expect.stringContaining('wr') as string }],
    ['a cleanup that removes more than the onboarding makes', group(), `${cleanup}configure voip\nno proxy-set "{{IpGroupName}}"\n`, undefined, { script: 'cleanup', message: 'removes proxy-set "Sample", which the onboarding script does not create' }],
    ['a cleanup that removes less than the onboarding makes', group(), 'configure voip\nexit\n', undefined, { script: 'cleanup', message: 'does not remove ip-group "Sample", which the onboarding script creates: add no ip-group "Sample"' }],
    ['a value that may not stand in a script', group('contact-user {{CarrierHostName}}\n'), cleanup, { IpGroupName: 'Northwind7', CarrierHostName: 'a"b' }, { script: 'onboarding', message: expect.stringContaining('CarrierHostName') as string }],
    ['tags that are too long with the values', group('', 'Trunk={{MsTenantId}};Owner={{CustomerGuid}}'), cleanup, { IpGroupName: 'Northwind7' }, { script: 'onboarding', line: 4, message: expect.stringContaining('70') as string }],
  ])('has %s among its problems', (_case, onboarding, off, values, problem) => {
    const pair = check(onboarding, undefined, values, off);
    expect(pair.problems).toContainEqual(problem);
    expect(hasPairFaults(pair)).toBe(true);
  });

  const isUser = '    topology-location up\n';
  it.each([
    ['asks for a default where rows leave the parameter out', group('topology-location down\n'), printed('', isUser), ['# trunkline: default topology-location=down']],
    ['asks for none where a row shows the same value', group('topology-location up\n'), printed('', isUser), []],
    ['asks for none where every row shows the parameter', group('topology-location down\n'), printed(isUser, isUser), []],
    ['asks for none that the template states', group('# trunkline: default topology-location=down\ntopology-location down\n'), printed(''), []],
    ['asks for none that is shipped', group('type server\n'), printed(''), []],
    ['asks for none for a name of the customer\'s own', group('contact-user "{{IpGroupName}}"\n'), printed(''), []],
    ['asks for none for a row that the request chooses', group('cac-profile "{{CacProfile}}"\n'), printed(''), []],
  ])('%s', (_case, onboarding, device, expected) => {
    const pair = check(onboarding, device);
    expect(pair.defaults.map(({ add }) => add)).toEqual(expected);
    expect(hasPairFaults(pair)).toBe(expected.length > 0);
  });

  it('asks for defaults of rows inside rows too, at the line of their row', () => {
    const device = product.readConfiguration('configure voip\nproxy-set 1\nproxy-name "x"\nactivate\nproxy-ip 0\nproxy-address "192.0.2.1"\nactivate\nexit\nexit\nexit\n', 'all');
    const onboarding = `${group()}configure voip\nproxy-set new\nproxy-name "{{IpGroupName}}"\nproxy-ip 0\nproxy-address "192.0.2.2"\nodd-value 7\nactivate\nexit\nactivate\nexit\nexit\n`;
    expect(check(onboarding, device, undefined, `${cleanup}configure voip\nno proxy-set "{{IpGroupName}}"\n`).defaults)
      .toMatchObject([{ table: 'proxy-set proxy-ip', parameter: 'odd-value', rowLine: 11, add: '# trunkline: default odd-value=7' }]);
  });

  it('can\'t tell where the device has no such row, and says so without a fault', () => {
    const pair = check(group('topology-location down\n'), product.readConfiguration('configure voip\nexit\n', 'all'));
    expect(pair.defaults).toMatchObject([{ parameter: 'topology-location', isToState: false }]);
    expect(hasPairFaults(pair)).toBe(false);
  });

  it('names values that come near a limit', () => {
    const pair = check(group('', 'Trunk={{MsTenantId}};Own={{OwnerMark}}'), undefined, { IpGroupName: 'Northwind7' });
    expect(pair.limits).toEqual([{ table: 'ip-group', parameter: 'tags', line: 4, what: 'characters', count: 69, limit: 70 }]);
    expect(pair.problems).toEqual([]);
  });

  it('goes by what the inventory states of the device', () => {
    const facts = { defaults: { 'ip-group': { 'topology-location': 'down' } }, limits: { 'ip-group': { 'contact-user': { characters: 3 } } } };
    const onboarding = group('topology-location down\ncontact-user abcd\n');
    expect(checkPair({ onboarding, cleanup }, { facts }, printed('', '    contact-user abcd\n'), product)).toMatchObject({
      problems: [{ line: 6, message: 'contact-user of ip-group has 4 characters, the SBC takes 3' }], defaults: [], limits: [{ parameter: 'contact-user', limit: 3 }],
    });
  });

  it('names a row that belongs to all and is not there', () => {
    const onboarding = 'configure voip\nsbc dial-plan "Tenants"\ndial-plan-rule new\nname "{{IpGroupName}}"\nprefix "49"\nactivate\nexit\nexit\nexit\n';
    const off = 'configure voip\nsbc dial-plan "Tenants"\nno dial-plan-rule "{{IpGroupName}}"\nexit\nexit\n';
    expect(check(onboarding, undefined, undefined, off).absentParents).toEqual([{ table: 'sbc dial-plan', name: 'Tenants', line: 2 }]);
    expect(check(onboarding, product.readConfiguration('configure voip\nsbc dial-plan 0\nname "Tenants"\nactivate\nexit\nexit\n', 'all'), undefined, off).absentParents).toEqual([]);
  });

  it('lists the variables that the inventory has to declare', () => {
    expect(check(group('contact-user "{{PbxUser}}"\n')).variables).toEqual(['PbxUser']);
  });
});
