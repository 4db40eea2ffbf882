/** What is known of a table of the device's CLI; all of it is data an operator's template may rely on. */
export interface DeviceTable {
  /** The parameter that holds a row's name. */
  readonly nameParameter: string;
  /** Tables that stand inside a row. */
  readonly children?: readonly string[];
  /** What a row has that was never given the parameter; a print may leave it out. */
  readonly defaults?: Readonly<Record<string, string>>;
}

const known: Readonly<Record<string, DeviceTable>> = {
  'ip-group': { nameParameter: 'name', defaults: { type: 'server' } },
  'proxy-set': { nameParameter: 'proxy-name', children: ['proxy-address', 'proxy-ip'] },
  'ip-profile': { nameParameter: 'profile-name' },
  'sip-definition account': { nameParameter: 'account-name' },
  'sip-interface': { nameParameter: 'interface-name' },
  'sbc routing ip2ip-routing': { nameParameter: 'route-name' },
  'sbc routing condition-table': { nameParameter: 'name' },
  'sbc classification': { nameParameter: 'classification-name' },
  'sbc cac-profile': { nameParameter: 'name' },
  'sbc dial-plan': { nameParameter: 'name', children: ['dial-plan-rule'] },
};

/** The table customers are marked in. */
export const ipGroupTable = 'ip-group';

/** Parameters a device never prints as they were set. */
export const writeOnlyParameters: ReadonlySet<string> = new Set(['password']);

/** The full names of the tables that are known without being told. */
export const knownTables: readonly string[] = Object.keys(known);

/** What is known of a table; of an unknown one, only that it has rows. */
export function deviceTable(table: string): DeviceTable {
  return Object.hasOwn(known, table) ? known[table] ?? { nameParameter: 'name' } : { nameParameter: 'name' };
}

/** The parameters that may hold a row's name, the likeliest first: devices differ here by release. */
export function nameParameters(table: string): readonly string[] {
  const lastWord = table.split(' ').at(-1) ?? table;
  return [deviceTable(table).nameParameter, 'name', `${lastWord}-name`].filter((name, index, all) => all.indexOf(name) === index);
}
