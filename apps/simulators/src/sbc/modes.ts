import type { TableSchema } from './table-schema.js';
import type { Row } from './tables.js';

/** Where in the command tree a session stands. */
export type Mode = SectionMode | RowMode;

export interface SectionMode {
  readonly kind: 'section';
  readonly name: string;
}

/** A row being edited; nothing of it is in effect before `activate`. */
export interface RowMode {
  readonly kind: 'row';
  readonly schema: TableSchema;
  readonly index: number;
  /** The row it is a child of. */
  readonly parent?: RowMode;
  readonly values: Record<string, string>;
  children: Record<string, readonly Row[]>;
  /** True once the row is in effect. */
  isStored: boolean;
  /** The index was given out by `new`, so nobody else's row may be there. */
  readonly isNew: boolean;
  /** Rows from this index on make room at the first `activate`. */
  readonly isInsert: boolean;
}

export function promptOf(hostName: string, mode: Mode | undefined): string {
  if (!mode) return `${hostName}#`;
  if (mode.kind === 'section') return `${hostName}(config-${mode.name})#`;
  return `${hostName}(${mode.schema.path.split(' ').at(-1) ?? ''}-${mode.index})#`;
}
