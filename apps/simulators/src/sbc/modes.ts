import type { CommandNode } from './commands.js';
import type { TableSchema } from './schema/table-schema.js';
import type { Row } from './tables.js';

/** Where in the command tree a session stands. */
export type Mode = NodeMode | RowMode;

export interface NodeMode {
  readonly kind: 'node';
  readonly node: CommandNode;
}

/** A row being edited; nothing of it is in effect before `activate` or `exit`. */
export interface RowMode {
  readonly kind: 'row';
  readonly schema: TableSchema;
  readonly index: number;
  /** The row it is a child of. */
  readonly parent?: RowMode;
  readonly values: Record<string, string>;
  readonly opaque?: readonly string[];
  children: Record<string, readonly Row[]>;
  /** True once the row is in its table. */
  isStored: boolean;
  isActive: boolean;
  /** True while the row differs from what is stored. */
  isChanged: boolean;
  /** It was taken out of effect by hand, so leaving it does not bring it back. */
  isKeptOff: boolean;
  /** The index was given out by `new`, so nobody else's row may be there. */
  readonly isNew: boolean;
  /** Rows from this index on make room when it is stored. */
  readonly isInsert: boolean;
}

export function promptOf(hostName: string, mode: Mode | undefined): string {
  if (!mode) return `${hostName}#`;
  if (mode.kind === 'node') return `${hostName}(${mode.node.mode})#`;
  const place = mode.parent ? `${mode.parent.index}/${mode.index}` : mode.index;
  return `${hostName}(${mode.schema.path.split(' ').at(-1) ?? ''}-${place})#`;
}
