import { coreTables } from './core-tables.js';
import { profileTables } from './profile-tables.js';
import { routingTables } from './routing-tables.js';
import type { TableSchema } from './table-schema.js';

/** Tables of an SBC; `sizes` replaces capacities by path. */
export function tableSchemas(sizes: Readonly<Record<string, number>> = {}): TableSchema[] {
  return [...coreTables, ...profileTables, ...routingTables].map((table) => ({ ...table, capacity: sizes[table.path] ?? table.capacity }));
}
