import { isDeepStrictEqual } from 'node:util';

import type { DeviceState, Facts, ForeignRow, PeerState, Row, Tables } from './facts.js';
import type { Customer } from './ledger.js';
import { childrenOf, ownerOf, rowsCalled, type SiteRow, siteRows } from './site-rows.js';
import type { Violation } from './verdict.js';

const ipGroups = 'ip-group';
const resources = ['lcCustomers', 'services', 'sites', 'links'] as const;

/** What stands on the peers against what the logs promise: one of each, or nothing, and nobody else touched. */
export function checkPeers({ after, before, foreign: planted }: Pick<Facts, 'before' | 'after' | 'foreign'>, customers: readonly Customer[]): Violation[] {
  const others = withoutOwnInShared(after, customers);
  return [
    ...customers.flatMap((customer) => checkCustomer(after, customer)), ...strays(before, others, customers, planted), ...foreign(before, others),
    ...plantedLater(after, planted),
  ];
}

function checkCustomer(after: PeerState, customer: Customer): Violation[] {
  if (customer.fate === 'open') return [];
  const counts = after.devices.flatMap((device) => (['running', 'saved'] as const).flatMap((kind) => {
    const isWanted = isHere(device, customer);
    const rows = siteRows(customer);
    const groups = rows.filter(({ table }) => table === ipGroups).length;
    return [
      { what: `IP Groups on SBC ${device.sbcId} (${kind})`, wanted: isWanted ? groups : 0, found: groupsOf(device[kind], customer.guid).length },
      // The name of a customer that is gone may be somebody else's by now.
      ...(isWanted || !isNameTaken(device, customer) ? rows.filter(({ table }) => table !== ipGroups) : []).map((row) => (
        { what: `${row.table} ${row.name} on SBC ${device.sbcId} (${kind})`, wanted: isWanted ? 1 : 0, found: rowsCalled(row, device[kind]).length }
      )),
    ];
  }));
  const objects = resources.map((resource) => (
    { what: `${resource} of OVOC`, wanted: customer.fate === 'lives' ? 1 : 0, found: (after.ovoc[resource] ?? []).filter((row) => isMarked(row, customer.guid)).length }
  ));
  return [...counts, ...objects].filter(({ found, wanted }) => found !== wanted).map(({ found, wanted, what }) => ({
    offence: found > wanted ? (wanted === 0 ? 'left behind' : 'duplicated') : 'lost',
    rule: wanted > 0 ? 'a deployed customer has exactly one of each' : 'a customer that failed or was removed has nothing',
    evidence: `${customer.shortName} (${customer.guid}): ${found} instead of ${wanted}: ${what}`,
  }));
}

const isHere = (device: DeviceState, { fate, sbcId }: Customer): boolean => fate === 'lives' && device.sbcId === sbcId;

function isNameTaken({ running }: DeviceState, { guid, shortName }: Customer): boolean {
  return (running[ipGroups] ?? []).some((row) => row['name'] === shortName && ownerOf(row) !== guid);
}

/** Rows and objects, of whatever table, that were not there at the beginning, that nobody planted since, and that belong to no customer. */
function strays(before: PeerState, after: PeerState, customers: readonly Customer[], planted: Facts['foreign']): Violation[] {
  const known = new Set(customers.map(({ guid }) => guid));
  const byName = new Map<string, { readonly customer: Customer; readonly row: SiteRow }[]>();
  for (const customer of customers) {
    for (const row of siteRows(customer)) if (!row.parent) byName.set(`${row.table} ${row.name}`, [...byName.get(`${row.table} ${row.name}`) ?? [], { customer, row }]);
  }
  const namesOf = (row: Row): string[] => Object.values(row).filter((value) => typeof value === 'string');
  // Those that belong to a customer who is gone are counted as his.
  const isSomebodys = (device: DeviceState, table: string, row: Row): boolean => (table === ipGroups
    ? known.has(ownerOf(row) ?? '')
    : namesOf(row).some((name) => (byName.get(`${table} ${name}`) ?? []).some(({ customer, row: { nameParameter } }) => (
        row[nameParameter] === name && (customer.fate === 'open' || isHere(device, customer) || !isNameTaken(device, customer))))));
  const rows = after.devices.flatMap((device) => (['running', 'saved'] as const).flatMap((kind) => {
    const old = before.devices.find(({ sbcId }) => sbcId === device.sbcId)?.[kind];
    const isPlanted = (table: string, row: Row) => planted.some((foreign) => foreign.table === table && isSame(foreign, device.sbcId, row));
    return Object.entries(device[kind]).flatMap(([table, found]) => (
      found.filter((row) => !isSomebodys(device, table, row) && !isOld(old, table, row) && !isPlanted(table, row))
        .map((row) => `SBC ${device.sbcId} (${kind}) ${table}: ${JSON.stringify(row)}`)
    ));
  }));
  const isMarkedAsOurs = (resource: string, { description }: Row) => resources.some((own) => own === resource) && typeof description === 'string' && known.has(description);
  const objects = Object.entries(after.ovoc).flatMap(([resource, found]) => (
    found.filter((row) => !isMarkedAsOurs(resource, row) && !isOld(before.ovoc, resource, row)).map((row) => `OVOC ${resource}: ${JSON.stringify(row)}`)
  ));
  return [...rows, ...objects].map((evidence) => ({ offence: 'left behind', rule: 'nothing stands outside without a deployment', evidence }));
}

/** Without the rows that customers have inside those of all: they are counted for each of them. */
function withoutOwnInShared(after: PeerState, customers: readonly Customer[]): PeerState {
  const own = customers.flatMap(siteRows).filter(({ parent }) => parent !== undefined);
  const shared = new Map<string, Set<string>>();
  for (const { name, parent, table } of own) {
    const key = `${parent?.table ?? ''} ${parent?.name ?? ''} ${table}`;
    shared.set(key, (shared.get(key) ?? new Set()).add(name));
  }
  const stripped = (tables: Tables): Tables => Object.fromEntries(Object.entries(tables).map(([table, rows]) => [table, rows.map((row) => {
    const children = Object.entries(childrenOf(row)).map(([word, inside]) => (
      [word, inside.filter(({ name }) => shared.get(`${table} ${String(row['name'])} ${word}`)?.has(String(name)) !== true)] as const));
    return children.length === 0 ? row : { ...row, children: Object.fromEntries(children) };
  })]));
  return { ...after, devices: after.devices.map((device) => ({ ...device, running: stripped(device.running), saved: stripped(device.saved) })) };
}

/** What stood there before the first request stands there unchanged. */
function foreign(before: PeerState, after: PeerState): Violation[] {
  const changed = (place: string, was: Tables, is: Tables, key: 'index' | 'id') => Object.entries(was).flatMap(([table, rows]) => rows.flatMap((row) => {
    const now = (is[table] ?? []).find((other) => other[key] === row[key]);
    return isDeepStrictEqual(ownFields(row), now && ownFields(now)) ? [] : [`${place} ${table}: ${JSON.stringify(row)} became ${JSON.stringify(now)}`];
  }));
  const found = [
    ...before.devices.flatMap(({ running, saved, sbcId }) => {
      const device = after.devices.find((other) => other.sbcId === sbcId);
      return [...changed(`SBC ${sbcId} (running)`, running, device?.running ?? {}, 'index'), ...changed(`SBC ${sbcId} (saved)`, saved, device?.saved ?? {}, 'index')];
    }),
    ...changed('OVOC', before.ovoc, after.ovoc, 'id'),
  ];
  return found.map((evidence) => ({ offence: 'unexpected', rule: 'what belongs to somebody else is unchanged', evidence }));
}

/** A restart may have given it another place in its table. */
const isSame = ({ row, sbcId }: ForeignRow, onSbc: number, other: Row): boolean => (
  sbcId === onSbc && isDeepStrictEqual({ ...row, index: 0 }, { ...other, index: 0 })
);

function plantedLater(after: PeerState, planted: Facts['foreign']): Violation[] {
  return planted.flatMap((foreign) => (['running', 'saved'] as const).flatMap((kind): Violation[] => {
    const rows = after.devices.find(({ sbcId }) => sbcId === foreign.sbcId)?.[kind][foreign.table] ?? [];
    if (rows.filter((row) => isSame(foreign, foreign.sbcId, row)).length === 1) return [];
    const evidence = `SBC ${foreign.sbcId} (${kind}) ${foreign.table}: ${JSON.stringify(foreign.row)} is not there once`;
    return [{ offence: 'unexpected', rule: 'what belongs to somebody else is unchanged', evidence }];
  }));
}

const groupsWithOwner = (tables: Tables): readonly Row[] => (tables[ipGroups] ?? []).filter((row) => ownerOf(row) !== undefined);
const groupsOf = (tables: Tables, guid: string): readonly Row[] => groupsWithOwner(tables).filter((row) => ownerOf(row) === guid);
const isMarked = ({ description }: Row, guid: string): boolean => description === guid;
const isOld = (tables: Tables | undefined, table: string, row: Row): boolean => (
  (tables?.[table] ?? []).some((old) => isDeepStrictEqual(ownFields(old), ownFields(row)))
);

/** What the peer derives from other objects (counts, lists of children) changes with them, and is not the object's own. */
function ownFields(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !/^attached|Count$|Number$|Status$/.test(name)));
}
