import { readCommands } from './cli-command.js';
import { readRows, rowName } from './cli-rows.js';
import type { CliRow } from './cli-rows.js';
import { deviceTable, writeOnlyParameters } from './device-tables.js';

/** A row on a device, by its table and its whole name. */
export interface RowRef {
  readonly table: string;
  readonly name: string;
}

/** A row a rendered script sets, as plain data. Parameters a device never prints (`password`) are left out. */
export interface ScriptRow extends RowRef {
  /** The parameter the name was given in. */
  readonly nameParameter: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Rows inside it, each as `{table, parameters}`; the table is the whole path. */
  readonly children: readonly ChildRow[];
}

export interface ChildRow {
  readonly table: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface ScriptRows {
  readonly rows: readonly ScriptRow[];
  readonly removes: readonly RowRef[];
}

/** A rendered script touches a row that can't be found again by name. Templates that passed `checkTemplate` never do. */
export class ScriptShapeError extends Error {
  constructor(readonly line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.name = 'ScriptShapeError';
  }
}

/**
 * What a rendered script leaves behind: the rows it sets and the names it removes. A row entered twice is one row.
 * @throws ScriptShapeError for a row or removal without a name
 */
export function rowsOfScript(script: string): ScriptRows {
  const read = readRows(readCommands(script));
  const rows = new Map<string, ScriptRow>();
  for (const row of read.rows) {
    const named = rowName(row);
    if (!named) throw new ScriptShapeError(row.line, `the row of ${row.table} has no name`);
    const key = `${row.table}\n${named.name}`;
    const before = rows.get(key);
    rows.set(key, {
      table: row.table,
      name: named.name,
      nameParameter: named.parameter ?? before?.nameParameter ?? deviceTable(row.table).nameParameter,
      parameters: { ...before?.parameters, ...parametersOf(row) },
      children: [...before?.children ?? [], ...row.children.map((child) => ({ table: child.table, parameters: parametersOf(child) }))],
    });
  }
  const removes = read.removals.map(({ table, selector, line }) => {
    if (selector.kind !== 'name') throw new ScriptShapeError(line, `the removal from ${table} names no row`);
    return { table, name: selector.name };
  });
  return { rows: [...rows.values()], removes };
}

/** The tables a set of rows lives in, for reading a configuration that may use tables of its own. */
export function tablesOf(rows: readonly RowRef[]): string[] {
  return [...new Set(rows.map((row) => row.table))];
}

function parametersOf(row: CliRow): Record<string, string> {
  return Object.fromEntries([...row.parameters].filter(([name]) => !writeOnlyParameters.has(name)).map(([name, { value }]) => [name, value]));
}
