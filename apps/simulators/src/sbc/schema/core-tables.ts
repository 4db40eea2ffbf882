import { choice, name, number, onOff, table, type TableSchema, text, to, toDefault, word } from './table-schema.js';

/** Of an IP Group and of an IP Group Set. */
export const tags = { ...text(70), maxTags: 5 };

const proxyIp = table('proxy-ip', 'Proxy Address', '', 10, {
  'proxy-address': text(80), 'transport-type': { choices: ['-1', 'udp', 'tcp', 'tls'], initial: '-1' }, 'priority': number(0, 65535, 0), 'weight': number(0, 65535, 0),
});

/** What calls come from and go to. */
export const coreTables: readonly TableSchema[] = [
  table('interface network-if', 'IP Interface', 'name', 48, {
    'application-type': choice('o+m+c', 'oamp', 'media', 'control', 'media+control'), 'ip-address': word(), 'prefix-length': number(1, 128, 16), 'gateway': word('0.0.0.0'),
    name, 'primary-dns': word('0.0.0.0'), 'secondary-dns': word('0.0.0.0'), 'underlying-dev': text(40), 'interface-mode': choice('ipv4-manual', 'ipv6-manual'),
  }, { section: 'network', isNameRequired: true }),
  table('srd', 'SRD', 'name', 20, {
    name, 'block-un-reg-users': choice('acpt-all', 'acpt-reg-users', 'acpt-reg-users-same-src'), 'max-num-of-reg-users': number(-1, 1_000_000, -1),
    'enable-un-auth-registrs': onOff('enable'), 'sharing-policy': choice('shared', 'isolated'), 'used-by-routing-server': choice('not-used', 'used'),
    'sbc-operation-mode': choice('b2bua', 'call-stateful-proxy'), 'sbc-routing-policy-name': toDefault('sbc routing sbc-routing-policy', 'Default_SBCRoutingPolicy'),
    'sbc-dial-plan-name': to('sbc dial-plan'), 'cac-profile': to('sbc cac-profile'), 'type': choice('filtering', 'tenant'),
  }, { isNameRequired: true }),
  table('realm', 'Media Realm', 'name', 64, {
    name, 'ipv4if': to('interface network-if'), 'ipv6if': text(), 'remote-ipv4if': text(), 'port-range-start': number(6000, 65535), 'session-leg': number(1, 10_000),
    'port-range-end': number(0, 65535), 'tcp-port-range-start': number(0, 65535, 0), 'is-default': onOff('disable'), 'qoe-profile': to('qoe qoe-profile'),
    'bw-profile': to('qoe bw-profile'), 'topology-location': choice('down', 'up'), 'used-by-routing-server': choice('not-used', 'used'),
  }, { isNameRequired: true }),
  table('sip-interface', 'SIP Interface', 'interface-name', 80, {
    'interface-name': name, 'network-interface': to('interface network-if'), 'application-type': choice('sbc', 'gw'), 'udp-port': number(0, 65535, 5060),
    'tcp-port': number(0, 65535, 5060), 'tls-port': number(0, 65535, 5061), 'additional-udp-ports': text(), 'srd-name': toDefault('srd', 'DefaultSRD'),
    'message-policy-name': to('message message-policy'), 'tls-context-name': text(), 'tls-mutual-auth': choice('not-configured', 'disable', 'enable'),
    'tcp-keepalive-enable': onOff('disable'), 'used-by-routing-server': choice('not-used', 'used'), 'media-realm-name': to('realm'),
    'sbc-direct-media': choice('disable', 'enable', 'enable-same-nat'), 'block-un-reg-users': choice('not-conf', 'acpt-all', 'acpt-reg-users'),
    'max-num-of-reg-users': number(-1, 1_000_000, -1), 'encapsulating-protocol': choice('none', 'websocket'), 'enable-un-auth-registrs': choice('not-conf', 'disable', 'enable'),
    'classification-fail-response-type': number(0, 699, 500), 'pre-classification-manset': number(-1, 1000, -1), 'pre-parsing-man-set': text(),
    'topology-location': choice('down', 'up'), 'call-setup-rules-set-id': number(-1, 1000, -1), 'cac-profile': to('sbc cac-profile'),
  }, { isNameRequired: true }),
  table('proxy-set', 'Proxy Set', 'proxy-name', 1000, {
    'proxy-name': name, 'proxy-enable-keep-alive': choice('disable', 'using-options', 'using-register'), 'proxy-keep-alive-time': number(5, 2_000_000, 60),
    'proxy-load-balancing-method': choice('disable', 'round-robin', 'random-weights'), 'is-proxy-hot-swap': onOff('disable'),
    'proxy-redundancy-mode': choice('not-configured', 'parking', 'homing'), 'keepalive-fail-resp': text(), 'success-detect-retries': number(1, 100, 1),
    'success-detect-int': number(1, 200, 10), 'fail-detect-rtx': number(-1, 255, -1), 'min-active-serv-lb': number(1, 15, 1),
    'dns-resolve-method': choice('not-configured', 'a-record', 'srv', 'naptr', 'ms-lync', 'ms-teams'), 'classification-input': choice('ip-only', 'ip-port-transport', 'compare-according-transport'),
    'tls-context-name': text(), 'srd-name': toDefault('srd', 'DefaultSRD'), 'gwipv4-sip-int-name': to('sip-interface'), 'sbcipv4-sip-int-name': to('sip-interface'),
    'accept-dhcp-proxy-list': onOff('disable'), 'peer-host-name': text(),
  }, { isNameRequired: true, children: [proxyIp] }),
  table('ip-group', 'IP Group', 'name', 1000, {
    'type': choice('server', 'user', 'gateway'), name, 'proxy-set-name': to('proxy-set'), 'sip-group-name': text(100), 'contact-user': text(),
    'sip-re-routing-mode': choice('not-configured', 'standard', 'proxy', 'routing-table'), 'always-use-route-table': onOff('disable'), 'srd-name': toDefault('srd', 'DefaultSRD'),
    'media-realm-name': to('realm'), 'internal-media-realm-name': to('realm'), 'classify-by-proxy-set': onOff('enable'),
    'ip-profile-name': to('coders-and-profiles ip-profile'), 'max-num-of-reg-users': number(-1, 1_000_000, -1), 'inbound-mesg-manipulation-set': number(-1, 1000, -1),
    'outbound-mesg-manipulation-set': number(-1, 1000, -1), 'registration-mode': choice('user-initiates', 'sbc-initiates', 'registrations-not-needed'),
    'authentication-mode': choice('user-authenticates', 'sbc-as-client', 'sbc-as-server'), 'authentication-method-list': text(),
    'sbc-client-forking-mode': choice('sequential', 'parallel', 'sequential-available-only'), 'source-uri-input': word('not-configured'),
    'dst-uri-input': word('not-configured'), 'username': text(), 'password': { isSecret: true, maxLength: 64 }, 'msg-man-user-defined-string1': text(30),
    'msg-man-user-defined-string2': text(30), 'local-host-name': text(), 'uui-format': onOff('disable'), 'qoe-profile': to('qoe qoe-profile'),
    'bandwidth-profile': to('qoe bw-profile'), 'media-enhancement-profile': text(), 'always-use-source-addr': onOff('disable'), 'sip-connect': choice('no', 'yes', 'yes-ip-only'),
    'route-using-request-uri-port': onOff('disable'), 'sbc-operation-mode': choice('not-configured', 'b2bua', 'call-stateful-proxy'), 'sbc-psap-mode': onOff('disable'),
    'dtls-context': text(), 'created-by-routing-server': choice('no', 'yes'), 'used-by-routing-server': choice('not-used', 'used'), 'cac-profile': to('sbc cac-profile'),
    'sbc-dial-plan-name': to('sbc dial-plan'), 'call-setup-rules-set-id': number(-1, 1000, -1), tags,
    'sbc-alt-route-reasons-name': to('sbc routing alt-route-reasons-set'), 'topology-location': choice('down', 'up'), 'proxy-keepalive-use-ipg': onOff('disable'),
    'user-voice-quality-report': onOff('disable'), 'validate-source-ip': onOff('disable'), 'use-requri-port': onOff('disable'),
    'teams-local-media-optimization': choice('none', 'teams-decides', 'sbc-decides'), 'teams-local-mo-initial-behavior': choice('direct-media', 'internal', 'external'),
    'teams-local-mo-site': text(), 'teams-direct-routing-mode': onOff('disable'), 'metering-remote-type': choice('regular', 'zoom', 'teams'),
  }, { isNameRequired: true }),
  table('sip-definition account', 'Account', 'account-name', 1500, {
    'served-trunk-group': number(-1, 240, -1), 'served-ip-group-name': to('ip-group'), 'serving-ip-group-name': to('ip-group'), 'user-name': text(60),
    'password': { isSecret: true, maxLength: 50 }, 'host-name': text(49), 'contact-user': text(60), 'register': choice('no', 'reg', 'gin'),
    'application-type': choice('sbc', 'gw'), 'account-name': name, 'registrar-stickiness': choice('disable', 'enable', 'enable-for-non-register-requests'),
    'registrar-search-mode': choice('current-working-server', 'according-to-ims-specifications'), 'reg-event-package-subscription': onOff('disable'),
    'reg-by-served-ipg-status': choice('register-if-online', 'register-always'), 'udp-port-assignment': onOff('disable'), 're-register-on-invite-failure': onOff('disable'),
  }),
];
