import { childWords, deviceTable, lastWord, nameParameters, parentTables, pointsAt, referenceOf } from './device-tables.js';
import { PrintScanner, type RawRow } from './print-scanner.js';
import type { RowRef } from './script-rows.js';

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
  obscured: Set<string>;
  children: OpenRow[];
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
  private readonly byTable = new Map<string, PrintedRow[]>();
  private readonly byName = new Map<string, PrintedRow[]>();
  private readonly byReference = new Map<string, User[]>();

  /** Takes in a row with those inside it, as soon as it is read: all at once would be a long turn of the event loop. */
  add(row: PrintedRow): void {
    push(this.byTable, row.table, row);
    for (const name of namesOf(row, undefined)) push(this.byName, `${row.table}\n${name}`, row);
    this.addReferences(row, row);
  }

  /** Rows with exactly this name; more than one only on a device that allows it. */
  find({ name, nameParameter, parent, table }: RowQuery): readonly PrintedRow[] {
    if (parent !== undefined) {
      const parentTable = table.slice(0, -lastWord(table).length - 1);
      return this.find({ table: parentTable, name: parent })
        .flatMap(({ children }) => children.filter((child) => child.table === table && namesOf(child, nameParameter).includes(name)));
    }
    if (nameParameter !== undefined && !nameParameters(table).includes(nameParameter)) {
      return this.rows(table).filter((row) => namesOf(row, nameParameter).includes(name));
    }
    if (nameParameter === undefined && deviceTable(table).nameParameter === undefined) {
      // The word of the name is not known here: whatever is called so is meant.
      const isCalled = ([parameter, value]: readonly [string, string]) => value === name && referenceOf(table, parameter) === undefined;
      return this.rows(table).filter((row) => row.name === name || [...row.parameters].some(isCalled));
    }
    return this.byName.get(`${table}\n${name}`) ?? [];
  }

  /** Every row of a table that was kept. */
  rows(table: string): readonly PrintedRow[] {
    return this.byTable.get(table) ?? [];
  }

  /** The tables that hold a row. */
  get tables(): string[] {
    return [...this.byTable.keys()];
  }

  /** Rows that point at a row of this name, themselves or by a row inside them. */
  usersOf({ name, table }: RowRef): User[] {
    return (this.byReference.get(name) ?? []).filter(({ of, parameter }) => pointsAt(of.table, parameter, table));
  }

  /** Takes in what a row points at by `of`: itself, or a row inside it that came later. */
  addReferences(row: PrintedRow, of: PrintedRow): void {
    for (const [parameter, value] of of.parameters) {
      if (value !== '' && (referenceOf(of.table, parameter) !== undefined || parameter.endsWith('-name'))) push(this.byReference, value, { row, of, parameter });
    }
    for (const child of of.children) this.addReferences(row, child);
  }
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
  private readonly configuration = new Configuration();
  private readonly found: OpenRow[] = [];
  private readonly scanner: PrintScanner;

  constructor(wanted: Iterable<string> | 'all') {
    this.scanner = new PrintScanner(wanted, (raw) => { this.take(raw); });
  }

  push(bytes: Uint8Array): void {
    this.scanner.push(bytes);
  }

  end(): Configuration {
    this.scanner.end();
    return this.configuration;
  }

  private take(raw: RawRow): void {
    const row = readRow(raw);
    const beside = /^(\d+)\/(\d+)$/.exec(raw.selector);
    if (!beside) {
      this.keep(row);
      return;
    }
    const parents = parentTables(raw.table);
    const parent = this.found.findLast(({ index, table }) => index === Number(beside[1]) && parents.includes(table));
    const table = parent?.table ?? parents[0];
    const child = { ...row, table: table === undefined ? raw.table : `${table} ${lastWord(raw.table)}`, index: Number(beside[2]) };
    if (!parent) {
      this.keep(child);
      return;
    }
    addChild(parent, child);
    this.configuration.addReferences(parent, child);
  }

  private keep(row: OpenRow): void {
    this.found.push(row);
    this.configuration.add(row);
  }
}

/** The rows of a whole print that hold a wanted value. */
export function readConfiguration(text: string, wanted: Iterable<string> | 'all'): Configuration {
  const reader = new ConfigurationReader(wanted);
  reader.push(Buffer.from(text));
  return reader.end();
}

// A quoted text, or a run without blanks; a quote that never closes takes the rest of the line.
const word = /"([^"]*)(?:"|$)|[^\s"]\S*/g;

interface Line {
  readonly indent: number;
  readonly words: readonly { readonly text: string; readonly quoted: boolean }[];
}

function readRow({ selector, table, text }: RawRow): OpenRow {
  const lines: Line[] = text.split('\n').flatMap((source) => {
    const words = [...source.matchAll(word)].map((found) => ({ text: found[1] ?? found[0], quoted: found[1] !== undefined }));
    const first = words[0];
    return !first || (!first.quoted && /^[#!]/.test(first.text)) ? [] : [{ indent: source.length - source.trimStart().length, words }];
  });
  const top = newRow(table, selector);
  const open: OpenRow[] = [top];
  let isApplied = [false];
  const isIndented = (lines[1]?.indent ?? 0) > (lines[0]?.indent ?? 0);
  // As the scanner tells them.
  const opensInside = (depth: number, first: string, indent: number, next: Line | undefined, isRowApplied: boolean) => (isIndented
    ? next !== undefined && (next.indent > indent || (next.indent === indent && next.words[0]?.text === 'exit'))
    : isRowApplied || (depth === 1 && !selector.includes('/') && childWords.has(first)));
  lines.forEach(({ indent, words }, at) => {
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
      addChild(row, child);
      open.push(child);
      isApplied[open.length - 1] = false;
    } else {
      setParameter(row, words);
    }
  });
  return top;
}

function isChildOpening([, second, ...more]: Line['words']): boolean {
  return more.length === 0 && second?.quoted === false && /^\d+$/.test(second.text);
}

function setParameter(row: OpenRow, words: Line['words']): void {
  const name = words[0]?.text ?? '';
  const values = words.slice(1);
  row.parameters.set(name, values.map(({ text }) => text).join(' '));
  const last = values.at(-1);
  if (last && !last.quoted && last.text === 'obscured') row.obscured = new Set([...row.obscured, name]);
}

// Most rows have neither, and a sweep keeps thousands: what is kept is what the garbage collector has to move.
const noNames = new Set<string>();
const noRows: OpenRow[] = [];

function addChild(row: OpenRow, child: OpenRow): void {
  if (row.children === noRows) row.children = [child];
  else row.children.push(child);
}

function newRow(table: string, selector: string): OpenRow {
  const isIndex = /^\d+$/.test(selector);
  return {
    table, index: isIndex ? Number(selector) : undefined, name: isIndex || selector.includes('/') ? undefined : selector.replace(/^"|"$/g, ''),
    parameters: new Map(), obscured: noNames, children: noRows, isActive: true,
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const there = map.get(key);
  if (there) there.push(value);
  else map.set(key, [value]);
}
