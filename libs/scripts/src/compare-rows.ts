import type { Configuration, PrintedRow, RowQuery, User } from './configuration.js';
import { deviceTable, ipGroupTable, lastWord, nameParameters, parametersBegunBy, referenceOf, tableAround } from './device-tables.js';
import { type Ownership, ownershipOf, tagsOf } from './owner-mark.js';
import { type ChildRow, type RowRef, rowKey, rowText, type RowValues, type ScriptRow } from './script-rows.js';

/** Why a row that is there is not as the script sets it. */
export interface RowDifference extends RowRef {
  /** The same for the same fault of the same row: `<row>: <parameter>`. */
  readonly key: string;
  /** For a person; values of the script stand in it. */
  readonly text: string;
  /** Whether the row is there and in effect, and only a value of it, or the word of its table, is another one. */
  readonly isValue: boolean;
}

/** What a device has of the rows a script sets. The rows wanted are either counted in `ours` or stand in one of the others. */
export interface SeenRows {
  /** Rows that are there, in effect, ours, and equal in every parameter the script sets. */
  readonly ours: number;
  readonly wanted: number;
  readonly missing: readonly RowRef[];
  /** Rows that are there and ours, but not as the script sets them. */
  readonly differing: readonly RowRef[];
  /** All that is different in them. */
  readonly differences: readonly RowDifference[];
  /** Parameters of which the device shows only that they are set: `<row>: <parameter>`. */
  readonly unverifiable: readonly string[];
  /** The first row that has our name and not our mark; it must not be touched. */
  readonly foreign?: ForeignRow;
  /** The first of the rows that belong to all which is switched off: what stands in it is not in effect, and it must not be touched. */
  readonly switchedOff?: RowRef;
}

export interface ForeignRow extends RowRef {
  /** How many rows have the name; absent where nothing is known but that it is somebody else's. */
  readonly times?: number;
}

export interface CompareOptions {
  /**
   * True only when a reading before our own first write showed these names absent: a row without any mark, left by a script that
   * stopped half way, then counts as ours. An IP group without our mark never does.
   */
  readonly unmarkedAreOurs?: boolean;
  /** What this device has that was not given a parameter, by table. */
  readonly defaults?: DeviceDefaults;
}

/** Values by table, then by parameter. */
export type DeviceDefaults = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Compares the rows of a rendered script with what the device printed. */
export function compareRows(wanted: readonly ScriptRow[], configuration: Configuration, customerGuid: string, options: CompareOptions = {}): SeenRows {
  const keys = new Set(wanted.map(rowKey));
  const all = wanted.map((row) => ({ row, found: printedRows(row, keys, configuration) }));
  const comparison: Comparison = {
    wanted: new Set([...keys, ...all.flatMap(({ found, row: { name } }) => found.map(({ table }) => rowKey({ table, name })))]), configuration, customerGuid,
    groups: new Set(wanted.filter(({ table }) => table === ipGroupTable).map(({ name }) => name)),
    unmarkedAreOurs: options.unmarkedAreOurs ?? false, defaults: options.defaults ?? {},
  };
  const missing: RowRef[] = [];
  const differing: RowRef[] = [];
  const differences: RowDifference[] = [];
  const unverifiable: string[] = [];
  let ours = 0;
  let foreign: ForeignRow | undefined;
  let switchedOff: RowRef | undefined;
  for (const { found, row } of all) {
    const ref = refOf(row);
    const [printed] = found;
    if (row.parent !== undefined && /* safeguard: shared-row-in-effect */ configuration.around(row).some(({ isActive }) => !isActive)) {
      switchedOff ??= { table: tableAround(row.table), name: row.parent };
    }
    if (!printed) {
      missing.push(ref);
    } else if (!found.every((each) => isOurs(row, each, comparison))) {
      foreign ??= { ...ref, table: printed.table };
    } else if (/* safeguard: strange-twin */ found.length > 1 && found.some((each) => isStrange(row, each, comparison))) {
      foreign ??= { ...ref, table: printed.table, times: found.length };
    } else {
      const faults = found.length > 1 ? [{ ...ref, key: rowText(row), text: `${rowText(row)} is there ${found.length} times`, isValue: false }] : differencesOf(row, printed, comparison, unverifiable);
      differences.push(...faults);
      if (faults.length === 0) ours += 1;
      else differing.push(ref);
    }
  }
  return { ours, wanted: wanted.length, missing, differing, differences, unverifiable, ...foreign && { foreign }, ...switchedOff && { switchedOff } };
}

/** Those of the rows that the device has, as it prints them, whoever owns them: after a cleanup there should be none. */
export function presentRows(rows: readonly RowQuery[], configuration: Configuration): RowRef[] {
  const wanted = new Set(rows.map(rowKey));
  return rows.flatMap((row) => printedRows(row, wanted, configuration).slice(0, 1).map(({ table }) => refOf({ ...row, table })));
}

/**
 * What a device has of a row. For a table that is not known a script may have a shorter or an older word than the device prints: in place of a row that is not
 * there stands what has its name in another such table, and is no other row of the script.
 * @param wanted the keys of all rows of the script
 */
export function printedRows(row: RowQuery, wanted: ReadonlySet<string>, configuration: Configuration): readonly PrintedRow[] {
  const found = configuration.find(row);
  if (found.length > 0 || row.parent !== undefined || deviceTable(row.table).nameParameter !== undefined) return found;
  return /* safeguard: other-word-of-table */ configuration.inUnknownTables(row).filter(({ table }) => !wanted.has(rowKey({ table, name: row.name })));
}

interface Comparison {
  readonly wanted: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly configuration: Configuration;
  readonly customerGuid: string;
  readonly unmarkedAreOurs: boolean;
  readonly defaults: DeviceDefaults;
}

function isOurs(row: ScriptRow, printed: PrintedRow, comparison: Comparison): boolean {
  const { configuration, groups, unmarkedAreOurs, wanted } = comparison;
  // Nothing in a row inside another one says whose it is: only that it was not there before us.
  if (row.parent !== undefined) return unmarkedAreOurs;
  const mark = markOf(printed, comparison);
  if (mark !== 'none') return /* safeguard: owner-check */ mark === 'ours';
  if (row.table === ipGroupTable) return false;

  const users = configuration.usersOf({ table: printed.table, name: row.name });
  const isWanted = ({ of, row: user }: User) => namesIn(user).some((name) => wanted.has(rowKey({ table: user.table, name }))
    || (of !== user && namesIn(of).some((own) => wanted.has(rowKey({ table: of.table, name: own, parent: name })))));
  const isOurUser = (user: User) => (user.row.table === ipGroupTable ? markOf(user.row, comparison) === 'ours' : isWanted(user));
  // Shared with somebody: whoever made it, it may not be changed or removed for us.
  /* safeguard: row-users-check */
  if (!users.every(isOurUser)) return false;

  const pointers = Object.entries(row.parameters).filter(([parameter, value]) => groups.has(value) && referenceOf(row.table, parameter) === ipGroupTable);
  if (pointers.length > 0) {
    return pointers.every(([parameter, value]) => {
      if (printed.parameters.get(parameter) !== value) return false;
      // A row that points at nothing says nothing of its owner.
      const pointedAt = configuration.find({ table: ipGroupTable, name: value });
      return pointedAt.length > 0 ? pointedAt.every((group) => markOf(group, comparison) === 'ours') : unmarkedAreOurs;
    });
  }
  return users.some((user) => user.row.table === ipGroupTable) || unmarkedAreOurs;
}

/** Of several rows of one name without a mark, a late script has set the same values; what has others somebody may have added, switched on or not. */
function isStrange(row: ScriptRow, printed: PrintedRow, comparison: Comparison): boolean {
  return markOf(printed, comparison) !== 'ours' && differencesOf(row, { ...printed, isActive: true }, comparison, []).length > 0;
}

function markOf(printed: PrintedRow, { customerGuid }: Comparison): Ownership {
  return ownershipOf(printed.parameters.get('tags') ?? '', customerGuid);
}

function namesIn(row: PrintedRow): string[] {
  return [...nameParameters(row.table).map((parameter) => row.parameters.get(parameter)), row.name].filter((name) => name !== undefined);
}

function differencesOf(row: ScriptRow, printed: PrintedRow, comparison: Comparison, unverifiable: string[]): RowDifference[] {
  const ref = refOf(row);
  const text = rowText(row);
  if (/* safeguard: row-in-effect */ !printed.isActive) return [{ ...ref, key: text, text: `${text} is not in effect (no activate)`, isValue: false }];
  if (printed.table !== row.table) {
    const key = `${text} is printed as`;
    return [{ ...ref, key, text: `${key} ${rowText({ ...ref, table: printed.table })}: write the whole name of the table`, isValue: true }];
  }
  const fault = (parameter: string, rest: string, isValue: boolean): RowDifference => ({ ...ref, key: `${text}: ${parameter}`, text: `${text}: ${rest}`, isValue });
  return [
    ...valueFaults(row, row.table, printed, comparison, unverifiable.push.bind(unverifiable), text)
      .filter(({ parameter }) => parameter !== row.nameParameter)
      .map(({ parameter, rest }) => fault(parameter, rest, true)),
    ...childFaults(row.children, printed, comparison, unverifiable, text, ref),
  ];
}

interface ValueFault { readonly parameter: string; readonly rest: string }

function valueFaults(
  wanted: RowValues, table: string, printed: PrintedRow, { defaults: ofDevice }: Comparison, cannotVerify: (key: string) => void, row: string,
): ValueFault[] {
  const stated = (parameter: string) => [wanted.defaults, /* safeguard: device-defaults */ ofDevice[table], deviceTable(table).defaults]
    .flatMap((defaults) => (defaults && Object.hasOwn(defaults, parameter) ? [defaults[parameter] ?? ''] : []))[0];
  const isSecret = (parameter: string) => parameter === 'password' || printed.obscured.has(parameter) || (deviceTable(table).secrets?.includes(parameter) ?? false);
  const set = Object.entries(wanted.parameters).flatMap(([parameter, value]): ValueFault[] => {
    const found = printed.parameters.get(parameter);
    const isHidden = isSecret(parameter) || /\sobscured$/.test(value);
    if (found !== undefined && found !== value && /* safeguard: empty-secret */ found !== '' && (printed.obscured.has(parameter) || deviceTable(table).secrets?.includes(parameter))) {
      cannotVerify(`${row}: ${parameter}`);
      return [];
    }
    if (found !== undefined) {
      if (isSame(table, parameter, value, found)) return [];
      if (isHidden) return [{ parameter, rest: found === '' ? `${parameter} is empty, and a value was set` : `${parameter} is not what was set` }];
      return [{ parameter, rest: `${parameter} is "${found}", "${value}" was set` }];
    }
    const byDefault = stated(parameter);
    if (/* safeguard: stated-defaults */ byDefault !== undefined && isSame(table, parameter, value, byDefault)) return [];
    if (isHidden) return [{ parameter, rest: `${parameter} was set and the SBC does not print it` }];
    return [{
      parameter,
      rest: byDefault === undefined
        ? `${parameter} was set to "${value}" and the SBC does not print it. If that is what it has by default, the template says so before the row: # trunkline: default ${parameter}=${value}${wholeWordHint(table, parameter)}`
        : `${parameter} was set to "${value}" and the SBC does not print it, which means "${byDefault}"`,
    }];
  });
  const cleared = (wanted.cleared ?? []).flatMap((parameter): ValueFault[] => {
    const found = printed.parameters.get(parameter);
    const byDefault = stated(parameter);
    // An empty text is none; what is a number, or one of several words, is never empty, and neither is what has a default.
    const isNone = found === undefined || (found === '' && byDefault === undefined && /* safeguard: empty-is-no-number */ !isNumberOrChoice(table, parameter));
    if (isNone || (byDefault !== undefined && isSame(table, parameter, byDefault, found))) return [];
    if (/* safeguard: cipher-hidden */ isSecret(parameter)) return [{ parameter, rest: `${parameter} is set and was taken back` }];
    return [{ parameter, rest: `${parameter} is "${found}" and was taken back${byDefault === undefined ? '. If that is what the SBC has by default, the template says so before the row: # trunkline: default ' + parameter + '=' + found : ''}` }];
  });
  return [...set, ...cleared];
}

/** A word that a device has understood as another one is never printed. */
function wholeWordHint(table: string, parameter: string): string {
  const { names } = parametersBegunBy(table, parameter);
  return names.length === 0 ? '' : `. If it is short for ${names.map((name) => `"${name}"`).join(' or ')}, write the whole word instead`;
}

function childFaults(
  wanted: readonly ChildRow[], printed: PrintedRow, comparison: Comparison, unverifiable: string[], row: string, ref: RowRef,
): RowDifference[] {
  // Of what is not known a device may make rows itself.
  const known = printed.children.flatMap(({ table }) => (/* safeguard: unset-child-table */ deviceTable(table).nameParameter !== undefined ? [table] : []));
  const tables = [...new Set([...wanted.map(({ table }) => table), ...known])];
  return tables.flatMap((table) => {
    const asked = wanted.filter((child) => child.table === table);
    const free = printed.children.filter((child) => child.table === table).toSorted((one, other) => (one.index ?? 0) - (other.index ?? 0));
    const word = lastWord(table);
    // Rows with an index of their own keep it; the others come in their order.
    const pairs = asked.map((child, position) => ({ child, position, found: take(free, ({ index }) => child.index !== undefined && index === child.index) }))
      .map(({ found, ...pair }) => {
        const isInOrder = pair.child.index === undefined || free.every(({ index }) => index === undefined);
        return { ...pair, found: found ?? (isInOrder ? free.shift() : undefined) };
      });
    const faults = pairs.flatMap(({ child, found, position }): RowDifference[] => {
      const at = `${row}, ${word} ${child.index ?? position}`;
      if (!found) return [{ ...ref, key: at, text: `${at} is missing`, isValue: false }];
      if (!found.isActive) return [{ ...ref, key: at, text: `${at} is not in effect (no activate)`, isValue: false }];
      return [
        ...valueFaults(child, table, found, comparison, unverifiable.push.bind(unverifiable), at)
          .map(({ parameter, rest }) => ({ ...ref, key: `${at}: ${parameter}`, text: `${at}: ${rest}`, isValue: true })),
        ...childFaults(child.children, found, comparison, unverifiable, at, ref),
      ];
    });
    const extra = /* safeguard: extra-child-rows */ free.length > 0
      ? [{ ...ref, key: `${row}, ${word}`, text: `${row} has ${free.length} ${word} more than were set`, isValue: false }]
      : [];
    return [...faults, ...extra];
  });
}

function take(free: PrintedRow[], isMeant: (row: PrintedRow) => boolean): PrintedRow | undefined {
  const at = free.findIndex(isMeant);
  return at < 0 ? undefined : free.splice(at, 1)[0];
}

function isSame(table: string, parameter: string, one: string, other: string): boolean {
  if (one === other) return true;
  if (parameter === 'tags') return tagsOf(one).sort().join(';') === tagsOf(other).sort().join(';');
  const { choices, numbers } = deviceTable(table);
  if (numbers?.includes(parameter)) return [one, other].every((text) => /^-?\d+$/.test(text)) && Number(one) === Number(other);
  return (choices?.includes(parameter) ?? false) && one.toLowerCase() === other.toLowerCase();
}

function isNumberOrChoice(table: string, parameter: string): boolean {
  const { choices = [], numbers = [] } = deviceTable(table);
  return numbers.includes(parameter) || choices.includes(parameter);
}

function refOf({ name, parent, table }: RowRef): RowRef {
  return { table, name, ...parent !== undefined && { parent } };
}
