import type { Row, Tables } from './facts.js';

/** A row that a customer has on his SBC by his onboarding script. */
export interface SiteRow {
  readonly table: string;
  readonly name: string;
  readonly nameParameter: string;
  /** Rows that it holds, by their word. */
  readonly inside: Readonly<Record<string, number>>;
  /** What it points at. */
  readonly points: Readonly<Record<string, string>>;
  /** The row of all customers in which it stands; the table is then the word inside that one's. */
  readonly parent?: { readonly table: string; readonly name: string };
}

type MakeRow = (shortName: string) => SiteRow;

const row = (table: string, nameParameter = 'name', suffix = '', inside: SiteRow['inside'] = {}, points: SiteRow['points'] = {}): MakeRow => (shortName) => ({
  table, name: `${shortName}${suffix}`, nameParameter, inside, points: Object.fromEntries(Object.entries(points).map(([parameter, end]) => [parameter, `${shortName}${end}`])),
});
const ipGroup = (suffix = '', points: SiteRow['points'] = {}): MakeRow => row('ip-group', 'name', suffix, {}, points);
const route = (suffix: string, points: SiteRow['points'] = {}): MakeRow => row('sbc routing ip2ip-routing', 'route-name', suffix, {}, points);
const proxySet = (suffix = '', addresses = 1): MakeRow => row('proxy-set', 'proxy-name', suffix, { 'proxy-ip': addresses });
const ipProfile = row('coders-and-profiles ip-profile', 'profile-name');
const manipulation = (suffix: string): MakeRow => row('message message-manipulations', 'manipulation-name', suffix);
const toOwn = { 'dst-ip-group-name': '' };
const fromOwn = { 'src-ip-group-name': '' };

/** What each onboarding script makes: written down by hand, so that what reads the scripts is not what judges. */
const byScript: Readonly<Record<number, readonly MakeRow[]>> = {
  7: [ipGroup(), route('-in', toOwn)],
  21: [ipProfile, proxySet('', 2), ipGroup('', { 'proxy-set-name': '', 'ip-profile-name': '' }), route('-in', toOwn), route('-out', fromOwn)],
  22: [proxySet('-carrier'), ipGroup('', { 'proxy-set-name': '-carrier' }), route('-in', toOwn), route('-out', fromOwn)],
  23: [
    proxySet('-pbx'), ipGroup('', { 'proxy-set-name': '-pbx' }), row('sip-definition account', 'account-name', '-reg', {}, { 'serving-ip-group-name': '' }),
    route('-in', toOwn), route('-out', fromOwn),
  ],
  24: [(shortName) => ({ ...row('dial-plan-rule')(shortName), parent: { table: 'sbc dial-plan', name: 'Tenants' } })],
  25: [
    manipulation('-from'), manipulation('-pai'), manipulation('-urg'), ipGroup(), row('sbc manipulation ip-inbound-manipulation', 'manipulation-name', '-e164', {}, fromOwn),
    row('sbc manipulation ip-outbound-manipulation', 'manipulation-name', '-loc', {}, toOwn), route('-in', toOwn),
  ],
  26: [
    row('coders-and-profiles audio-coders-groups', 'coders-group-name', '', { 'audio-coders': 2 }),
    row('coders-and-profiles allowed-audio-coders-groups', 'coders-group-name', '', { 'allowed-audio-coders': 2 }), ipProfile, ipGroup('', { 'ip-profile-name': '' }),
    route('-in', toOwn),
  ],
  27: [
    row('sbc routing condition-table'), ipGroup(), row('sbc classification', 'classification-name', '', {}, { 'message-condition-name': '', 'src-ip-group-name': '' }),
    route('-out', fromOwn),
  ],
  28: [
    row('sbc routing alt-route-reasons-set', 'name', '', { 'alt-route-reasons-rules': 3 }), proxySet(), proxySet('-bk'), ipGroup('', { 'proxy-set-name': '' }),
    ipGroup('-bk', { 'proxy-set-name': '-bk' }), row('sbc routing ip-group-set', 'name', '', { 'ip-group-set-member': 2 }), route('-in', { 'ipgroupset-name': '' }),
    route('-alt', { 'dst-ip-group-name': '-bk' }), route('-refer', { 're-route-ip-group-name': '' }),
  ],
  29: [
    row('realm'), row('sip-interface', 'interface-name', '', {}, { 'media-realm-name': '' }), proxySet(), ipGroup('', { 'proxy-set-name': '', 'media-realm-name': '' }),
    route('-in', toOwn),
  ],
  30: [
    proxySet(), proxySet('-pbx'), ipGroup('', { 'proxy-set-name': '' }), ipGroup('-pbx', { 'proxy-set-name': '-pbx' }), route('-in', { 'dst-ip-group-name': '-pbx' }),
    route('-pstn', toOwn), route('-pbx', { 'src-ip-group-name': '-pbx' }), route('-out', fromOwn),
  ],
  31: [row('sbc cac-profile', 'name', '', { 'cac-rule': 3 }), ipGroup('', { 'cac-profile': '' }), route('-in', toOwn)],
  32: [
    ipProfile, proxySet('', 2), manipulation('-ua'), row('message call-setup-rules', 'rules-set-name'), ipGroup('', { 'proxy-set-name': '', 'ip-profile-name': '' }),
    route('-in', toOwn),
  ],
};

export function siteRows({ script, shortName }: { readonly script: number; readonly shortName: string }): readonly SiteRow[] {
  const rows = byScript[script];
  if (!rows) throw new Error(`nobody has written down what script ${script} makes`);
  return rows.map((make) => make(shortName));
}

/** Rows of a device with this name where it stands. */
export function rowsCalled({ name, nameParameter, parent, table }: SiteRow, tables: Tables): readonly Row[] {
  const rows = parent ? (tables[parent.table] ?? []).filter((each) => each['name'] === parent.name).flatMap((each) => childrenOf(each)[table] ?? []) : tables[table] ?? [];
  return rows.filter((each) => each[nameParameter] === name);
}

/** The rows inside a row, by their word. */
export function childrenOf({ children }: Row): Readonly<Record<string, readonly Row[]>> {
  return (children ?? {}) as Readonly<Record<string, readonly Row[]>>; // what the peers' own account has there
}

/** Whose an IP Group is, by either way to spell the mark. */
export function ownerOf({ tags }: Row): string | undefined {
  if (typeof tags !== 'string') return undefined;
  const short = /(?:^|;)Own=([\w-]{22})(?:;|$)/.exec(tags)?.[1];
  if (short === undefined) return /(?:^|;)Owner=([0-9a-f-]{36})/i.exec(tags)?.[1]?.toLowerCase();
  return Buffer.from(short, 'base64url').toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
