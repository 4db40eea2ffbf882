import { moreParameters } from './table-parameters.js';

/** What a device takes at most: characters of a value, or parts of it where a value is a list with `;`. */
export interface Limit {
  readonly characters?: number;
  readonly parts?: number;
  /** Of a table inside a row: how many rows of it stand in one. */
  readonly rows?: number;
}

/** What is known of a table of the device's CLI. Where it comes from: docs/scripts.md. */
export interface DeviceTable {
  /** The parameter that holds a row's own name; `none` when rows have none. Absent for a table that is not known. */
  readonly nameParameter?: string;
  /** Tables that stand inside a row, by the word that opens them. */
  readonly children?: Readonly<Record<string, DeviceTable>>;
  /** What a row has that was never given the parameter. A print leaves such a line out. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Parameters whose values compare as numbers, and those whose values compare without regard to case. */
  readonly numbers?: readonly string[];
  readonly choices?: readonly string[];
  readonly limits?: Readonly<Record<string, Limit>>;
  /** Parameters that are never printed as they were set. */
  readonly secrets?: readonly string[];
}

/** The table customers are marked in. */
export const ipGroupTable = 'ip-group';

const name40: Limit = { characters: 40 };
const tags: Limit = { characters: 70, parts: 5 };
const srd = { 'srd-name': 'DefaultSRD' };
const proxyAddress: DeviceTable = {
  nameParameter: 'none', defaults: { 'priority': '0', 'weight': '0', 'transport-type': '-1' }, numbers: ['priority', 'weight'], choices: ['transport-type'],
};
const codec: DeviceTable = { nameParameter: 'none' };
const codersGroup = (child: string, row: DeviceTable): DeviceTable => ({
  nameParameter: 'coders-group-name', children: { [child]: row }, limits: { 'coders-group-name': name40, [child]: { rows: 10 } },
});

const known: Readonly<Record<string, DeviceTable>> = {
  'ip-group': {
    nameParameter: 'name', defaults: { type: 'server', ...srd }, choices: ['type'], secrets: ['password'],
    limits: { 'name': name40, tags, 'sip-group-name': { characters: 100 } },
  },
  'proxy-set': {
    nameParameter: 'proxy-name', limits: { 'proxy-name': name40 },
    defaults: {
      'proxy-enable-keep-alive': 'disable', 'proxy-keep-alive-time': '60', 'success-detect-retries': '1', 'success-detect-int': '10', 'fail-detect-rtx': '-1',
      ...srd,
    },
    numbers: ['proxy-keep-alive-time', 'success-detect-retries', 'success-detect-int', 'fail-detect-rtx'], choices: ['proxy-enable-keep-alive'],
    children: { 'proxy-ip': proxyAddress, 'proxy-address': proxyAddress },
  },
  'sip-interface': {
    nameParameter: 'interface-name', limits: { 'interface-name': name40 },
    defaults: { 'udp-port': '5060', 'tcp-port': '5060', 'tls-port': '5061', ...srd }, numbers: ['udp-port', 'tcp-port', 'tls-port'],
  },
  'srd': { nameParameter: 'name', limits: { name: name40 } },
  'realm': {
    nameParameter: 'name', limits: { name: name40 }, numbers: ['port-range-start', 'session-leg', 'port-range-end'],
  },
  'coders-and-profiles ip-profile': { nameParameter: 'profile-name', limits: { 'profile-name': name40 } },
  'coders-and-profiles audio-coders-groups': codersGroup('audio-coders', codec),
  'coders-and-profiles allowed-audio-coders-groups': codersGroup('allowed-audio-coders', codec),
  'coders-and-profiles allowed-video-coders-groups': codersGroup('allowed-video-coders', codec),
  'sip-definition account': {
    nameParameter: 'account-name', secrets: ['password'], limits: { 'account-name': name40, 'user-name': { characters: 60 } },
  },
  'message message-manipulations': {
    nameParameter: 'manipulation-name', numbers: ['manipulation-set-id'], choices: ['action-type'],
    limits: {
      'manipulation-name': { characters: 20 }, 'condition': { characters: 200 }, 'action-subject': { characters: 100 }, 'action-value': { characters: 300 },
    },
  },
  'message msg-man-set': { nameParameter: 'name', limits: { name: name40 }, children: { 'message-manipulations': { nameParameter: 'manipulation-name' } } },
  'message call-setup-rules': { nameParameter: 'rules-set-name', numbers: ['rules-set-id'], limits: { 'rules-set-name': name40 } },
  'message message-policy': { nameParameter: 'name', limits: { name: name40 } },
  'qoe bw-profile': { nameParameter: 'name', limits: { name: name40 } },
  'qoe qoe-profile': {
    nameParameter: 'name', limits: { name: name40 },
    children: { 'qoe-color-rules': { nameParameter: 'none', choices: ['monitored-parameter', 'direction', 'sensitivity-level'] } },
  },
  'sbc cac-profile': {
    nameParameter: 'name', limits: { name: name40 },
    children: { 'cac-rule': { nameParameter: 'none', numbers: ['limit', 'limit-per-user', 'rate', 'max-burst'], choices: ['request-type', 'request-direction'] } },
  },
  'sbc classification': {
    nameParameter: 'classification-name', limits: { 'classification-name': name40 },
    defaults: {
      'src-user-name-pattern': '*', 'src-host': '*', 'dst-user-name-pattern': '*', 'dst-host': '*', 'src-host-pattern': '*', 'dst-host-pattern': '*',
      'action-type': 'allow', ...srd,
    },
    choices: ['action-type'],
  },
  'sbc dial-plan': {
    nameParameter: 'name', limits: { name: name40 },
    children: {
      'dial-plan-rule': { nameParameter: 'name', limits: { name: { characters: 15 }, prefix: { characters: 50 } } },
    },
  },
  'sbc malicious-signature-database': { nameParameter: 'name', limits: { name: name40 } },
  'sbc manipulation ip-inbound-manipulation': { nameParameter: 'manipulation-name', limits: { 'manipulation-name': { characters: 20 } } },
  'sbc manipulation ip-outbound-manipulation': { nameParameter: 'manipulation-name', limits: { 'manipulation-name': { characters: 20 } } },
  'sbc routing alt-route-reasons-set': {
    nameParameter: 'name', limits: { name: name40 }, children: { 'alt-route-reasons-rules': { nameParameter: 'none' } },
  },
  'sbc routing condition-table': { nameParameter: 'name', limits: { name: name40, condition: { characters: 200 } } },
  'sbc routing ip-group-set': {
    nameParameter: 'name', limits: { 'name': name40, tags, 'ip-group-set-member': { rows: 5 } }, choices: ['policy'],
    children: { 'ip-group-set-member': { nameParameter: 'none' } },
  },
  'sbc routing ip2ip-routing': {
    nameParameter: 'route-name', limits: { 'route-name': name40 },
    defaults: {
      'trigger': 'any', 'group-policy': 'none', 'routing-tag-name': 'default', 'alt-route-options': 'route-row', 'request-type': 'all', 'dst-type': 'ip-group',
    },
    choices: ['trigger', 'group-policy', 'alt-route-options', 'request-type', 'dst-type'],
  },
  'sbc routing sbc-alt-routing-reasons': { nameParameter: 'none' },
  'sbc routing sbc-routing-policy': { nameParameter: 'name', limits: { name: name40 } },
  'network:interface network-if': {
    nameParameter: 'name', limits: { name: name40 },
  },
  'network:tls': { nameParameter: 'name', limits: { name: name40 } },
};

// Words other releases, and this product until now, use for the same table.
const otherNames: Readonly<Record<string, string>> = {
  'ip-profile': 'coders-and-profiles ip-profile',
  'voip-network proxy-set': 'proxy-set',
  'voip-network ip-group': 'ip-group',
  'voip-network sip-interface': 'sip-interface',
  'voip-network realm': 'realm',
  'voip-network srd': 'srd',
};

const unknownTable: DeviceTable = {};
const byPath = new Map<string, DeviceTable>();
const addTables = (path: string, table: DeviceTable): void => {
  byPath.set(path, table);
  for (const [word, child] of Object.entries(table.children ?? {})) addTables(`${path} ${word}`, child);
};
for (const [path, table] of Object.entries(known)) addTables(path, table);

/** The full names of the tables that are known, without those inside their rows. What is not in `configure voip` has its section before it. */
export const knownTables: readonly string[] = Object.keys(known);

const parentsByChild = new Map<string, string[]>();
for (const [path, { children = {} }] of Object.entries(known)) {
  const names = [path, ...Object.keys(otherNames).filter((other) => otherNames[other] === path)];
  for (const word of Object.keys(children)) {
    const besides = new Set([word, ...names.map((name) => `${name.slice(0, -lastWord(name).length)}${word}`)]);
    for (const beside of besides) parentsByChild.set(beside, [...parentsByChild.get(beside) ?? [], path]);
  }
}

/** The names tables may be entered by, the known ones first. */
export const tablePaths: ReadonlySet<string> = new Set([...knownTables, ...Object.keys(otherNames)]);

/** Beginnings of the names of tables: lines of their own where a table is entered by its parts. */
export const menus: ReadonlySet<string> = new Set([...tablePaths].flatMap((path) => path.split(' ').slice(0, -1).map((_word, index, words) => words.slice(0, index + 1).join(' '))));

/** Words that open a row inside a row, of any table. */
export const childWords: ReadonlySet<string> = new Set(Object.values(known).flatMap(({ children = {} }) => Object.keys(children)));

/** Parameters whose value is the rest of the line. */
export const freeTexts: ReadonlySet<string> = new Set(['action-subject', 'action-value', 'condition', 'pattern', 'request-key']);

/** Whether this is the full name of a table, by whatever name. */
export function isKnownTable(path: string): boolean {
  return tablePaths.has(path);
}

/** One name for each table. */
export function tableName(path: string): string {
  return Object.hasOwn(otherNames, path) ? otherNames[path] ?? path : path;
}

/** What is known of a table, also of one inside rows (`proxy-set proxy-ip`). */
export function deviceTable(path: string): DeviceTable {
  return byPath.get(tableName(path)) ?? unknownTable;
}

/** The tables whose rows hold rows of this kind, for a print that has them beside each other: `proxy-ip 21/32`, `sbc dial-plan-rule 0/3`. */
export function parentTables(beside: string): readonly string[] {
  return parentsByChild.get(beside) ?? [];
}

/** All that is known to be a parameter of a table. */
export function knownParameters(path: string): ReadonlySet<string> {
  return parametersByPath.get(tableName(path)) ?? noParameters;
}

const noParameters: ReadonlySet<string> = new Set();
const parametersByPath = new Map([...byPath.keys(), ...moreParameters.keys()].map((path) => [path, parametersOf(path)]));

function parametersOf(path: string): ReadonlySet<string> {
  const { children = {}, choices = [], defaults = {}, limits = {}, nameParameter, numbers = [], secrets = [] } = deviceTable(path);
  const limited = Object.keys(limits).filter((name) => !Object.hasOwn(children, name));
  const names = [...moreParameters.get(path) ?? [], ...secrets, ...numbers, ...choices, ...Object.keys(defaults), ...limited];
  return new Set([...names, ...nameParameter !== undefined && nameParameter !== 'none' ? [nameParameter] : []]);
}

/**
 * The known parameters that a word, which is none of them, begins. One that ends inside a word of theirs is short for them; one that ends at a hyphen may
 * be a parameter that is not known.
 */
export function parametersBegunBy(path: string, word: string): { readonly isShort: boolean; readonly names: readonly string[] } {
  const known = knownParameters(path);
  const names = known.has(word) || word === '' ? [] : [...known].filter((name) => name.startsWith(word.toLowerCase()));
  return { isShort: names.length > 0 && names.every((name) => name[word.length] !== '-'), names };
}

// The end of a parameter's name that says which table it points at.
const referenceEnds: readonly (readonly [string, string])[] = [
  ['ip-group-set-name', 'sbc routing ip-group-set'], ['ipgroupset-name', 'sbc routing ip-group-set'], ['ip-group-name', ipGroupTable],
  ['proxy-set-name', 'proxy-set'], ['srd-name', 'srd'], ['media-realm-name', 'realm'], ['realm-name', 'realm'],
  ['ip-profile-name', 'coders-and-profiles ip-profile'], ['ip-profile', 'coders-and-profiles ip-profile'],
  ['sip-interface-name', 'sip-interface'], ['sip-int-name', 'sip-interface'],
  ['tls-context-name', 'network:tls'], ['tls-context', 'network:tls'], ['dtls-context', 'network:tls'], ['network-interface', 'network:interface network-if'], ['ipv4if', 'network:interface network-if'],
  ['video-coders-group-name', 'coders-and-profiles allowed-video-coders-groups'],
  ['allowed-audio-coders-group-name', 'coders-and-profiles allowed-audio-coders-groups'], ['ext-coders-group-name', 'coders-and-profiles audio-coders-groups'],
  ['message-condition-name', 'sbc routing condition-table'], ['routing-policy-name', 'sbc routing sbc-routing-policy'], ['routing-policy', 'sbc routing sbc-routing-policy'],
  ['cac-profile', 'sbc cac-profile'], ['cac-profile-name', 'sbc cac-profile'], ['dial-plan-name', 'sbc dial-plan'],
  ['bandwidth-profile', 'qoe bw-profile'], ['bw-profile', 'qoe bw-profile'], ['bw-profile-name', 'qoe bw-profile'], ['qoe-profile', 'qoe qoe-profile'],
  ['qoe-profile-name', 'qoe qoe-profile'],
  ['alt-route-reasons-name', 'sbc routing alt-route-reasons-set'], ['alt-route-reasons-set', 'sbc routing alt-route-reasons-set'], ['alt-route-reasons-set-name', 'sbc routing alt-route-reasons-set'],
  ['message-policy-name', 'message message-policy'], ['call-setup-rules-set-name', 'message call-setup-rules'],
];

/**
 * The table a parameter points at by a row's name: `undefined` for one that points nowhere, the kind (`'*group'`) where only its form says that it
 * points at all.
 * A row's own name is no reference, whatever its form.
 */
export function referenceOf(table: string, parameter: string): string | undefined {
  if (deviceTable(table).nameParameter === parameter) return undefined;
  const end = referenceEnds.find(([suffix]) => parameter === suffix || parameter.endsWith(`-${suffix}`));
  if (end) return end[1];
  const kind = /-(profile|group|set|policy|context|realm|interface)-name$/.exec(parameter)?.[1];
  return kind === undefined ? undefined : `*${kind}`;
}

// Of the network section: tables of a kind that their own words do not say.
const networkTables: Readonly<Record<string, string>> = { interface: 'network:interface network-if', context: 'network:tls' };

/** Whether a parameter points at rows of a table, as far as names tell. */
export function pointsAt(table: string, parameter: string, target: string): boolean {
  const found = referenceOf(table, parameter);
  if (found?.startsWith('*') === true) return isOfKind(target, found.slice(1));
  if (found !== undefined) return found === target;
  if (parameter === deviceTable(table).nameParameter) return false;
  const kind = nameParameters(table).includes(parameter) ? undefined : /^(context|interface)-name$/.exec(parameter)?.[1];
  return parameter === `${lastWord(target)}-name` || (kind !== undefined && isOfKind(target, kind));
}

/** Which table of a kind is meant is not known: each may be. */
function isOfKind(table: string, kind: string): boolean {
  return lastWord(table).includes(kind) || /* safeguard: network-users */ networkTables[kind] === table;
}

/**
 * The parameters that may hold a row's own name, the likeliest first. In a table that is not known a name like that of a known one is a reference.
 */
export function nameParameters(table: string): readonly string[] {
  const { nameParameter } = deviceTable(table);
  if (nameParameter === 'none') return [];
  if (nameParameter !== undefined) return [nameParameter];
  const own = `${lastWord(table)}-name`;
  return ['name', ...referenceEnds.some(([suffix]) => suffix === own) ? [] : [own]];
}

/** The word that stands before the index or the name of a row. */
export function lastWord(path: string): string {
  return path.slice(Math.max(path.lastIndexOf(' '), path.lastIndexOf(':')) + 1);
}

/** The table in whose rows those of this one stand: all of its words but the last. */
export function tableAround(table: string): string {
  return table.slice(0, -lastWord(table).length - 1);
}

/** The section of a table that is not in `configure voip`. */
export function sectionOf(table: string): string | undefined {
  const end = table.indexOf(':');
  return end < 0 ? undefined : table.slice(0, end);
}

/** Whether rows of a table hold rows that this word opens. */
export function hasChild(table: string, word: string): boolean {
  return Object.hasOwn(deviceTable(table).children ?? {}, word);
}
