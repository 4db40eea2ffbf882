import { readFileSync } from 'node:fs';

import { beforeEach, describe, expect, it } from 'vitest';
import type { Device } from '../device.js';
import { deviceWith, runOn } from '../device.testing.js';

/** Rows of a customer, with everything that a print shows in a way of its own. */
const customer = `configure voip
message message-manipulations new
manipulation-name "Northwind7-from"
manipulation-set-id 12
message-type "Invite.Request"
action-subject header.from.url.host
action-type modify
action-value "'sip.example.net'"
activate
proxy-set new
proxy-name Northwind7
proxy-enable-keep-alive using-options
proxy-keep-alive-time 60
fail-detect-rtx -1
srd-name "DefaultSRD"
activate
proxy-ip 0
proxy-address "sip.example.net:5061"
transport-type tls
activate
proxy-ip 1
proxy-address 192.0.2.77
activate
exit
proxy-set new
proxy-name Fabrikam1
no activate
sbc routing alt-route-reasons-set new
name "Northwind7"
activate
alt-route-reasons-rules 0
rel-cause-code 503-service-unavail
activate
ip-group new
name "Northwind7"
type server
proxy-set-name "Northwind7"
cac-profile "10 sessions"
sip-group-name ""
tags "Owner=9c84a505-33bf-507d-834d-2322436c49d0"
activate
sip-definition account new
account-name "Northwind7"
served-ip-group-name "Northwind7"
user-name northwind
password top-secret
activate
sbc routing ip2ip-routing new
route-name "Northwind7-in"
src-ip-group-name "Teams-OC"
request-type all
dst-type ip-group
dst-ip-group-name "Northwind7"
activate`;

const recorded = (name: string) => readFileSync(new URL(`recorded/${name}.txt`, import.meta.url), 'utf8');

describe('print of a configuration', () => {
  let device: Device;
  beforeEach(() => {
    device = deviceWith(5);
    runOn(device, customer);
  });
  const print = (profile: 'A' | 'B') => {
    device.settings.print = profile;
    return device.print();
  };

  it.each([['A', 'profile-a', '\r\n'], ['B', 'profile-b', '\n']] as const)('is as recorded in profile %s', (profile, name, lineEnd) => {
    const text = print(profile);
    expect(text.replaceAll(lineEnd, '\n')).toBe(recorded(name));
    expect(text.split('\n').slice(0, -1).every((line) => line.endsWith('\r') === (lineEnd === '\r\n'))).toBe(true);
  });

  const referring = (profile: 'A' | 'B', pattern: RegExp) => (print(profile).match(pattern) ?? []).length;

  it('names the only SRD in B, and in A as soon as there are two', () => {
    expect([referring('A', /srd-name "/g), referring('B', / srd-name DefaultSRD/g)]).toEqual([0, 8]);
    runOn(device, 'configure voip\nsrd new\nname Other\nactivate\nip-group Northwind7\nsrd-name Other\nactivate');
    expect([referring('A', /srd-name "DefaultSRD"/g), referring('A', /srd-name "Other"/g)]).toEqual([7, 1]);
    runOn(device, 'configure voip\nip-group Northwind7\nno srd-name\nexit\nno srd Other');
    expect(print('A')).not.toContain('srd-name');
  });

  it('has a line for what a parameter is set to, and none when it is set back', () => {
    expect(print('A')).toContain('proxy-enable-keep-alive using-options\r\n    activate');
    runOn(device, 'configure voip\nproxy-set Northwind7\nproxy-enable-keep-alive disable\nproxy-keep-alive-time 61\nactivate');
    expect(print('A')).toContain('proxy-name "Northwind7"\r\n    proxy-keep-alive-time 61\r\n    activate');
    expect(print('B')).toContain('proxy-enable-keep-alive disable\n   proxy-keep-alive-time 61');
  });

  it('shows a child that is not activated as it shows a row', () => {
    runOn(device, 'configure voip\nproxy-set SIPTrunk\nproxy-ip 1\nproxy-address b\nno activate');
    expect(print('A')).toContain('    # The following line is not activated\r\n    proxy-ip 1\r\n     proxy-address "b"\r\n     no activate\r\n    exit\r\n   exit\r\n');
    expect(print('B')).toContain('  proxy-ip 1/1\n   priority 0\n   proxy-address b\n   transport-type -1\n   weight 0\n   no activate\n  exit\n');
  });

  it('can be of one section', () => {
    expect(device.print('network')).toMatch(/^ {2}configure network\r\n[^]*interface network-if 0[^]* {2}exit\r\n$/);
    expect(device.print('network')).not.toContain('configure voip');
  });

  it('takes a secret that is obscured already as it stands', () => {
    runOn(device, 'configure voip\nip-group Northwind7\npassword a1b2c3= obscured\nactivate');
    expect(print('A')).toContain('    password a1b2c3= obscured\r\n');
    expect(print('A')).not.toContain('top-secret');
  });
});
