import { readCommands } from './cli-command.js';
import { readRows, rowName } from './cli-rows.js';
import type { CliRow } from './cli-rows.js';
import type { RowRef } from './rows-of-script.js';

/** A row as the device printed it. */
export interface PrintedRow extends RowRef {
  /** The index it was printed with, where it was printed by index. */
  readonly index: number | undefined;
  readonly parameters: ReadonlyMap<string, string>;
  readonly children: readonly { readonly table: string; readonly parameters: ReadonlyMap<string, string> }[];
}

/** A device's printed configuration, ready for questions by table and whole name. */
export class Configuration {
  private readonly byTable = new Map<string, Map<string, PrintedRow[]>>();

  constructor(rows: Iterable<PrintedRow>) {
    for (const row of rows) {
      const names = this.byTable.get(row.table) ?? new Map<string, PrintedRow[]>();
      this.byTable.set(row.table, names);
      const same = names.get(row.name);
      if (same) same.push(row);
      else names.set(row.name, [row]);
    }
  }

  /** Rows with exactly this name; more than one only on a device that allows it. */
  find(table: string, name: string): readonly PrintedRow[] {
    return this.byTable.get(table)?.get(name) ?? [];
  }

  /** Every row of a table; nameless ones have the name ''. */
  rows(table: string): PrintedRow[] {
    return [...this.byTable.get(table)?.values() ?? []].flat();
  }

  /** The tables that hold a row. */
  get tables(): string[] {
    return [...this.byTable.keys()];
  }
}

/**
 * Reads what `GET /files/cliScript` prints: rows by index or by name, values quoted or not, in any order and indentation, LF or CRLF.
 * Tables nobody told us of are kept as well as they can be followed. `moreTables` are full names besides the known ones.
 */
export function parseConfiguration(text: string, moreTables: Iterable<string> = []): Configuration {
  return new Configuration(readRows(readCommands(text), moreTables).rows.map(printedRow));
}

function printedRow(row: CliRow): PrintedRow {
  return {
    table: row.table,
    name: rowName(row)?.name ?? '',
    index: row.selector.kind === 'index' ? row.selector.index : undefined,
    parameters: valuesOf(row),
    children: row.children.map((child) => ({ table: child.table, parameters: valuesOf(child) })),
  };
}

function valuesOf(row: CliRow): Map<string, string> {
  return new Map([...row.parameters].map(([name, { value }]) => [name, value]));
}
