export interface ParameterSchema {
  /** The only values there are. */
  readonly choices?: readonly string[];
  /** Path of the table whose rows it names. */
  readonly refersTo?: string;
  /** Words that stand where a name of a row could. */
  readonly wildcards?: readonly string[];
  readonly range?: readonly [number, number];
  readonly maxLength?: number;
  /** What a row has that was never given one. */
  readonly initial?: string;
  readonly isSecret?: boolean;
}

export interface TableSchema {
  /** Its words below the section, such as `sbc cac-profile`. */
  readonly path: string;
  readonly section: string;
  /** What the device calls it in its messages. */
  readonly title: string;
  /** The parameter that holds a row's name. */
  readonly nameParameter: string;
  readonly isNameRequired?: boolean;
  /** Rows have an order, so one can be inserted and moved. */
  readonly isOrdered?: boolean;
  readonly capacity: number;
  readonly parameters: Readonly<Record<string, ParameterSchema>>;
  /** Takes parameters that are not listed too. */
  readonly isOpen?: boolean;
  readonly children?: readonly TableSchema[];
}

const any: ParameterSchema = {};
const onOff = (initial: string): ParameterSchema => ({ choices: ['disable', 'enable'], initial });
const number = (min: number, max: number, initial?: number): ParameterSchema => (
  { range: [min, max], ...initial !== undefined && { initial: String(initial) } });
const choice = (initial: string, ...others: string[]): ParameterSchema => ({ choices: [initial, ...others], initial });
const to = (path: string, ...wildcards: string[]): ParameterSchema => ({ refersTo: path, wildcards });

const proxyAddress: TableSchema = {
  path: 'proxy-address', section: 'voip', title: 'Proxy Address', nameParameter: 'proxy-address', capacity: 10,
  parameters: {
    'proxy-address': { maxLength: 80 }, 'transport-type': { choices: ['udp', 'tcp', 'tls'] }, 'proxy-priority': number(0, 65535), 'proxy-random-weight': number(0, 65535),
  },
};

const dialPlanRule: TableSchema = {
  path: 'dial-plan-rule', section: 'voip', title: 'Dial Plan Rule', nameParameter: 'name', capacity: 2000,
  parameters: { name: any, prefix: any, tag: any },
};

/** Tables of an SBC; `sizes` replaces capacities by path. */
export function tableSchemas(sizes: Readonly<Record<string, number>> = {}): TableSchema[] {
  return allTables.map((table) => ({ ...table, capacity: sizes[table.path] ?? table.capacity }));
}

/** A table of which only the path is known; rows may have any parameter. */
export function openTable(path: string, section = 'voip'): TableSchema {
  return { path, section, title: path, nameParameter: 'name', capacity: 1000, parameters: { name: any }, isOpen: true };
}

const allTables: readonly TableSchema[] = [
  {
    path: 'srd', section: 'voip', title: 'SRD', nameParameter: 'name', isNameRequired: true, capacity: 20,
    parameters: { 'name': any, 'sharing-policy': choice('shared', 'isolated'), 'user-security-mode': any },
  },
  {
    path: 'realm', section: 'voip', title: 'Media Realm', nameParameter: 'name', isNameRequired: true, capacity: 64,
    parameters: { 'name': any, 'ipv4if': any, 'port-range-start': number(6000, 65535), 'session-leg': number(1, 10000), 'is-default': onOff('disable') },
  },
  {
    path: 'sip-interface', section: 'voip', title: 'SIP Interface', nameParameter: 'interface-name', isNameRequired: true, capacity: 80,
    parameters: {
      'interface-name': any, 'network-interface': any, 'application-type': any, 'udp-port': number(0, 65535, 5060), 'tcp-port': number(0, 65535, 5060),
      'tls-port': number(0, 65535, 5061), 'srd-name': to('srd'), 'media-realm-name': to('realm'),
    },
  },
  {
    path: 'ip-profile', section: 'voip', title: 'IP Profile', nameParameter: 'profile-name', isNameRequired: true, capacity: 125,
    parameters: {
      'profile-name': { maxLength: 40 }, 'sbc-media-security-behaviour': choice('as-is', 'srtp', 'rtp', 'prefer-srtp'), 'sbc-rfc2833-behavior': any,
      'sbc-remote-refer-behavior': any, 'sbc-remote-update-support': any, 'sbc-ext-coders-group-name': any, 'jitter-buffer-max-delay': number(150, 2000, 300),
    },
    isOpen: true,
  },
  {
    path: 'sbc cac-profile', section: 'voip', title: 'CAC Profile', nameParameter: 'name', isNameRequired: true, capacity: 1500,
    parameters: { 'name': any, 'max-concurrent-sessions': number(0, 1_000_000), 'reserved-capacity': number(0, 1_000_000) },
  },
  {
    path: 'proxy-set', section: 'voip', title: 'Proxy Set', nameParameter: 'proxy-name', isNameRequired: true, capacity: 1000,
    parameters: {
      'proxy-name': any, 'srd-name': to('srd'), 'sbcipv4-sip-int-name': to('sip-interface'), 'proxy-enable-keep-alive': choice('disable', 'using-options', 'using-register'),
      'proxy-keep-alive-time': number(5, 2_000_000, 60), 'proxy-load-balancing-method': choice('disable', 'round-robin', 'random-weights'),
      'is-proxy-hot-swap': onOff('disable'), 'proxy-redundancy-mode': choice('not-configured', 'parking', 'homing'), 'dns-resolve-method': any,
      'classification-input': choice('ip-only', 'ip-port-transport'), 'tls-context-name': any,
    },
    children: [proxyAddress],
  },
  {
    path: 'sbc dial-plan', section: 'voip', title: 'Dial Plan', nameParameter: 'name', isNameRequired: true, capacity: 100,
    parameters: { 'name': any, 'prefix-case-sensitivity': choice('case-sensitive', 'case-insensitive') },
    children: [dialPlanRule],
  },
  {
    path: 'ip-group', section: 'voip', title: 'IP Group', nameParameter: 'name', isNameRequired: true, capacity: 1000,
    parameters: {
      'name': any, 'type': choice('server', 'user', 'gateway'), 'proxy-set-name': to('proxy-set'), 'cac-profile': to('sbc cac-profile'),
      'ip-profile-name': to('ip-profile'), 'media-realm-name': to('realm'), 'internal-media-realm-name': to('realm'), 'srd-name': to('srd'), 'tags': any,
      'sip-group-name': any, 'contact-user': any, 'username': any, 'password': { isSecret: true }, 'bandwidth-profile': any, 'dtls-context': any,
      'classify-by-proxy-set': onOff('enable'), 'always-use-route-table': onOff('disable'), 'always-use-source-addr': onOff('disable'),
      'authentication-mode': choice('user-authenticates', 'sbc-as-client', 'sbc-as-server'), 'sbc-operation-mode': choice('not-configured', 'b2bua', 'call-stateful-proxy'),
      'inbound-mesg-manipulation-set': number(-1, 1000, -1), 'outbound-mesg-manipulation-set': number(-1, 1000, -1), 'call-setup-rules-set-id': number(-1, 1000, -1),
      'topology-location': choice('down', 'up'), 'max-num-of-reg-users': number(-1, 1_000_000, -1), 'dst-uri-input': any, 'src-uri-input': any,
      'proxy-keepalive-use-ipg': onOff('disable'), 'qoe-profile': any, 'sbc-dial-plan-name': to('sbc dial-plan'),
    },
  },
  {
    path: 'sip-definition account', section: 'voip', title: 'Account', nameParameter: 'account-name', capacity: 1500,
    parameters: {
      'account-name': any, 'served-ip-group-name': to('ip-group'), 'serving-ip-group-name': to('ip-group'), 'user-name': { maxLength: 60 }, 'password': { isSecret: true },
      'host-name': any, 'contact-user': any, 'register': choice('no', 'reg', 'gin'), 'application-type': choice('sbc', 'gw'), 'reg-by-served-ipg-status': any,
    },
  },
  {
    path: 'sbc classification', section: 'voip', title: 'Classification', nameParameter: 'classification-name', isOrdered: true, capacity: 1500,
    parameters: {
      'classification-name': any, 'src-ip-group-name': to('ip-group'), 'src-sip-interface-name': to('sip-interface', 'Any'), 'src-ip-address': any, 'src-port': number(0, 65535, 0),
      'src-transport-type': any, 'src-user-name-pattern': any, 'src-host': any, 'dst-user-name-pattern': any, 'dst-host': any, 'message-condition-name': any,
      'action-type': choice('allow', 'deny'), 'ip-profile-id': to('ip-profile'), 'srd-name': to('srd'),
    },
  },
  {
    path: 'sbc routing ip2ip-routing', section: 'voip', title: 'IP-to-IP Routing', nameParameter: 'route-name', isOrdered: true, capacity: 2000,
    parameters: {
      'route-name': any, 'sbc-routing-policy-name': any, 'src-ip-group-name': to('ip-group', 'Any'), 'dst-ip-group-name': to('ip-group'), 'src-user-name-pattern': any,
      'src-host': any, 'dst-user-name-pattern': any, 'dst-host': any, 'request-type': choice('all', 'invite', 'register', 'subscribe', 'invite-and-register', 'options'),
      'message-condition-name': any, 're-route-ip-group-name': to('ip-group', 'Any'), 'trigger': any, 'call-setup-rules-set-id': number(-1, 1000, -1),
      'dst-type': choice('ip-group', 'dst-address', 'request-uri', 'enum', 'hunt-group', 'dial-plan', 'routing-server', 'internal'), 'dst-sip-interface-name': to('sip-interface'),
      'dst-address': any, 'dst-port': number(0, 65535, 0), 'dst-transport-type': any, 'alt-route-options': any, 'src-tags': any, 'dst-tags': any, 'group-policy': any,
    },
  },
];
