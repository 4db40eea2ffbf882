import { customerNames } from './builtins.js';
import type { CliCommand } from './cli-command.js';
import { lastWord, nameParameters, tableAround } from './device-tables.js';
import { type ReadRow, readScript, type ReadScript } from './read-script.js';

/** A row on a device, by its table and its whole name; `parent` is the name of the row it stands in, when that belongs to all. */
export interface RowRef {
  readonly table: string;
  readonly name: string;
  readonly parent?: string;
}

/** What a script sets in one row, as plain data. */
export interface RowValues {
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters taken back with `no`: a device has their default. */
  readonly cleared?: readonly string[];
  /** What the template says a device has that was not given the parameter. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Rows inside it, in the script's order. */
  readonly children: readonly ChildRow[];
}

/** A row a rendered script sets. Secret values stand in it as they are. */
export interface ScriptRow extends RowRef, RowValues {
  /** The parameter the name was given in. */
  readonly nameParameter: string;
}

/** A row inside one of the customer's own; `table` is the whole path. */
export interface ChildRow extends RowValues {
  readonly table: string;
  /** Where the script says it. */
  readonly index?: number;
}

export interface ScriptRows {
  readonly rows: readonly ScriptRow[];
  readonly removes: readonly RowRef[];
}

/**
 * What a script, rendered or read, leaves behind: the rows it sets and the names it removes. A row entered twice is one row. Rows without a name are
 * left out.
 */
export function rowsOf(script: Pick<ReadScript, 'rows' | 'removals'>): ScriptRows {
  const rows = new Map<string, ScriptRow>();
  const removes: RowRef[] = [];
  for (const row of script.rows) {
    if (isShared(row)) {
      const parent = row.selector.kind === 'name' ? row.selector.name : '';
      for (const child of row.children) add(rows, child, parent);
      for (const { selector, table } of row.removals) if (selector.kind === 'name') removes.push({ table, name: selector.name, parent });
    } else {
      add(rows, row, undefined);
    }
  }
  removes.push(...script.removals.flatMap(({ selector, table }) => (selector.kind === 'name' ? [{ table, name: selector.name }] : [])));
  return { rows: [...rows.values()], removes };
}

/** The rows of a rendered script. */
export function rowsOfScript(commands: readonly CliCommand[]): ScriptRows {
  return rowsOf(readScript(commands));
}

/** A row that is there before any customer, and belongs to all: picked by a name in which nothing is the customer's own. */
export function isShared({ opening, selector }: Pick<ReadRow, 'opening' | 'selector'>): boolean {
  return selector.kind === 'name' && !isOwn(opening.at(-1)?.uses ?? []);
}

/** Whether a text made of these placeholders differs from that of every other customer. */
export function isOwn(uses: readonly string[]): boolean {
  return uses.some((name) => customerNames.has(name));
}

export interface OwnName {
  readonly name: string;
  /** Undefined when the row is only picked by its name. */
  readonly parameter: string | undefined;
  readonly line: number;
  readonly uses: readonly string[];
}

/** The parameters that may hold the row's own name, the likeliest first. */
export function nameParametersOf({ statedName, table }: Pick<ReadRow, 'statedName' | 'table'>): readonly string[] {
  return statedName === undefined ? nameParameters(table) : [statedName];
}

/** The name a row goes by: the one it is given, else the one it was picked by; undefined when it has none. */
export function ownName(row: ReadRow): OwnName | undefined {
  for (const parameter of nameParametersOf(row)) {
    const given = row.parameters.get(parameter);
    if (given && given.value !== '') return { name: given.value, parameter, line: given.line, uses: given.uses };
  }
  return row.selector.kind === 'name' ? { name: row.selector.name, parameter: undefined, line: row.line, uses: row.opening.at(-1)?.uses ?? [] } : undefined;
}

/** Key of a row among all rows of a device. */
export function rowKey({ name, parent, table }: RowRef): string {
  return JSON.stringify(parent === undefined ? [table, name] : [table, name, parent]);
}

/** A row as a person reads it. */
export function rowText({ name, parent, table }: RowRef): string {
  if (parent === undefined) return `${table} "${name}"`;
  return `${lastWord(table)} "${name}" in ${tableAround(table)} "${parent}"`;
}

function add(rows: Map<string, ScriptRow>, row: ReadRow, parent: string | undefined): void {
  const named = ownName(row);
  if (!named) return;
  const ref: RowRef = { table: row.table, name: named.name, ...parent !== undefined && { parent } };
  const before = rows.get(rowKey(ref));
  rows.set(rowKey(ref), {
    ...ref, nameParameter: named.parameter ?? before?.nameParameter ?? nameParameters(row.table)[0] ?? 'name', ...joined(before, valuesOf(row)),
  });
}

function joined(before: RowValues | undefined, now: RowValues): RowValues {
  if (!before) return now;
  const cleared = [...(before.cleared ?? []).filter((name) => !Object.hasOwn(now.parameters, name)), ...now.cleared ?? []];
  const kept = Object.fromEntries(Object.entries(before.parameters).filter(([name]) => !now.cleared?.includes(name)));
  return {
    parameters: { ...kept, ...now.parameters }, ...cleared.length > 0 && { cleared },
    ...(before.defaults ?? now.defaults) && { defaults: { ...before.defaults, ...now.defaults } },
    children: mergedChildren([...before.children, ...now.children]),
  };
}

function valuesOf(row: ReadRow): RowValues {
  return {
    parameters: Object.fromEntries([...row.parameters].map(([name, { value }]) => [name, value])),
    ...row.cleared.size > 0 && { cleared: [...row.cleared.keys()] },
    ...row.statedDefaults.size > 0 && { defaults: Object.fromEntries(row.statedDefaults) },
    children: mergedChildren(row.children.map((child) => ({ table: child.table, ...child.selector.kind === 'index' && { index: child.selector.index }, ...valuesOf(child) }))),
  };
}

/** A row inside one that is entered again by its index is the same one. */
function mergedChildren(children: readonly ChildRow[]): ChildRow[] {
  const merged: ChildRow[] = [];
  for (const child of children) {
    const at = merged.findIndex(({ index, table }) => child.index !== undefined && index === child.index && table === child.table);
    const before = merged[at];
    if (before) merged[at] = { ...child, ...joined(before, child) };
    else merged.push(child);
  }
  return merged;
}
