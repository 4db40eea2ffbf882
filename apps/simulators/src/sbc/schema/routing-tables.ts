import { tags } from './core-tables.js';
import { choice, name, number, onOff, pattern, table, type TableSchema, text, to, toDefault, word } from './table-schema.js';

const policy = toDefault('sbc routing sbc-routing-policy', 'Default_SBCRoutingPolicy');
const requestType = choice('all', 'invite', 'register', 'subscribe', 'invite-and-register', 'invite-and-subscribe', 'options');
const trigger = choice('any', '3xx', 'refer', '3xx-or-refer', 'initial-only', 'broken-connection', 'fax-rerouting');
const transport = choice('any', 'udp', 'tcp', 'tls');

const releaseCauses = [
  '400-bad-req', '402-payment-req', '403-forbidden', '404-not-found', '405-method-not-allowed', '406-not-acceptable', '408-req-timeout', '409-conflict', '410-gone', '480-unavail',
  '481-transaction-not-exist', '482-loop-detected', '483-too-many-hops', '484-address-incomplete', '486-busy', '487-req-terminated', '488-not-acceptable-here', '4xx',
  '500-internal-err', '501-not-implemented', '502-bad-gateway', '503-service-unavail', '504-server-timeout', '5xx', '600-busy-everywhere', '603-decline', '6xx',
  '805-admission-failure', '806-media-limits-exceeded',
];

const manipulation = {
  'manipulation-name': text(20), 'routing-policy-name': policy, 'is-additional-manipulation': choice('no', 'yes'), 'manipulated-uri': choice('source', 'destination'),
  'src-ip-group-name': to('ip-group', 'Any'), 'src-user-name-pattern': pattern, 'src-host': pattern, 'dst-user-name-pattern': pattern, 'dst-host': pattern,
  'request-type': requestType, 'remove-from-left': number(0, 255, 0), 'remove-from-right': number(0, 255, 0), 'leave-from-right': number(0, 255, 255),
  'prefix-to-add': text(50), 'suffix-to-add': text(50),
};

/** Who is who, and which call goes where. */
export const routingTables: readonly TableSchema[] = [
  table('sbc classification', 'Classification', 'classification-name', 1500, {
    'classification-name': name, 'message-condition-name': to('sbc routing condition-table'), 'srd-name': toDefault('srd', 'DefaultSRD'),
    'src-sip-interface-name': to('sip-interface', 'Any'), 'src-ip-address': word(), 'src-port': number(0, 65535, 0), 'src-transport-type': transport,
    'src-user-name-pattern': pattern, 'src-host': pattern, 'dst-user-name-pattern': pattern, 'dst-host': pattern, 'action-type': choice('allow', 'deny'),
    'src-ip-group-name': to('ip-group'), 'dest-routing-policy': policy, 'ip-profile-name': to('coders-and-profiles ip-profile'),
    'ip-group-selection': choice('src-ip-group', 'tagged-ip-group'), 'ip-group-tag-name': word('default'),
  }, { isOrdered: true }),
  table('sbc routing condition-table', 'Message Condition', 'name', 82, { name, condition: { ...text(200), takesRest: true } }, { isNameRequired: true }),
  table('sbc routing sbc-routing-policy', 'Routing Policy', 'name', 20, {
    name, 'lcr-enable': onOff('disable'), 'lcr-average-call-length': number(0, 65533, 1), 'lcr-default-cost': choice('lowest-cost', 'highest-cost'), 'ldap-srv-group-name': text(),
  }, { isNameRequired: true }),
  table('sbc routing alt-route-reasons-set', 'Alternative Reasons Set', 'name', 10, { name, description: text(99) }, {
    isNameRequired: true, children: [table('alt-route-reasons-rules', 'Alternative Reason', '', 40, { 'rel-cause-code': { choices: releaseCauses } })],
  }),
  table('sbc routing ip-group-set', 'IP Group Set', 'name', 51, { name, policy: choice('round-robin', 'homing', 'random-weight'), tags }, {
    autoName: 'IPGroupSet', children: [table('ip-group-set-member', 'IP Group Set Member', '', 5, { 'ip-group-name': to('ip-group'), 'weight': number(1, 9, 1) })],
  }),
  table('sbc routing ip2ip-routing', 'IP-to-IP Routing', 'route-name', 2000, {
    'route-name': name, 'sbc-routing-policy-name': policy, 'src-ip-group-name': to('ip-group', 'Any'), 'src-user-name-pattern': pattern, 'src-host': pattern,
    'dst-user-name-pattern': pattern, 'dst-host': pattern, 'request-type': requestType, 'message-condition-name': to('sbc routing condition-table'),
    're-route-ip-group-name': to('ip-group', 'Any'), trigger, 'call-setup-rules-set-id': number(-1, 1000, -1),
    'dst-type': choice('ip-group', 'dst-address', 'request-uri', 'enum', 'hunt-group', 'dial-plan', 'ldap', 'routing-server', 'all-users', 'ip-group-set', 'dst-tag', 'internal'),
    'dst-ip-group-name': to('ip-group'), 'dest-sip-interface-name': to('sip-interface'), 'dst-address': word(), 'dst-port': number(0, 65535, 0),
    'dst-transport-type': transport,
    'alt-route-options': choice('route-row', 'alt-route-ignore-inputs', 'alt-route-consider-inputs', 'group-member-ignore-inputs', 'group-member-consider-inputs'),
    'group-policy': choice('none', 'forking', 'sequential'), 'cost-group': text(), 'dest-tags': text(70), 'src-tags': text(70), 'ipgroupset-name': to('sbc routing ip-group-set'),
    'routing-tag-name': word('default'), 'internal-action': text(255), 'modified-dest-user-name': text(),
  }, { isOrdered: true }),
  table('sbc dial-plan', 'Dial Plan', 'name', 100, { name, 'prefix-case-sensitivity': choice('case-sensitive', 'case-insensitive') }, {
    isNameRequired: true, children: [table('dial-plan-rule', 'Dial Plan Rule', 'name', 100_000, { name: text(15), prefix: text(50), tag: text(70) })],
  }),
  table('sbc cac-profile', 'CAC Profile', 'name', 1500, { name }, {
    isNameRequired: true,
    children: [table('cac-rule', 'CAC Rule', '', 8, {
      'request-type': choice('all', 'invite', 'subscribe', 'other'), 'request-direction': choice('both', 'inbound', 'outbound'), 'limit': number(-1, 1_000_000, -1),
      'limit-per-user': number(-1, 1_000_000, -1), 'rate': number(0, 1_000_000, 0), 'max-burst': number(0, 1_000_000, 0), 'rate-per-user': number(0, 1_000_000, 0),
      'max-burst-per-user': number(0, 1_000_000, 0), 'reservation': number(0, 1_000_000, 0),
    })],
  }),
  table('sbc malicious-signature-database', 'Malicious Signature', 'name', 20, { name, pattern: { ...text(200), takesRest: true } }, { isNameRequired: true }),
  table('sbc manipulation ip-inbound-manipulation', 'Inbound Manipulation', 'manipulation-name', 2000, {
    ...manipulation, 'manipulation-purpose': choice('normal', 'routing-input-only', 'shared-line'),
  }, { isOrdered: true }),
  table('sbc manipulation ip-outbound-manipulation', 'Outbound Manipulation', 'manipulation-name', 2000, {
    ...manipulation, 'dst-ip-group-name': to('ip-group', 'Any'), 'calling-name-pattern': pattern, 'message-condition-name': to('sbc routing condition-table'),
    're-route-ip-group-name': to('ip-group', 'Any'), trigger, 'privacy-restriction-mode': choice('transparent', 'dont-change-privacy', 'restrict', 'remove-restriction'),
    'src-tags': text(70), 'dest-tags': text(70),
  }, { isOrdered: true }),
];
