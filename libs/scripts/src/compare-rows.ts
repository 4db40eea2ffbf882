import type { Configuration, PrintedRow } from './configuration.js';
import { deviceTable, ipGroupTable, nameParameters } from './device-tables.js';
import type { RowRef, ScriptRow } from './rows-of-script.js';

/** What a device has of the rows a script sets. The rows wanted are either counted in `ours` or listed in one of the others. */
export interface SeenRows {
  /** Rows that are there, ours, and equal in every parameter the script sets. */
  readonly ours: number;
  readonly wanted: number;
  readonly missing: readonly RowRef[];
  /** Rows that are there and ours, but not as the script sets them. */
  readonly differing: readonly RowRef[];
  /** The first row that has our name and not our mark; it must not be touched. */
  readonly foreign?: RowRef;
}

export interface CompareOptions {
  /**
   * True only when a reading before our own first write showed these names absent: a row without any mark, left by a script that
   * stopped half way, then counts as ours. An IP group without our mark never does.
   */
  readonly unmarkedAreOurs?: boolean;
}

/** Compares the rows of a rendered script with what the device printed. `ownerTag` is the whole tag, `Owner=<customerGuid>`. */
export function compareRows(wanted: readonly ScriptRow[], configuration: Configuration, ownerTag: string, options?: CompareOptions): SeenRows {
  const comparison = { wanted, configuration, tag: ownerTag, unmarkedAreOurs: options?.unmarkedAreOurs ?? false };
  const missing: RowRef[] = [];
  const differing: RowRef[] = [];
  let ours = 0;
  let foreign: RowRef | undefined;
  for (const row of wanted) {
    const ref = { table: row.table, name: row.name };
    const found = configuration.find(row.table, row.name);
    const [printed] = found;
    if (!printed) missing.push(ref);
    else if (!found.every((each) => isOurs(row, each, comparison))) foreign ??= ref;
    else if (found.length === 1 && isEqual(row, printed)) ours += 1;
    else differing.push(ref);
  }
  return { ours, wanted: wanted.length, missing, differing, ...foreign && { foreign } };
}

/** Those of the rows that the device has, whoever owns them: after a cleanup there should be none. */
export function presentRows(rows: readonly RowRef[], configuration: Configuration): RowRef[] {
  return rows.filter((row) => configuration.find(row.table, row.name).length > 0).map(({ table, name }) => ({ table, name }));
}

/** Removals of a cleanup that reach beyond the rows the onboarding sets; none of those may be carried out. */
export function strayRemovals(removes: readonly RowRef[], rows: readonly RowRef[]): RowRef[] {
  return removes.filter((removal) => !rows.some((row) => row.table === removal.table && row.name === removal.name));
}

interface Comparison {
  readonly wanted: readonly ScriptRow[];
  readonly configuration: Configuration;
  readonly tag: string;
  readonly unmarkedAreOurs: boolean;
}

function isOurs(row: ScriptRow, printed: PrintedRow, { wanted, configuration, tag, unmarkedAreOurs }: Comparison): boolean {
  const mark = markOf(printed, tag);
  if (mark !== 'none') return mark === 'ours';
  if (row.table === ipGroupTable) return false;

  const groups = wanted.filter((other) => other.table === ipGroupTable);
  const pointers = Object.entries(row.parameters)
    .filter(([parameter, value]) => parameter.endsWith('ip-group-name') && groups.some((group) => group.name === value));
  if (pointers.length > 0) {
    return pointers.every(([parameter, value]) => {
      const pointedAt = configuration.find(ipGroupTable, value);
      if (printed.parameters.get(parameter) !== value) return false;
      // A route that points at nothing says nothing of its owner.
      return pointedAt.length > 0 ? pointedAt.every((group) => markOf(group, tag) === 'ours') : unmarkedAreOurs;
    });
  }

  const reference = `${row.table.split(' ').at(-1) ?? row.table}-name`;
  const users = configuration.rows(ipGroupTable).filter((group) => group.parameters.get(reference) === row.name);
  if (users.length > 0) return users.every((group) => markOf(group, tag) === 'ours');
  return unmarkedAreOurs;
}

function markOf(printed: PrintedRow, tag: string): 'ours' | 'other' | 'none' {
  const owners = tagsOf(printed.parameters.get('tags') ?? '').filter((each) => /^owner\s*=/i.test(each));
  if (owners.length === 0) return 'none';
  return owners.every((owner) => owner.toLowerCase() === tag.toLowerCase()) ? 'ours' : 'other';
}

function isEqual(row: ScriptRow, printed: PrintedRow): boolean {
  return hasParameters(row.parameters, printed.parameters, row.table, nameParameters(row.table)) && hasChildren(row, printed);
}

function hasParameters(wanted: ScriptRow['parameters'], printed: PrintedRow['parameters'], table: string, apart: readonly string[]): boolean {
  const defaults = deviceTable(table).defaults ?? {};
  return Object.entries(wanted).every(([parameter, value]) => {
    // The name decided which row this is; a device may print it under another word or as the selector.
    if (apart.includes(parameter)) return true;
    const found = printed.get(parameter) ?? (Object.hasOwn(defaults, parameter) ? defaults[parameter] : undefined);
    if (found === undefined) return false;
    return parameter === 'tags' ? tagsOf(found).sort().join(';') === tagsOf(value).sort().join(';') : found === value;
  });
}

function hasChildren(row: ScriptRow, printed: PrintedRow): boolean {
  const free = [...printed.children];
  return row.children.every((child) => {
    const at = free.findIndex((other) => other.table === child.table && hasParameters(child.parameters, other.parameters, child.table, []));
    if (at >= 0) free.splice(at, 1);
    return at >= 0;
  });
}

function tagsOf(value: string): string[] {
  return value.split(';').map((tag) => tag.trim()).filter((tag) => tag !== '');
}
