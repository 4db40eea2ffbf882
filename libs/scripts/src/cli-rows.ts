import type { CliCommand, CliWord } from './cli-command.js';
import { deviceTable, knownTables, nameParameters } from './device-tables.js';

/** How a line picks a row: the next free index, an index, or a name. */
export type Selector = { readonly kind: 'new' } | { readonly kind: 'index'; readonly index: number } | { readonly kind: 'name'; readonly name: string };

/** One entered row of CLI text. */
export interface CliRow {
  readonly table: string;
  readonly selector: Selector;
  readonly line: number;
  /** The command that entered the row. */
  readonly opening: readonly CliWord[];
  readonly parameters: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  readonly children: readonly CliRow[];
}

/** One `no <table> <selector>` line. */
export interface CliRemoval {
  readonly table: string;
  readonly selector: Selector;
  readonly line: number;
  readonly words: readonly CliWord[];
}

export interface CliRows {
  readonly rows: readonly CliRow[];
  readonly removals: readonly CliRemoval[];
  /** How many modes are open after each line (key: line), for whoever checks that parts are whole. */
  readonly depthAfter: ReadonlyMap<number, number>;
}

interface OpenRow extends CliRow {
  readonly parameters: Map<string, { value: string; line: number }>;
  readonly children: OpenRow[];
}

type Mode =
  | { readonly kind: 'section' }
  | { readonly kind: 'block'; readonly path: string }
  | { readonly kind: 'row'; readonly row: OpenRow; readonly isKnown: boolean };

/**
 * Follows the modes of CLI text (`configure`, tables, `exit`) and collects its rows. Known tables, and those given, are recognised
 * wherever they stand; the rest is followed as well as text allows and can't hide a row of a known table.
 */
export function readRows(commands: readonly CliCommand[], moreTables: Iterable<string> = []): CliRows {
  const tables = new Set([...knownTables, ...moreTables]);
  const rows: OpenRow[] = [];
  const removals: CliRemoval[] = [];
  const depthAfter = new Map<number, number>();
  let modes: Mode[] = [];

  const enter = (table: string, opening: readonly CliWord[], selector: Selector, line: number, isKnown: boolean): OpenRow => {
    const row: OpenRow = { table, selector, line, opening, parameters: new Map(), children: [] };
    modes.push({ kind: 'row', row, isKnown });
    return row;
  };

  const step = ({ line, words }: CliCommand): void => {
    const first = bare(words[0]);
    const mode = modes.at(-1);
    if (first === 'configure') modes = [{ kind: 'section' }];
    else if (first === 'exit') modes.pop();
    else if (first === 'activate' || first === 'show') return;
    else if (mode?.kind === 'row' && mode.isKnown) inRow(mode.row, words, line);
    else outsideKnownRow(mode, words, line);
  };

  const inRow = (row: OpenRow, words: readonly CliWord[], line: number): void => {
    const first = bare(words[0]) ?? '';
    const selector = words.length === 2 ? selectorOf(words[1]) : undefined;
    if (selector && deviceTable(row.table).children?.includes(first)) row.children.push(enter(`${row.table} ${first}`, words, selector, line, true));
    else setParameter(row, words, line);
  };

  const outsideKnownRow = (mode: Mode | undefined, words: readonly CliWord[], line: number): void => {
    const isRemoval = bare(words[0]) === 'no';
    const target = splitTarget(isRemoval ? words.slice(1) : words);
    const joined = mode?.kind === 'block' ? `${mode.path} ${target?.table ?? ''}` : undefined;
    const table = target && [joined, target.table].find((name) => name !== undefined && tables.has(name));

    if (target && table !== undefined && !isParameterOfUnknownRow(mode, target.selector)) {
      if (isRemoval) {
        removals.push({ table, selector: target.selector, line, words });
        return;
      }
      // A known table by its full name: what stood open before it was a setting, not a mode.
      if (table !== joined) modes = modes.slice(0, modes.findLastIndex((open) => open.kind === 'section') + 1);
      rows.push(enter(table, words, target.selector, line, true));
    } else if (mode?.kind === 'row') {
      setParameter(mode.row, words, line);
    } else if (mode?.kind === 'block') {
      if (words.length === 1 && opensPart(tables, mode.path, words)) modes.push({ kind: 'block', path: `${mode.path} ${words[0]?.text ?? ''}` });
    } else if (isRemoval) {
      if (target) removals.push({ table: target.table, selector: target.selector, line, words });
    } else if (target && !target.isBareName) {
      rows.push(enter(target.table, words, target.selector, line, false));
    } else {
      modes.push({ kind: 'block', path: words.map((word) => word.text).join(' ') });
    }
  };

  for (const command of commands) {
    step(command);
    depthAfter.set(command.line, modes.length);
  }
  return { rows, removals, depthAfter };
}

/** The name a row goes by: the name it is given, else the one it was entered with; undefined when it has none. */
export function rowName(row: CliRow): { readonly name: string; readonly parameter: string | undefined } | undefined {
  for (const parameter of nameParameters(row.table)) {
    const given = row.parameters.get(parameter)?.value;
    if (given !== undefined && given !== '') return { name: given, parameter };
  }
  return row.selector.kind === 'name' ? { name: row.selector.name, parameter: undefined } : undefined;
}

function setParameter(row: OpenRow, words: readonly CliWord[], line: number): void {
  row.parameters.set(words[0]?.text ?? '', { value: words.slice(1).map((word) => word.text).join(' '), line });
}

// In an unknown table's row, `ip-group "X"` is more likely a reference to that row than the row itself.
function isParameterOfUnknownRow(mode: Mode | undefined, selector: Selector): boolean {
  return mode?.kind === 'row' && !mode.isKnown && selector.kind === 'name';
}

function opensPart(tables: ReadonlySet<string>, path: string, words: readonly CliWord[]): boolean {
  const prefix = `${path} ${words[0]?.text ?? ''} `;
  return [...tables].some((table) => table.startsWith(prefix));
}

/** Splits `sbc routing ip2ip-routing "X"` into table and selector; undefined when nothing is selected. */
function splitTarget(words: readonly CliWord[]): { readonly table: string; readonly selector: Selector; readonly isBareName: boolean } | undefined {
  const counted = bare(words.at(-1)) === 'insert' ? words.slice(0, -1) : words;
  const last = counted.at(-1);
  const selector = selectorOf(last);
  const table = counted.slice(0, -1);
  if (!selector || table.length === 0 || table.some((word) => word.quoted)) return undefined;
  return { table: table.map((word) => word.text).join(' '), selector, isBareName: selector.kind === 'name' && bare(last) !== undefined };
}

function selectorOf(word: CliWord | undefined): Selector | undefined {
  if (!word) return undefined;
  if (word.quoted) return { kind: 'name', name: word.text };
  if (word.text === 'new') return { kind: 'new' };
  if (/^\d{1,9}$/.test(word.text)) return { kind: 'index', index: Number(word.text) };
  return { kind: 'name', name: word.text };
}

function bare(word: CliWord | undefined): string | undefined {
  return word && !word.quoted ? word.text : undefined;
}
