import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { Device } from '../device.js';
import { deviceWith, runOn } from '../device.testing.js';
import { profileOf } from '../profile.js';
import type { PrintProfile } from './print-style.js';

const recorded = (name: string) => readFileSync(new URL(`recorded/${name}.txt`, import.meta.url), 'utf8');

function deviceFrom(devicePrint: string): Device {
  return new Device(profileOf(5), { settings: deviceWith(5).settings, extraTables: [], devicePrint });
}

function printed(device: Device, print: PrintProfile): string {
  device.settings.print = print;
  return device.print().replaceAll('\r\n', '\n');
}

/** What some device has that these tables do not: other tables, parameters, children, and remarks of its own. */
const foreign = `# Running Configuration Mediant 4000B

; a line outside of all sections
## SIGNALING & MEDIA

  configure voip
   sbc strange-table 3
    name "Northwind7"
    activate
    strange-child 0
     name "x"
     activate
    exit
   exit
   ip-group 4
    name "Contoso"
    activate
    strange-parameter "as it was" 7
    strange-rows 1
     value 2
     activate
    exit
   exit
   # The following line is not activated
   strange-row 1
    no activate
   exit
   ip-group 9
    name "Contoso2"
    activate
   exit
   strange-switch on
  exit
`;

describe('a configuration that a device has printed', () => {
  it.each<[string, string, PrintProfile, string]>([
    ['print A', recorded('profile-a'), 'A', recorded('profile-a')],
    // An empty text is what an IP Group has without it, so print A does not have the line.
    ['print A, printed as B', recorded('profile-a'), 'B', recorded('profile-b').replace('   sip-group-name ""\n', '')],
    ['print B', recorded('profile-b'), 'B', recorded('profile-b')],
    ['print A with the line ends of a device', recorded('profile-a').replaceAll('\n', '\r\n'), 'A', recorded('profile-a')],
    ['print A between command and prompt', `SBC-5# show running-config\r\n${recorded('profile-a')}SBC-5*# `, 'A', recorded('profile-a')],
    ['print A behind a prompt with blanks and a mark of the file\'s coding', `\uFEFFMediant VE SBC# sh run\n${recorded('profile-a')}Mediant VE SBC#`, 'A', recorded('profile-a')],
  ])('is printed as it came: %s', (_name, text, profile, expected) => {
    expect(printed(deviceFrom(text), profile)).toBe(expected);
  });

  it('has the rows of the device and not the usual ones', () => {
    const device = deviceFrom(recorded('profile-b'));
    const original = deviceFrom(recorded('profile-a'));
    expect(device.running.table('proxy-set')?.list().map(({ children, notActivated, values }) => [values['proxy-name'], children['proxy-ip']?.length, notActivated]))
      .toEqual([['Teams-OC', 3, undefined], ['SIPTrunk', 1, undefined], ['Northwind7', 2, undefined], ['Fabrikam1', undefined, true]]);
    expect(original.running.table('proxy-set')?.named('SIPTrunk')).toEqual({
      index: 1, values: { 'proxy-name': 'SIPTrunk', 'sbcipv4-sip-int-name': 'Trunk' }, opaque: [],
      children: { 'proxy-ip': [{ index: 0, values: { 'proxy-address': 'trunk.example.org:5060', 'transport-type': 'udp' }, children: {}, opaque: [] }] },
    });
    expect(deviceFrom('configure voip\nexit').running.table('ip-group')?.size).toBe(0);
  });

  it('keeps in its place what it does not understand', () => {
    const device = deviceFrom(foreign);
    // Rows of one table stand together; a parameter that is not understood stands before activate, as all do.
    const expectedPrint = foreign
      .replace('   ip-group 9\n    name "Contoso2"\n    activate\n   exit\n', '')
      .replace('    activate\n    strange-parameter "as it was" 7\n    strange-rows 1\n     value 2\n     activate\n    exit\n   exit\n',
        '    strange-parameter "as it was" 7\n    strange-rows 1\n     value 2\n     activate\n    exit\n    activate\n   exit\n   ip-group 9\n    name "Contoso2"\n    activate\n   exit\n');
    expect(printed(device, 'A')).toBe(expectedPrint);
    runOn(device, 'configure voip\nip-group Contoso\ntype user\nactivate\nsbc dial-plan new\nname D\nactivate\nno ip-group Contoso2');
    expect(printed(device, 'A')).toBe(expectedPrint
      .replace('   ip-group 9\n    name "Contoso2"\n    activate\n   exit\n', '')
      .replace('   ip-group 4\n', '   ip-group 4\n    type user\n')
      .replace('   strange-switch on\n', '   strange-switch on\n   sbc dial-plan 0\n    name "D"\n    activate\n   exit\n'));
  });

  it('is read without any indentation too', () => {
    const flat = foreign.replaceAll(/^ +/gm, '');
    const device = deviceFrom(flat);
    expect(device.running.table('ip-group')?.list().map(({ index, values }) => [index, values['name']])).toEqual([[4, 'Contoso'], [9, 'Contoso2']]);
    expect(printed(device, 'A')).toContain('strange-switch on');
  });

  it('may have rows of one name, and more than the table holds', () => {
    const rule = (index: number) => `message message-manipulations ${index}\nmanipulation-name "same"\nactivate\nexit\n`;
    const device = deviceFrom(`configure voip\n${rule(3)}${rule(9_999)}exit\n`);
    expect(device.running.table('message message-manipulations')?.list().map(({ index }) => index)).toEqual([3, 9_999]);
    runOn(device, 'configure voip\nno message message-manipulations 3');
    expect(printed(device, 'A')).toContain('message-manipulations 9999');
  });

  it('is what the device has again after a reset of everything', () => {
    const device = deviceFrom(recorded('profile-a'));
    runOn(device, 'configure voip\nno sip-definition account 0\nno sbc routing ip2ip-routing 1\nno ip-group 1');
    expect(printed(device, 'A')).not.toContain('ip-group 1');
    device.reseed();
    expect(printed(device, 'A')).toBe(recorded('profile-a'));
  });
});
