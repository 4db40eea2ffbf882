export interface ParameterSchema {
  /** A text, which a print may put in quotes; words, numbers and addresses stand without. */
  readonly isText?: boolean;
  /** The only values there are. */
  readonly choices?: readonly string[];
  /** Path of the table whose rows it names. */
  readonly refersTo?: string;
  /** Words that stand where a name of a row could. */
  readonly wildcards?: readonly string[];
  readonly range?: readonly [number, number];
  readonly maxLength?: number;
  /** How many tags it holds at most, separated by semicolons. */
  readonly maxTags?: number;
  /** What a row has that was never given one. */
  readonly initial?: string;
  /** With only one row in the table it refers to, a print has no such line. */
  readonly isHiddenWhileSingle?: boolean;
  readonly isSecret?: boolean;
  /** Takes the rest of the line as it stands, so it may hold blanks without quotes. */
  readonly takesRest?: boolean;
}

export interface TableSchema {
  /** Its words below the section, such as `sbc cac-profile`; of a child, its words inside the parent's row. */
  readonly path: string;
  readonly section: string;
  /** What the device calls it in its messages. */
  readonly title: string;
  /** The parameter that holds a row's name; empty when rows have none. */
  readonly nameParameter: string;
  readonly isNameRequired?: boolean;
  /** A row without a name gets this one and its index. */
  readonly autoName?: string;
  /** Several rows may have one name. */
  readonly areNamesShared?: boolean;
  /** Rows have an order, so one can be inserted and moved. */
  readonly isOrdered?: boolean;
  readonly capacity: number;
  /** In the order of the print. */
  readonly parameters: Readonly<Record<string, ParameterSchema>>;
  /** Takes parameters that are not listed too. */
  readonly isOpen?: boolean;
  readonly children?: readonly TableSchema[];
}

export type Parameters = TableSchema['parameters'];

export const name: ParameterSchema = { isText: true, maxLength: 40 };
export const text = (maxLength = 60, initial?: string): ParameterSchema => ({ isText: true, maxLength, ...initial !== undefined && { initial } });
export const word = (initial?: string): ParameterSchema => ({ maxLength: 60, ...initial !== undefined && { initial } });
export const onOff = (initial: string): ParameterSchema => ({ choices: ['disable', 'enable'], initial });
export const number = (min: number, max: number, initial?: number): ParameterSchema => (
  { range: [min, max], ...initial !== undefined && { initial: String(initial) } });
/** The first choice is the default. */
export const choice = (initial: string, ...others: string[]): ParameterSchema => ({ choices: [initial, ...others], initial });
export const to = (path: string, ...wildcards: string[]): ParameterSchema => (
  { isText: true, refersTo: path, wildcards, ...wildcards[0] !== undefined && { initial: wildcards[0] } });
/** A reference that every row has, and that goes without saying while there is nothing else to refer to. */
export const toDefault = (path: string, initial: string): ParameterSchema => ({ isText: true, refersTo: path, initial, isHiddenWhileSingle: true });
export const pattern = text(60, '*');

/** A table in `configure voip` unless told otherwise. */
export function table(
  path: string, title: string, nameParameter: string, capacity: number, parameters: Parameters, more: Partial<TableSchema> = {},
): TableSchema {
  return { path, section: 'voip', title, nameParameter, capacity, parameters, ...more };
}

/** A table of which only the path is known; rows may have any parameter. */
export function openTable(path: string, section = 'voip'): TableSchema {
  return table(path, path, 'name', 1000, { name }, { section, isOpen: true });
}

/** The words that address a row of a child table from the section, beside its parent's. */
export function wordsBeside(parent: TableSchema, child: TableSchema): string[] {
  return [...parent.path.split(' ').slice(0, -1), child.path];
}
