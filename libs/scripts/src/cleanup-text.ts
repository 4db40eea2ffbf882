import type { CliCommand } from './cli-command.js';
import { printedRows } from './compare-rows.js';
import type { Configuration, PrintedRow, RowQuery } from './configuration.js';
import { lastWord } from './device-tables.js';
import { type ReadRemoval, readScript } from './read-script.js';
import { type RowRef, rowKey } from './script-rows.js';

/** What was noted with a cleanup script: the rows that the onboarding script sets, and the removals. */
export interface NotedRows {
  readonly rows: readonly RowQuery[];
  readonly removes: readonly RowRef[];
}

/**
 * A rendered cleanup script as it is sent to a device that was just read: what is not there, also inside a row, is neither removed nor opened, and a row
 * inside one that belongs to all is removed by the index it has, the only way there is; several of one name only where they read alike, for else one may be
 * somebody else's. A row that belongs to all and is switched off stays so.
 */
export function cleanupText(script: string, { removes, rows }: NotedRows, configuration: Configuration): string {
  const noted = new Set(removes.map(rowKey));
  const queries = new Map(rows.map((row) => [rowKey(row), row]));
  const lines = script.split('\n');
  const read = readScript(commandsOf(lines));
  const keys = new Set(queries.keys());
  const find = (ref: RowRef): readonly PrintedRow[] => printedRows(/* safeguard: noted-name */ queries.get(rowKey(ref)) ?? ref, keys, configuration);
  /** Undefined for a row of which nothing was noted. */
  const rowsOpened = (table: string, name: string, removals: readonly ReadRemoval[]): readonly PrintedRow[] | undefined => {
    if (noted.has(rowKey({ table, name }))) return find({ table, name });
    const inside = removals.find(({ selector, table: its }) => selector.kind === 'name' && noted.has(rowKey({ table: its, name: selector.name, parent: name })));
    return inside && configuration.around({ table: inside.table, parent: name });
  };
  const leftOut = new Set<number>();
  const leaveOut = (line: number): void => {
    const place = read.placeAfter.get(line) ?? [];
    const row = place.at(-1) ?? 0;
    // What the line has closed without an `exit` needs one now.
    const isLeftOpen = (mode: number): boolean => !place.includes(mode) && !leftOut.has(mode);
    lines[line - 1] = (read.placeAfter.get(line - 1) ?? []).filter(isLeftOpen).map(() => 'exit').join('\n');
    leftOut.add(row);
    let at = line;
    while (read.placeAfter.get(at + 1)?.includes(row)) lines[at++] = '';
    if (lines[at]?.trim() === 'exit') lines[at] = '';
  };
  const change = (line: number, ref: RowRef, word: string | undefined): void => {
    if (!noted.has(rowKey(ref))) return;
    const found = find(ref);
    const at = line - 1;
    const indexes = found.flatMap(({ index }) => index ?? []);
    if (found.length === 0) lines[at] = '';
    else if (word !== undefined && /* safeguard: shared-row-child-index */ indexes.length > 0) {
      const margin = /^\s*/.exec(lines[at] ?? '')?.[0] ?? '';
      // The highest goes first, should those behind one that is removed move up.
      const removed = /* safeguard: unlike-twins-stay */ areAlike(found) ? indexes.sort((one, other) => other - one) : [];
      lines[at] = removed.map((index) => `${margin}no ${word} ${index}`).join('\n');
    }
  };
  for (const { line, selector, table } of read.removals) if (selector.kind === 'name') change(line, { table, name: selector.name }, undefined);
  for (const row of read.rows) {
    if (row.selector.kind !== 'name') continue;
    const there = rowsOpened(row.table, row.selector.name, row.removals);
    // Opened, it would be made.
    if (/* safeguard: absent-row-not-opened */ there?.length === 0) {
      leaveOut(row.line);
      continue;
    }
    // Its `exit` would put it in effect.
    if (row.removals.length > 0 && /* safeguard: shared-row-stays-off */ there?.some(({ isActive }) => !isActive)) lines[row.line - 1] += '\n  no activate';
    const isOwn = noted.has(rowKey({ table: row.table, name: row.selector.name }));
    for (const { line, selector, table } of row.removals) {
      const index = selector.kind === 'index' ? selector.index : undefined;
      // A device refuses the whole script for a row inside one that is not there.
      const isAbsent = there?.every(({ children }) => children.every((child) => child.index !== index || lastWord(child.table) !== lastWord(table))) ?? false;
      if (/* safeguard: absent-child-not-removed */ isOwn && index !== undefined && isAbsent) lines[line - 1] = '';
      if (selector.kind === 'name') change(line, { table, name: selector.name, parent: row.selector.name }, lastWord(table));
    }
  }
  return lines.filter((line) => line !== '').map((line) => `${line}\n`).join('');
}

function areAlike(rows: readonly PrintedRow[]): boolean {
  return new Set(rows.map(({ parameters }) => JSON.stringify([...parameters].sort()))).size === 1;
}

// What is rendered holds no remarks, and a quote in it always closes.
function commandsOf(lines: readonly string[]): CliCommand[] {
  return lines.flatMap((source, index) => {
    const words = [...source.matchAll(/"([^"]*)"|[^\s"]\S*/g)].map((found) => ({ text: found[1] ?? found[0], quoted: found[1] !== undefined, uses: [] }));
    return words.length === 0 ? [] : [{ line: index + 1, words, indent: /^\s*/.exec(source)?.[0] ?? '' }];
  });
}
