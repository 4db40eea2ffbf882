import { sectionOf, tableAround } from './device-tables.js';
import type { RowRef } from './script-rows.js';

/** What a reading must keep so that rows can be compared: all that holds one of their names, the shared rows they stand in, and their sections whole. */
export class Wanted {
  readonly names = new Set<string>();
  readonly parentTables = new Set<string>();
  readonly sections = new Set<string>();

  constructor(rows: Iterable<RowRef> = []) {
    this.add(rows);
  }

  add(rows: Iterable<RowRef>): this {
    for (const { name, parent, table } of rows) {
      this.names.add(name);
      const section = sectionOf(table);
      if (section !== undefined) this.sections.add(section);
      if (parent !== undefined) this.parentTables.add(tableAround(table));
    }
    return this;
  }
}
