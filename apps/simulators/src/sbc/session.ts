import type { RowChange } from '../peer/call-log.js';
import { type Mode, promptOf, type RowMode } from './modes.js';
import { checkRow, checkValue } from './row-check.js';
import type { TableSchema } from './table-schema.js';
import type { Configuration, Row, Table } from './tables.js';
import { CommandError, type Word, wordsOf } from './words.js';

export interface SessionOptions {
  readonly hostName: string;
  /** Called for each command, since a restart replaces the running configuration. */
  readonly configuration: () => Configuration;
  /** Text of a `show` command; undefined for an unknown one. */
  readonly show: (what: string) => string | undefined;
  /** Removing a row that isn't there is an error instead of nothing. */
  readonly isStrict: boolean;
  /** True when no row may be added to the table. */
  readonly isFull: (path: string) => boolean;
  /** True when no row may be removed from the table. */
  readonly isLocked: (path: string) => boolean;
}

const sections = ['voip', 'system', 'network', 'troubleshoot'];
const actions = ['copy', 'reload', 'write', 'clear', 'debug', 'ping', 'traceroute', 'erase', 'import', 'export'];

/** One run of the command interpreter, from the privileged mode on. */
export class Session {
  /** Rows set and removed so far, in order. */
  readonly changes: RowChange[] = [];
  private readonly modes: Mode[] = [];
  private hasEnded = false;

  constructor(private readonly options: SessionOptions) {}

  get prompt(): string {
    return promptOf(this.options.hostName, this.modes.at(-1));
  }

  /**
   * Carries out one line and returns what it prints.
   * @throws CommandError with the device's message; what earlier lines did stays
   */
  run(line: string): string {
    const words = wordsOf(line);
    const [first, ...rest] = words;
    if (!first) return '';
    if (this.hasEnded) throw new CommandError('Error: the session has ended');
    const verb = first.isQuoted ? '' : first.text;
    if (verb === 'exit') return this.exit(rest);
    if (verb === 'do' || verb === 'show') return this.show(verb === 'do' ? rest : words);
    const mode = this.modes.at(-1);
    if (!mode) return this.runAtTop(verb, rest, first);
    if (mode.kind === 'section') return this.runInSection(mode.name, verb, words);
    return this.runInRow(mode, verb, words);
  }

  private exit(rest: readonly Word[]): string {
    nothingMore(rest);
    if (!this.modes.pop()) this.hasEnded = true;
    return '';
  }

  private show(words: readonly Word[]): string {
    const what = words.map((word) => word.text).join(' ');
    if (!what.startsWith('show')) throw new CommandError(`Unknown command '${words[0]?.text ?? ''}'`);
    if (what === 'show') throw new CommandError('Incomplete command');
    const shown = this.options.show(what.slice('show '.length));
    if (shown === undefined) throw new CommandError('Unknown command: there is nothing of this name to show');
    return shown;
  }

  private runAtTop(verb: string, rest: readonly Word[], first: Word): string {
    if (verb === 'enable') return '';
    if (actions.includes(verb)) throw new CommandError(`Invalid command: action '${verb}' is not allowed in a script`);
    if (verb !== 'configure') throw new CommandError(`Unknown command '${first.text}'`);
    const [section, ...more] = rest;
    if (!section) throw new CommandError('Incomplete command');
    nothingMore(more);
    if (!sections.includes(section.text)) throw new CommandError(`Unknown command '${section.text}'`);
    this.modes.push({ kind: 'section', name: section.text });
    return '';
  }

  private runInSection(section: string, verb: string, words: readonly Word[]): string {
    const isRemoval = verb === 'no';
    const given = isRemoval ? words.slice(1) : words;
    const { table, rest } = this.findTable(section, given);
    const [selector, ...more] = rest;
    if (!selector) throw new CommandError('Incomplete command');
    if (isRemoval) {
      nothingMore(more);
      this.remove(table, selector);
      return '';
    }
    const [move, ...others] = more;
    nothingMore(others);
    if (move && move.text !== 'insert') this.move(table, selector, move.text);
    else this.enter(table, selector, move !== undefined);
    return '';
  }

  private findTable(section: string, words: readonly Word[]): { table: Table; rest: readonly Word[] } {
    const tables = this.options.configuration().all.filter((table) => table.schema.section === section);
    const found = tables
      .filter((table) => beginsWith(words, table.schema.path.split(' ')))
      .sort((one, other) => other.schema.path.length - one.schema.path.length)[0];
    if (found) return { table: found, rest: words.slice(found.schema.path.split(' ').length) };
    const typed = words.map((word) => word.text).join(' ');
    if (tables.some((table) => table.schema.path.startsWith(`${typed} `)) || typed === '') throw new CommandError('Incomplete command');
    throw new CommandError(`Unknown command '${words[0]?.text ?? ''}'`);
  }

  private enter(table: Table, selector: Word, isInsert: boolean): void {
    const { schema } = table;
    if (isInsert && !schema.isOrdered) throw new CommandError(`Invalid command: ${schema.title} has no order`);
    const index = this.indexOf(table, selector);
    const isNew = isWord(selector, 'new');
    const row = isInsert ? undefined : table.at(index);
    this.modes.push({
      kind: 'row', schema, index, values: { ...row?.values }, children: { ...row?.children }, isStored: row !== undefined, isNew, isInsert,
    });
  }

  private indexOf(table: Table, selector: Word): number {
    if (isWord(selector, 'new')) {
      if (this.options.isFull(table.schema.path)) throw new CommandError(`${table.schema.title} table is full`);
      return table.freeIndex();
    }
    if (!selector.isQuoted && /^\d{1,6}$/.test(selector.text)) {
      const index = Number(selector.text);
      if (index >= table.schema.capacity) throw new CommandError(`Invalid index ${index} for ${table.schema.title}`);
      return index;
    }
    const row = table.named(selector.text);
    if (!row) throw new CommandError(`${table.schema.title} '${selector.text}' is not found`);
    return row.index;
  }

  private remove(table: Table, selector: Word): void {
    const { schema } = table;
    const isIndex = !selector.isQuoted && /^\d{1,6}$/.test(selector.text);
    const row = isIndex ? table.at(Number(selector.text)) : table.named(selector.text);
    if (!row) {
      if (this.options.isStrict) throw new CommandError(`Invalid ${schema.title}: '${selector.text}' is not found`);
      return;
    }
    const name = table.nameOf(row);
    if (this.options.isLocked(schema.path)) throw new CommandError(`Error: ${schema.title} '${name}' is locked`);
    const user = this.options.configuration().userOf(schema.path, name);
    if (user !== undefined) throw new CommandError(`Error: ${schema.title} '${name}' is used by ${user}`);
    table.remove(row.index);
    this.changes.push({ action: 'remove', table: schema.path, index: row.index, name });
  }

  private move(table: Table, selector: Word, how: string): void {
    if (!table.schema.isOrdered || !['move-up', 'move-down'].includes(how)) throw new CommandError(`Unknown command '${how}'`);
    const index = this.indexOf(table, selector);
    const rows = table.list().map((row) => row.index);
    const at = rows.indexOf(index);
    const other = rows[how === 'move-up' ? at - 1 : at + 1];
    if (at < 0 || other === undefined) throw new CommandError(`Invalid command: row ${index} can't be moved`);
    table.swap(index, other);
  }

  private runInRow(mode: RowMode, verb: string, words: readonly Word[]): string {
    if (verb === 'activate') {
      nothingMore(words.slice(1));
      this.activate(mode);
      return '';
    }
    const isRemoval = verb === 'no';
    const [name, value, ...more] = isRemoval ? words.slice(1) : words;
    if (!name) throw new CommandError('Incomplete command');
    nothingMore(more);
    const child = mode.schema.children?.find(({ path }) => path === name.text);
    if (child && value) {
      if (isRemoval) this.removeChild(mode, child, value);
      else this.enterChild(mode, child, value);
      return '';
    }
    const schema = mode.schema.parameters[name.text];
    if (child) throw new CommandError('Incomplete command');
    if (name.isQuoted || (!schema && !mode.schema.isOpen)) throw new CommandError(`Unknown command '${name.text}'`);
    if (isRemoval) {
      nothingMore(value ? [value] : []);
      delete mode.values[name.text];
      return '';
    }
    if (!value) throw new CommandError('Incomplete command');
    checkValue(name.text, value.text, schema ?? {});
    mode.values[name.text] = value.text;
    return '';
  }

  private enterChild(parent: RowMode, schema: TableSchema, selector: Word): void {
    const rows = parent.children[schema.path] ?? [];
    const isNew = isWord(selector, 'new');
    if (!isNew && (selector.isQuoted || !/^\d{1,6}$/.test(selector.text))) throw new CommandError(`Invalid index '${selector.text}' for ${schema.title}`);
    const taken = new Set(rows.map((row) => row.index));
    let index = isNew ? 0 : Number(selector.text);
    while (isNew && taken.has(index)) index += 1;
    if (!taken.has(index) && rows.length >= schema.capacity) throw new CommandError(`${schema.title} table is full`);
    const values = { ...rows.find((row) => row.index === index)?.values };
    this.modes.push({ kind: 'row', schema, index, parent, values, children: {}, isStored: taken.has(index), isNew, isInsert: false });
  }

  private removeChild(parent: RowMode, schema: TableSchema, selector: Word): void {
    const rows = parent.children[schema.path] ?? [];
    const kept = rows.filter((row) => String(row.index) !== selector.text);
    if (kept.length === rows.length && this.options.isStrict) throw new CommandError(`Invalid ${schema.title}: '${selector.text}' is not found`);
    this.setChildren(parent, schema.path, kept);
  }

  private setChildren(parent: RowMode, path: string, rows: readonly Row[]): void {
    parent.children = { ...parent.children, [path]: rows };
    if (!parent.isStored) return;
    // A child's own activate does not put the parent's open changes into effect.
    const table = this.options.configuration().table(parent.schema.path);
    const stored = table?.at(parent.index);
    if (table && stored) table.put({ ...stored, children: parent.children });
  }

  private activate(mode: RowMode): void {
    const { schema, index, parent, values } = mode;
    const configuration = this.options.configuration();
    checkRow(schema, values, configuration);
    if (parent) {
      const others = (parent.children[schema.path] ?? []).filter((row) => row.index !== index);
      this.setChildren(parent, schema.path, [...others, { index, values: { ...values }, children: {} }]);
      mode.isStored = true;
      return;
    }
    const table = configuration.table(schema.path);
    if (!table) throw new CommandError(`Error: ${schema.title} is gone`);
    if (!mode.isStored) this.addTo(table, mode);
    const before = table.at(index);
    const name = values[schema.nameParameter] ?? '';
    if (before && table.nameOf(before) !== name) {
      const user = configuration.userOf(schema.path, table.nameOf(before));
      if (user !== undefined) throw new CommandError(`Error: ${schema.title} '${table.nameOf(before)}' is used by ${user}`);
    }
    table.put({ index, values: { ...values }, children: mode.children });
    mode.isStored = true;
    this.changes.push({ action: 'set', table: schema.path, index, name });
  }

  private addTo(table: Table, { schema, index, isNew, isInsert, values }: RowMode): void {
    if (this.options.isFull(schema.path) && !table.at(index)) throw new CommandError(`${schema.title} table is full`);
    if (isNew && table.at(index)) throw new CommandError(`Error: ${schema.title} ${index} already exists`);
    const name = values[schema.nameParameter] ?? '';
    if (isInsert && table.named(name)) throw new CommandError(`${schema.title} with name '${name}' already exists`);
    if (isInsert) table.makeRoomAt(index);
  }
}

function isWord(word: Word, text: string): boolean {
  return !word.isQuoted && word.text === text;
}

function beginsWith(words: readonly Word[], path: readonly string[]): boolean {
  return path.every((part, at) => words[at]?.text === part);
}

function nothingMore(words: readonly Word[]): void {
  const [extra] = words;
  if (extra) throw new CommandError(`Invalid command: unexpected '${extra.text}'`);
}
