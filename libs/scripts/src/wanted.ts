import { tableAround } from './device-tables.js';
import type { RowRef } from './script-rows.js';

/** What a reading must keep so that rows can be compared: all that holds one of their names, and the shared rows they stand in. */
export class Wanted {
  readonly names = new Set<string>();
  readonly parentTables = new Set<string>();

  constructor(rows: Iterable<RowRef> = []) {
    this.add(rows);
  }

  add(rows: Iterable<RowRef>): this {
    for (const { name, parent, table } of rows) {
      this.names.add(name);
      if (parent !== undefined) this.parentTables.add(tableAround(table));
    }
    return this;
  }
}
