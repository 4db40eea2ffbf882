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
});
