/** What stands at one place of a section: a table's rows, or lines that mean nothing to us; their blanks count from the level of a row. */
export type LayoutItem = { readonly table: string } | { readonly lines: readonly string[] };

export interface LayoutSection {
  readonly section: string;
  readonly items: readonly LayoutItem[];
}

/** A print from top to bottom: sections, and lines outside of them. */
export type Layout = readonly (LayoutSection | { readonly outside: readonly string[] })[];

const table = (path: string): LayoutItem => ({ table: path });
/** Blocks of settings, each with what stands deeper. */
const settings = (...text: string[]): LayoutItem[] => (
  text.join('\n').split(/\n(?! |exit)/).map((block) => ({ lines: block.split('\n') })));

/** Where everything stands on a device as delivered, between settings that no client has asked about. */
export function defaultLayout(productType: string): Layout {
  return [
    { outside: [`# Running Configuration ${productType}`, '', '## IP NETWORK', ''] },
    { section: 'network', items: network },
    { outside: ['', '## SIGNALING & MEDIA', ''] },
    { section: 'voip', items: voip },
    { outside: ['', '## ADMINISTRATION', ''] },
    { section: 'system', items: system },
    { outside: ['', '## TROUBLESHOOT', ''] },
    { section: 'troubleshoot', items: troubleshoot },
  ];
}

const network: readonly LayoutItem[] = [
  ...settings('physical-port GE_1', ' mode auto', ' admin-state enable', ' activate', 'exit', 'ethernet-group 0', ' mode 1rx-1tx', ' member "GE_1"', ' activate', 'exit'),
  ...settings('network-dev 0', ' name "vlan 1"', ' vlan-id 1', ' activate', 'exit', 'network-dev 1', ' name "vlan 2"', ' vlan-id 2', ' mtu 1400', ' activate', 'exit'),
  table('interface network-if'),
  ...settings('tls 0', ' name default', ' tls-version tls-v1.2', ' private-key size 2048', ' activate', 'exit', 'tls 1', ' name "Teams"', ' ciphers-server "DEFAULT:!3DES"', ' activate', 'exit'),
  ...settings('high-availability settings', ' preempt-mode disable', ' activate', 'exit', 'dns override interface "O+M+C"', 'sctp', ' heartbeat-interval 30', ' activate', 'exit'),
];

const voip: readonly LayoutItem[] = [
  ...settings('application', ' enable-sbc on', ' activate', 'exit'),
  table('coders-and-profiles audio-coders-groups'),
  table('coders-and-profiles allowed-audio-coders-groups'),
  table('coders-and-profiles allowed-video-coders-groups'),
  table('message message-policy'),
  table('qoe qoe-profile'),
  table('qoe bw-profile'),
  ...settings('qoe qoe-settings 0', ' server-name "ovoc.example.net"', ' keep-alive-time 1', ' interface "O+M+C"', ' activate', 'exit'),
  table('sbc routing sbc-routing-policy'),
  table('srd'),
  table('realm'),
  ...settings('realm-extension 0/0', ' ipv4if "O+M+C"', ' port-range-start 8000', ' number-of-media-session-legs 0', ' activate', 'exit'),
  table('sip-interface'),
  table('proxy-set'),
  table('coders-and-profiles ip-profile'),
  table('sbc cac-profile'),
  table('sbc dial-plan'),
  table('ip-group'),
  ...settings('gateway routing tel2ip-routing 0', ' route-name "Teams-OC"', ' dst-phone-pattern "*"', ' dest-ip-group-name "Teams-OC"', ' cost-group ""', ' activate', 'exit'),
  ...settings('gateway manipulation settings', ' prefix-2-ext-line disable', ' activate', 'exit'),
  table('sip-definition account'),
  table('message message-manipulations'),
  table('message call-setup-rules'),
  table('sbc routing condition-table'),
  table('sbc malicious-signature-database'),
  table('sbc classification'),
  table('sbc routing alt-route-reasons-set'),
  table('sbc routing ip-group-set'),
  table('sbc routing ip2ip-routing'),
  table('sbc manipulation ip-inbound-manipulation'),
  table('sbc manipulation ip-outbound-manipulation'),
  ...settings('sbc external-media-source 0', ' ip-group-name "Teams-OC"', ' file-name "on-hold.wav"', ' activate', 'exit'),
  ...settings('ids policy 0', ' name "DEFAULT_FEU"', ' description "Default policy"', ' activate', ' rule 0', '  reason connection-abuse', '  minor-alrm-thr 3', '  activate', ' exit', ' rule 1',
    '  reason malformed-msg', '  activate', ' exit', 'exit'),
  ...settings('media security', ' media-security-enable on', ' media-sec-bhvior mandatory', ' activate', 'exit', 'media rtp-rtcp', ' rtp-redundancy-depth 0', ' base-udp-port 6000', ' activate', 'exit'),
  ...settings('sbc settings', ' sbc-preemption-mode disable', ' name "Teams-OC"', ' options-user-part ""', ' activate', 'exit'),
  ...settings('sip-definition proxy-and-registration', ' gw-name "sbc.example.net"', ' use-gw-name-for-opt server', ' password 2Xb9mvHQ4Zs= obscured', ' activate', 'exit'),
  ...settings('sip-definition settings', ' sip-hold-behavior 0.0.0.0', ' user-agent-info "Mediant/v.7.20A"', ' activate', 'exit'),
];

const system: readonly LayoutItem[] = [
  ...settings('cli-settings', ' telnet disable', ' ssh on', ' window-height 0', ' idle-timeout 15', ' activate', 'exit'),
  ...settings('clock', ' summer-time on', ' activate', 'exit', 'ntp', ' primary-server "pool.ntp.example"', ' activate', 'exit'),
  ...settings('user "Admin"', ' password kLx3mWpa77Nq== obscured', ' privilege sec-admin', ' status valid', ' ssh-public-key ""', ' activate', 'exit', 'user "rest"', ' password pQz81lmTnE4c== obscured',
    ' privilege admin', ' activate', 'exit'),
  ...settings('snmp settings', ' engine-id 00:00:00:00', ' activate', 'exit', 'snmp v3-users 0', ' username "ovoc"', ' auth-key 8fsTU1vCq0w= obscured', ' activate', 'exit'),
  ...settings('web', ' http-port 80', ' https-cipher-string "DEFAULT"', ' activate', 'exit', 'feature-key "r6wmr5to25smaB12d21aiSl94yMCf3lsfjBjagcch1kq9AZ9MJqqCOw44"'),
  ...settings('hostname "SBC # 1"', 'welcome-msg 0', ' text "no ip-group is to be removed by hand; exit"', ' activate', 'exit'),
];

const troubleshoot: readonly LayoutItem[] = [
  ...settings('syslog', ' syslog on', ' syslog-ip 192.0.2.53', ' debug-level detailed', ' activate', 'exit'),
  ...settings('logging logging-filters 0', ' filter-type ip-group', ' value "Teams-OC"', ' log-type sip-only', ' activate', 'exit'),
  ...settings('cdr', ' cdr-srvr-ip-adrr 192.0.2.54', ' activate', 'exit', 'startup-n-recovery', ' activate', 'exit'),
];
