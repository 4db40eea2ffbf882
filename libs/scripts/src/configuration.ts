import { childWords, deviceTable, isKnownTable, lastWord, nameParameters, parentTables, pointsAt, referenceOf, tableAround } from './device-tables.js';
import { PrintScanner, type RawRow, type WantedRows } from './print-scanner.js';
import type { RowRef } from './script-rows.js';

const blockBytes = 64 * 1024;

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

/**
 * A row of a print that is taken apart when it is asked for. A sweep keeps thousands: their text lies outside of the heap, where it does not make a
 * garbage collection longer.
 */
class KeptRow {
  private read: PrintedRow | undefined;
  /** Rows inside it that were printed beside it. */
  private beside: KeptRow[] | undefined;

  constructor(
    readonly table: string, private readonly selector: string, private readonly bytes: Buffer, private readonly start: number, private readonly end: number,
  ) {}

  get row(): PrintedRow {
    this.read ??= readRow(this.table, this.selector, this.bytes.toString('utf8', this.start, this.end), this.beside?.map(({ row }) => row) ?? []);
    return this.read;
  }

  addBeside(child: KeptRow): void {
    this.beside ??= [];
    this.beside.push(child);
  }
}

/** Rows of a device's printed configuration, ready for questions by table and whole name. */
export class Configuration {
  private readonly byTable = new Map<string, KeptRow[]>();
  /** The rows that hold a wanted value; undefined where every row was wanted. */
  private readonly byValue: Map<string, KeptRow | KeptRow[]> | undefined;

  constructor(wanted: WantedRows) {
    if (wanted !== 'all') this.byValue = new Map();
  }

  add(kept: KeptRow): void {
    const rows = this.byTable.get(kept.table);
    if (rows) rows.push(kept);
    else this.byTable.set(kept.table, [kept]);
  }

  /** Says what a row holds, itself or in a row inside it. */
  note(kept: KeptRow, values: readonly string[]): void {
    if (!this.byValue) return;
    for (const value of values) {
      const there = this.byValue.get(value);
      if (Array.isArray(there)) there.push(kept);
      else if (there !== kept) this.byValue.set(value, there ? [there, kept] : kept);
    }
  }

  /** Rows with exactly this name; more than one only on a device that allows it. */
  find({ name, nameParameter, parent, table }: RowQuery): readonly PrintedRow[] {
    if (parent !== undefined) {
      return this.around({ parent, table }).flatMap(({ children }) => (
        children.filter((child) => child.table === table && namesOf(child, nameParameter).includes(name))));
    }
    return this.holding(name, table).flatMap(({ row }) => (isCalled(row, name, nameParameter) ? [row] : []));
  }

  /** The shared row in which a row stands, or would stand. */
  around({ parent, table }: Pick<RowRef, 'parent' | 'table'>): readonly PrintedRow[] {
    if (parent === undefined) return [];
    return this.rows(tableAround(table)).filter((row) => isCalled(row, parent, undefined));
  }

  /** Every row of a table that was kept. */
  rows(table: string): readonly PrintedRow[] {
    return (this.byTable.get(table) ?? []).map(({ row }) => row);
  }

  /** The tables that hold a row. */
  get tables(): string[] {
    return [...this.byTable.keys()];
  }

  /** Rows that point at a row of this name, themselves or by a row inside them. */
  usersOf({ name, table }: RowRef): User[] {
    const tables = this.byValue ? [undefined] : this.tables;
    return tables.flatMap((each) => this.holding(name, each)).flatMap(({ row }) => pointersTo(name, table, row, row));
  }

  private holding(value: string, table: string | undefined): readonly KeptRow[] {
    if (!this.byValue) return this.byTable.get(table ?? '') ?? [];
    const found = this.byValue.get(value) ?? [];
    const rows = Array.isArray(found) ? [...new Set(found)] : [found];
    return table === undefined ? rows : rows.filter((row) => row.table === table);
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
  private readonly configuration: Configuration;
  private readonly parents = new Map<string, KeptRow>();
  private readonly scanner: PrintScanner;
  // A part of the print's text, kept as the name of a table, would keep the whole of it.
  private readonly tables = new Map<string, string>();
  private block = Buffer.alloc(0);
  private used = 0;

  constructor(wanted: WantedRows) {
    this.configuration = new Configuration(wanted);
    this.scanner = new PrintScanner(wanted, (raw) => { this.take(raw); });
  }

  push(bytes: Uint8Array): void {
    this.scanner.push(bytes);
  }

  end(): Configuration {
    this.scanner.end();
    return this.configuration;
  }

  private take({ selector, table, text, values }: RawRow): void {
    const beside = /^(\d+)\/\d+$/.exec(selector)?.[1];
    const tables = beside === undefined ? [] : parentTables(table);
    const parent = tables.map((each) => this.parents.get(`${each} ${beside}`)).find((row) => row !== undefined);
    const around = parent?.table ?? tables[0];
    const row = this.keep(around === undefined ? table : `${around} ${lastWord(table)}`, selector, text);
    if (parent) {
      parent.addBeside(row);
    } else {
      this.configuration.add(row);
      if (deviceTable(row.table).children) this.parents.set(`${row.table} ${selector}`, row);
    }
    this.configuration.note(parent ?? row, values);
  }

  private keep(table: string, selector: string, text: string): KeptRow {
    const known = this.tables.get(table) ?? table;
    this.tables.set(known, known);
    if (this.used + text.length > this.block.length) {
      this.block = Buffer.allocUnsafeSlow(Math.max(blockBytes, text.length));
      this.used = 0;
    }
    const start = this.used;
    this.used += this.block.write(text, start, 'latin1');
    return new KeptRow(known, selector, this.block, start, this.used);
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
