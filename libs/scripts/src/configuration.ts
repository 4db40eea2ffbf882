import { childWords, deviceTable, isKnownTable, lastWord, nameParameters, parentTables, pointsAt, referenceOf, tableAround } from './device-tables.js';
import { KeptRows } from './kept-rows.js';
import { PrintScanner, type RawRow } from './print-scanner.js';
import type { RowRef } from './script-rows.js';
import { WantedEnds } from './wanted-ends.js';

/** Rows to keep of a print: `all`, or those that hold one of these values. */
export type WantedRows = 'all' | {
  readonly names: Iterable<string>;
  /** Tables of which every row is kept, of the rows inside it those that are wanted: a shared row need not hold a wanted value. */
  readonly parentTables: Iterable<string>;
  /** Sections that must be there whole, beside `voip`. */
  readonly sections?: Iterable<string>;
};

/** A row as the device printed it. */
export interface PrintedRow {
  readonly table: string;
  /** The index it was printed with, where it was printed by index. */
  readonly index: number | undefined;
  /** The name it was printed with, where it was printed by name. */
  readonly name: string | undefined;
  readonly parameters: ReadonlyMap<string, string>;
  /** Parameters of which the device shows only that they are set. */
  readonly obscured: ReadonlySet<string>;
  readonly children: readonly PrintedRow[];
  /** False for a row that is kept and has no effect (`no activate`). */
  readonly isActive: boolean;
}

/** Where a row's name may stand, and the row it stands in. */
export interface RowQuery extends RowRef {
  readonly nameParameter?: string;
}

interface OpenRow extends PrintedRow {
  readonly parameters: Map<string, string>;
  readonly obscured: Set<string>;
  readonly children: PrintedRow[];
  isActive: boolean;
}

/** A row that points at another one: `of` is the row in which it does, itself or one inside it. */
export interface User {
  readonly row: PrintedRow;
  readonly of: PrintedRow;
  readonly parameter: string;
}

/** Rows of a device's printed configuration, ready for questions by table and whole name. */
export class Configuration {
  private readonly taken = new Map<number, PrintedRow>();

  /**
   * @param wanted undefined where every row was wanted
   * @param isWhole whether the sections of the wanted rows were printed whole; else what is not there proves nothing
   */
  constructor(private readonly kept: KeptRows, private readonly wanted: WantedEnds | undefined, readonly isWhole: boolean) {}

  /** Rows with exactly this name; more than one only on a device that allows it. */
  find({ name, nameParameter, parent, table }: RowQuery): readonly PrintedRow[] {
    if (parent !== undefined) {
      return this.around({ parent, table }).flatMap(({ children }) => (
        children.filter((child) => child.table === table && namesOf(child, nameParameter).includes(name))));
    }
    return this.holding(name, table).filter((row) => isCalled(row, name, nameParameter));
  }

  /** The shared row in which a row stands, or would stand. */
  around({ parent, table }: Pick<RowRef, 'parent' | 'table'>): readonly PrintedRow[] {
    if (parent === undefined) return [];
    return this.rows(tableAround(table)).filter((row) => isCalled(row, parent, undefined));
  }

  /** Every row of a table that was kept. */
  rows(table: string): readonly PrintedRow[] {
    return this.kept.inTable(table).map((row) => this.row(row));
  }

  /** The tables that hold a row. */
  get tables(): string[] {
    return [...this.kept.tables];
  }

  /** Rows with exactly this name in tables that are not known. */
  inUnknownTables({ name, nameParameter }: RowQuery): readonly PrintedRow[] {
    return this.holdingAnywhere(name).filter((row) => deviceTable(row.table).nameParameter === undefined && namesOf(row, nameParameter).includes(name));
  }

  /** Rows that point at a row of this name, themselves or by a row inside them. */
  usersOf({ name, table }: RowRef): User[] {
    return this.holdingAnywhere(name).flatMap((row) => pointersTo(name, table, row, row));
  }

  private holdingAnywhere(value: string): readonly PrintedRow[] {
    return this.wanted ? this.holding(value, undefined) : this.tables.flatMap((each) => this.holding(value, each));
  }

  private holding(value: string, table: string | undefined): readonly PrintedRow[] {
    if (!this.wanted) return this.rows(table ?? '');
    const number = this.wanted.numberOf(value);
    const rows = number === undefined ? [] : this.kept.holding(number);
    return rows.filter((row) => table === undefined || this.kept.tableOf(row) === table).map((row) => this.row(row));
  }

  /** Taken apart when it is asked for. */
  private row(kept: number): PrintedRow {
    let row = this.taken.get(kept);
    if (!row) {
      row = readRow(this.kept.tableOf(kept), this.kept.selectorOf(kept), this.kept.textOf(kept), this.kept.besideOf(kept).map((each) => this.row(each)));
      this.taken.set(kept, row);
    }
    return row;
  }
}

function isCalled(row: PrintedRow, name: string, nameParameter: string | undefined): boolean {
  if (nameParameter !== undefined || deviceTable(row.table).nameParameter !== undefined) return namesOf(row, nameParameter).includes(name);
  // The word of the name is not known here: whatever is called so is meant.
  return row.name === name || [...row.parameters].some(([parameter, value]) => value === name && referenceOf(row.table, parameter) === undefined);
}

function pointersTo(name: string, table: string, row: PrintedRow, of: PrintedRow): User[] {
  const own = [...of.parameters].flatMap(([parameter, value]) => (value === name && pointsAt(of.table, parameter, table) ? [{ row, of, parameter }] : []));
  return [...own, ...of.children.flatMap((child) => pointersTo(name, table, row, child))];
}

/** The names a row may go by. */
export function namesOf(row: PrintedRow, nameParameter: string | undefined): string[] {
  const given = (nameParameter === undefined ? nameParameters(row.table) : [nameParameter]).map((parameter) => row.parameters.get(parameter));
  return [...given, row.name].filter((name): name is string => name !== undefined && name !== '');
}

/**
 * Reads what `GET /files/cliScript` prints, as its bytes arrive. Kept are the rows that hold one of the wanted values: those that go by such a name, and those
 * that point at one. Everything else passes by.
 */
export class ConfigurationReader {
  private readonly kept: KeptRows;
  private readonly wanted: WantedEnds | undefined;
  private readonly parents = new Map<string, number>();
  private readonly scanner: PrintScanner;

  constructor(wanted: WantedRows) {
    this.wanted = wanted === 'all' ? undefined : new WantedEnds(wanted.names);
    this.kept = new KeptRows(this.wanted?.size ?? 0);
    const { parentTables = [], sections = [] }: Partial<Exclude<WantedRows, 'all'>> = wanted === 'all' ? {} : wanted;
    this.scanner = new PrintScanner(this.wanted, parentTables, sections, (raw) => { this.take(raw); });
  }

  push(bytes: Uint8Array): void {
    this.scanner.push(bytes);
  }

  end(): Configuration {
    this.scanner.end();
    return new Configuration(this.kept, this.wanted, this.scanner.isWhole);
  }

  private take({ selector, table, text, values }: RawRow): void {
    const beside = /^(\d+)\/\d+$/.exec(selector)?.[1];
    const tables = beside === undefined ? [] : parentTables(table);
    const parent = tables.map((each) => this.parents.get(`${each} ${beside}`)).find((row) => row !== undefined);
    const around = parent === undefined ? tables[0] : this.kept.tableOf(parent);
    const own = around === undefined ? table : `${around} ${lastWord(table)}`;
    const row = this.kept.add(own, selector, text, parent);
    if (parent === undefined && deviceTable(own).children) this.parents.set(`${own} ${selector}`, row);
    this.kept.note(parent ?? row, values);
  }
}

/** The rows of a whole print that hold a wanted value. */
export function readConfiguration(text: string, wanted: WantedRows): Configuration {
  const reader = new ConfigurationReader(wanted);
  reader.push(Buffer.from(text));
  return reader.end();
}

// A quoted text, or a run without blanks; a quote that never closes takes the rest of the line.
const word = /"([^"]*)(?:"|$)|[^\s"]\S*/g;

interface Line {
  readonly indent: number;
  /** What stands in it, without the blanks around. */
  readonly text: string;
  readonly words: readonly { readonly text: string; readonly quoted: boolean }[];
}

function readRow(table: string, selector: string, text: string, beside: readonly PrintedRow[]): PrintedRow {
  const lines: Line[] = text.split('\n').flatMap((source) => {
    const words = [...source.matchAll(word)].map((found) => ({ text: found[1] ?? found[0], quoted: found[1] !== undefined }));
    const first = words[0];
    return !first || (!first.quoted && /^[#!]/.test(first.text)) ? [] : [{ indent: source.length - source.trimStart().length, text: source.trim(), words }];
  });
  const top = newRow(table, selector);
  const open: OpenRow[] = [top];
  let isApplied = [false];
  const isIndented = (lines[1]?.indent ?? 0) > (lines[0]?.indent ?? 0);
  // As the scanner tells them.
  const opensInside = (depth: number, first: string, indent: number, next: Line | undefined, isRowApplied: boolean) => (isIndented
    ? next !== undefined && (next.indent > indent || (next.indent === indent && next.words[0]?.text === 'exit'))
    : (isRowApplied && !isKnownTable(first)) || (depth === 1 && !selector.includes('/') && childWords.has(first)));
  lines.forEach((line, at) => {
    const { indent, words } = line;
    if (at === 0) return;
    const row = open.at(-1) ?? top;
    const first = words[0]?.text ?? '';
    if (words.length === 1 && first === 'exit') {
      if (open.length > 1) open.pop();
      isApplied = isApplied.slice(0, open.length);
    } else if (words.length === 1 && first === 'activate') {
      isApplied[open.length - 1] = true;
      row.isActive = true;
    } else if (words.length === 2 && first === 'no' && words[1]?.text === 'activate') {
      isApplied[open.length - 1] = true;
      row.isActive = false;
    } else if (isChildOpening(words) && opensInside(open.length, first, indent, lines[at + 1], isApplied[open.length - 1] ?? false)) {
      const child = newRow(`${row.table} ${first}`, words[1]?.text ?? '');
      row.children.push(child);
      open.push(child);
      isApplied[open.length - 1] = false;
    } else {
      setParameter(row, line);
    }
  });
  top.children.push(...beside);
  return top;
}

function isChildOpening([, second, ...more]: Line['words']): boolean {
  return more.length === 0 && second?.quoted === false && /^\d+$/.test(second.text);
}

function setParameter(row: OpenRow, { text, words }: Line): void {
  const name = words[0]?.text ?? '';
  const last = words.at(-1);
  const isObscured = words.length > 1 && last?.text === 'obscured' && !last.quoted;
  const rest = text.slice(/^(?:"[^"]*"?|[^\s"]\S*)\s*/.exec(text)?.[0].length);
  const value = isObscured ? rest.replace(/\s+obscured$/, '') : rest;
  row.parameters.set(name, /^"([^"]*)"?$/.exec(value)?.[1] ?? value);
  if (isObscured) row.obscured.add(name);
}

function newRow(table: string, selector: string): OpenRow {
  const index = /^(?:\d+\/)?(\d+)$/.exec(selector)?.[1];
  return {
    table, index: index === undefined ? undefined : Number(index), name: index === undefined ? selector.replace(/^"|"$/g, '') : undefined,
    parameters: new Map(), obscured: new Set(), children: [], isActive: true,
  };
}
