import type { RowChange } from '../calls/call-log.js';
import { type CommandNode, commandTree, invalid, sections, walk, wordMeant } from './commands.js';
import { type Mode, promptOf, type RowMode } from './modes.js';
import { checkRow, checkValue } from './row-check.js';
import type { ParameterSchema, TableSchema } from './schema/table-schema.js';
import type { Configuration, Row, Table } from './tables.js';
import { CommandError, type Word, wordsOf } from './words.js';

/** Commands of which a client should have no need: what is saved, and when a device restarts, is not for a script to say. */
export type DeviceCommand = 'write' | 'reload';

export interface SessionOptions {
  readonly hostName: () => string;
  /** Called for each command, since a restart replaces the running configuration. */
  readonly configuration: () => Configuration;
  /** Text of a `show` command. */
  readonly show: (what: string) => string;
  /** Saves, or restarts. */
  readonly obey: (command: DeviceCommand) => void;
  /** Removing a row that isn't there is an error instead of nothing. */
  readonly isStrict: boolean;
  /** True when no row may be added to the table. */
  readonly isFull: (path: string) => boolean;
  /** True when no row may be removed from the table. */
  readonly isLocked: (path: string) => boolean;
  /** True when rows of this child table can be addressed by their name too. */
  readonly isChildNamed: (path: string) => boolean;
}

const actions = ['copy', 'clear', 'debug', 'ping', 'traceroute', 'erase', 'import', 'export'];
const deviceCommands = ['write', 'reload', ...actions];
const anywhere = ['exit', 'do', 'show'];
const atTop = [...anywhere, 'enable', ...deviceCommands];
const shown = ['system version', 'running-config', ...sections.map((section) => `running-config ${section}`)];

type Run = () => string;

/** One run of the command interpreter, from the privileged mode on. */
export class Session {
  /** Rows set and removed so far, in order. */
  readonly changes: RowChange[] = [];
  /** Commands of the device's own business that were carried out. */
  readonly obeyed: DeviceCommand[] = [];
  private readonly modes: Mode[] = [];
  private readonly root: CommandNode;
  private hasEnded = false;

  constructor(private readonly options: SessionOptions) {
    this.root = commandTree(options.configuration().all.map((table) => table.schema));
  }

  get prompt(): string {
    return promptOf(this.options.hostName(), this.modes.at(-1));
  }

  /**
   * Carries out one line and returns what it prints.
   * @throws CommandError with the device's message; what earlier lines did stays
   */
  run(line: string): string {
    const words = wordsOf(line);
    const [first] = words;
    if (!first) return '';
    if (this.hasEnded) throw new CommandError('Error: the session has ended');
    // A whole word of an outer mode counts for more than a short one of the inner: this is how the next row begins without `exit`.
    for (const isExact of [true, false]) {
      for (let depth = this.modes.length; depth >= 0; depth -= 1) {
        const run = this.find(depth, line, words, isExact);
        if (run) return run();
      }
    }
    throw invalid(first);
  }

  /** The script is over: a row that stands open is left. */
  end(): void {
    this.leaveTo(0);
  }

  private find(depth: number, line: string, words: readonly Word[], isExact: boolean): Run | undefined {
    const mode = this.modes[depth - 1];
    const isInner = depth === this.modes.length;
    if (mode?.kind === 'row') return isInner ? this.findInRow(mode, line, words, isExact) : this.findChild(mode, depth, words, isExact);
    return this.findInNode(mode?.node ?? this.root, depth, isInner, words, isExact);
  }

  private findInNode(node: CommandNode, depth: number, isInner: boolean, words: readonly Word[], isExact: boolean): Run | undefined {
    const { isRemoval, named, rest } = parsed(words);
    if (!isRemoval) {
      const commands = depth > 0 ? (isInner ? anywhere : []) : (isInner ? atTop : deviceCommands);
      const meant = wordMeant(named, [...node.next.keys(), ...commands], isExact);
      if (meant !== undefined && commands.includes(meant)) return () => this.command(meant, named, rest);
    }
    const found = walk(node, [named, ...rest], isExact);
    return found && (() => {
      this.leaveTo(depth);
      return this.address(found.node, found.rest, isRemoval, named);
    });
  }

  private findInRow(mode: RowMode, line: string, words: readonly Word[], isExact: boolean): Run | undefined {
    const { schema } = mode;
    const { isRemoval, named, rest } = parsed(words);
    const commands = isRemoval ? ['activate'] : ['activate', ...anywhere];
    const children = (schema.children ?? []).map(({ path }) => path);
    const isOpenToAny = schema.isOpen && !isExact && !named.isQuoted;
    const meant = wordMeant(named, [...commands, ...Object.keys(schema.parameters), ...children], isExact || isOpenToAny === true)
      ?? (isOpenToAny ? named.text : undefined);
    if (meant === undefined) return undefined;
    if (meant === 'activate') return () => this.toggle(mode, rest, !isRemoval);
    if (commands.includes(meant)) return () => this.command(meant, named, rest);
    if (children.includes(meant)) return this.findChild(mode, this.modes.length, words, isExact);
    return () => this.setParameter(mode, meant, isRemoval, line, rest);
  }

  /** A row of a child table, addressed from its parent's row. */
  private findChild(mode: RowMode, depth: number, words: readonly Word[], isExact: boolean): Run | undefined {
    const { isRemoval, named, rest: [selector, ...more] } = parsed(words);
    const meant = wordMeant(named, (mode.schema.children ?? []).map(({ path }) => path), isExact);
    const child = mode.schema.children?.find(({ path }) => path === meant);
    if (!child || (selector && besideSelector.test(selector.text))) return undefined;
    return () => {
      if (!selector) throw new CommandError('Incomplete command');
      nothingMore(more);
      this.leaveTo(depth);
      if (isRemoval) this.removeChild(mode, child, selector);
      else this.enterChild(mode, child, selector);
      return '';
    };
  }

  private command(verb: string, typed: Word, rest: readonly Word[]): string {
    switch (verb) {
      case 'exit': return this.exit(rest);
      case 'show': return this.show(rest);
      case 'do': return this.doAtTop(rest);
      case 'enable': nothingMore(rest); return '';
      case 'write': nothingMore(rest); return this.obey(verb);
      case 'reload': return this.reload(rest);
      default: throw new CommandError(`Invalid command [${typed.text}]: action '${verb}' is not allowed in a script`);
    }
  }

  private doAtTop(words: readonly Word[]): string {
    const [first, ...rest] = words;
    if (!first) throw new CommandError('Incomplete command');
    const meant = wordMeant(first, atTop, false);
    if (meant === undefined || meant === 'exit' || meant === 'enable') throw invalid(first);
    return this.command(meant, first, rest);
  }

  private exit(rest: readonly Word[]): string {
    nothingMore(rest);
    const mode = this.modes.at(-1);
    if (mode?.kind === 'row') {
      if (mode.isKeptOff) this.leaveRow(mode);
      else if (mode.isChanged || !mode.isActive) this.activate(mode);
    }
    if (!this.modes.pop()) this.hasEnded = true;
    return '';
  }

  private show(words: readonly Word[]): string {
    const [first] = words;
    if (!first) throw new CommandError('Incomplete command');
    const begun = shown.filter((what) => words.every((word, at) => !word.isQuoted && what.split(' ')[at]?.startsWith(word.text)));
    const whole = begun.filter((what) => what.split(' ').length === words.length);
    if (whole.length > 1) throw new CommandError(`Ambiguous command [${first.text}]`);
    if (whole[0] !== undefined) return this.options.show(whole[0]);
    throw begun.length > 0 ? new CommandError('Incomplete command') : invalid(first);
  }

  private reload(words: readonly Word[]): string {
    const [how, ...more] = words;
    if (!how) throw new CommandError('Incomplete command');
    nothingMore(more);
    if (wordMeant(how, ['now'], false) === undefined) throw invalid(how);
    return this.obey('reload');
  }

  private obey(command: DeviceCommand): string {
    this.obeyed.push(command);
    this.options.obey(command);
    return command === 'write' ? 'Writing configuration...done' : '';
  }

  private address(node: CommandNode, rest: readonly Word[], isRemoval: boolean, named: Word): string {
    const { table: addressed } = node;
    if (!addressed) {
      if (isRemoval) throw invalid(named);
      this.modes.push({ kind: 'node', node });
      return '';
    }
    const [selector, ...more] = rest;
    if (!selector) throw new CommandError('Incomplete command');
    const table = this.tableOf(addressed.schema);
    if (addressed.child) this.addressBeside(table, addressed.child, selector, more, isRemoval);
    else if (isRemoval) {
      nothingMore(more);
      this.remove(table, selector);
    } else this.addressRow(table, selector, more);
    return '';
  }

  private addressRow(table: Table, selector: Word, more: readonly Word[]): void {
    const [how, ...others] = more;
    nothingMore(others);
    const meant = how && wordMeant(how, ['insert', 'move-up', 'move-down'], false);
    if (how && meant === undefined) throw invalid(how);
    if (meant === undefined || meant === 'insert') this.enter(table, selector, meant === 'insert');
    else this.move(table, selector, meant);
  }

  /** A row of a child table, addressed beside its parent's as `parent/child`. */
  private addressBeside(table: Table, child: TableSchema, selector: Word, more: readonly Word[], isRemoval: boolean): void {
    nothingMore(more);
    const indexes = selector.isQuoted ? null : besideSelector.exec(selector.text);
    if (!indexes) throw new CommandError(`Invalid index '${selector.text}' for ${child.title}`);
    const row = table.at(Number(indexes[1]));
    if (!row) throw new CommandError(`${table.schema.title} '${indexes[1] ?? ''}' is not found`);
    const parent = rowMode(table.schema, row.index, row);
    const own = { text: indexes[2] ?? '', isQuoted: false, at: selector.at };
    if (isRemoval) this.removeChild(parent, child, own);
    else this.enterChild(parent, child, own);
  }

  private tableOf({ path, title }: TableSchema): Table {
    const table = this.options.configuration().table(path);
    if (!table) throw new CommandError(`Error: ${title} is gone`);
    return table;
  }

  private enter(table: Table, selector: Word, isInsert: boolean): void {
    const { schema } = table;
    if (isInsert && !schema.isOrdered) throw new CommandError(`Invalid command: ${schema.title} has no order`);
    const index = this.indexOf(table, selector);
    this.modes.push(rowMode(schema, index, isInsert ? undefined : table.at(index), { isNew: isWord(selector, 'new'), isInsert }));
  }

  private indexOf(table: Table, selector: Word): number {
    const { schema } = table;
    if (isWord(selector, 'new')) {
      if (this.options.isFull(schema.path)) throw new CommandError(`${schema.title} table is full`);
      return table.freeIndex();
    }
    if (isIndex(selector)) {
      const index = Number(selector.text);
      if (index >= schema.capacity) throw new CommandError(`Invalid index ${index} for ${schema.title}`);
      return index;
    }
    const row = table.named(selector.text);
    if (!row) throw new CommandError(`${schema.title} '${selector.text}' is not found`);
    return row.index;
  }

  private remove(table: Table, selector: Word): void {
    const { schema } = table;
    const row = isIndex(selector) ? table.at(Number(selector.text)) : table.named(selector.text);
    if (!row) {
      if (this.options.isStrict) throw new CommandError(`Invalid ${schema.title}: '${selector.text}' is not found`);
      return;
    }
    const name = table.nameOf(row);
    if (this.options.isLocked(schema.path)) throw new CommandError(`Error: ${schema.title} '${name}' is locked`);
    this.refuseIfUsed(table, name);
    table.remove(row.index);
    this.changes.push({ action: 'remove', table: schema.path, index: row.index, name });
  }

  private refuseIfUsed({ schema }: Table, name: string): void {
    const user = this.options.configuration().userOf(schema.path, name);
    if (user !== undefined) throw new CommandError(`Error: ${schema.title} '${name}' is used by ${user}`);
  }

  private move(table: Table, selector: Word, how: string): void {
    if (!table.schema.isOrdered) throw new CommandError(`Invalid command: ${table.schema.title} has no order`);
    const index = this.indexOf(table, selector);
    const rows = table.list().map((row) => row.index);
    const at = rows.indexOf(index);
    const other = rows[how === 'move-up' ? at - 1 : at + 1];
    if (at < 0 || other === undefined) throw new CommandError(`Invalid command: row ${index} can't be moved`);
    table.swap(index, other);
  }

  private setParameter(mode: RowMode, parameter: string, isRemoval: boolean, line: string, words: readonly Word[]): string {
    const schema: ParameterSchema = mode.schema.parameters[parameter] ?? {};
    const [value, ...more] = words;
    if (isRemoval) {
      nothingMore(words);
      delete mode.values[parameter];
    } else {
      if (!value) throw new CommandError('Incomplete command');
      const given = schema.takesRest && !value.isQuoted ? line.slice(value.at).trimEnd() : valueOf(schema, value, more);
      checkValue(parameter, given, schema);
      mode.values[parameter] = given;
    }
    mode.isChanged = true;
    return '';
  }

  private enterChild(parent: RowMode, schema: TableSchema, selector: Word): void {
    const rows = this.childrenOf(parent)[schema.path] ?? [];
    const isNew = isWord(selector, 'new');
    const index = isNew ? firstFree(rows) : this.childIndex(rows, schema, selector);
    if (index === undefined) throw new CommandError(isIndex(selector) ? `Invalid index ${selector.text} for ${schema.title}` : `${schema.title} '${selector.text}' is not found`);
    const row = rows.find((other) => other.index === index);
    if (!row && (rows.length >= schema.capacity || this.options.isFull(schema.path))) throw new CommandError(`${schema.title} table is full`);
    this.modes.push(rowMode(schema, index, row, { isNew, parent }));
  }

  /** Undefined when no row can have the index, or has the name. */
  private childIndex(rows: readonly Row[], schema: TableSchema, selector: Word): number | undefined {
    if (isIndex(selector)) return Number(selector.text);
    if (!this.options.isChildNamed(schema.path)) throw new CommandError(`Invalid index '${selector.text}' for ${schema.title}`);
    return rows.find(({ values }) => values[schema.nameParameter] === selector.text)?.index;
  }

  private removeChild(parent: RowMode, schema: TableSchema, selector: Word): void {
    const rows = this.childrenOf(parent)[schema.path] ?? [];
    const index = this.childIndex(rows, schema, selector);
    const row = rows.find((other) => other.index === index);
    if (!row) {
      if (this.options.isStrict) throw new CommandError(`Invalid ${schema.title}: '${selector.text}' is not found`);
      return;
    }
    if (this.options.isLocked(schema.path)) throw new CommandError(`Error: ${schema.title} '${selector.text}' is locked`);
    this.setChildren(parent, schema.path, rows.filter((other) => other !== row));
    this.noteChild('remove', parent, schema, row);
  }

  /** Of a row that is in its table, as they are now: another script may have changed them. */
  private childrenOf({ schema, index, isStored, children }: RowMode): Row['children'] {
    return isStored ? this.tableOf(schema).at(index)?.children ?? {} : children;
  }

  private setChildren(parent: RowMode, path: string, rows: readonly Row[]): void {
    const children = { ...this.childrenOf(parent), [path]: rows };
    if (!parent.isStored) {
      Object.assign(parent, { children, isChanged: true });
      return;
    }
    // A child's own activate does not put the parent's open changes into effect.
    const table = this.tableOf(parent.schema);
    const stored = table.at(parent.index);
    if (!stored) throw new CommandError(`Error: ${parent.schema.title} ${parent.index} is gone`);
    table.put({ ...stored, children });
  }

  private noteChild(action: RowChange['action'], parent: RowMode, { path, nameParameter }: TableSchema, { index, values }: Row): void {
    this.changes.push({ action, table: `${parent.schema.path} ${path}`, parent: parent.index, index, name: values[nameParameter] ?? '' });
  }

  private toggle(mode: RowMode, rest: readonly Word[], isOn: boolean): string {
    nothingMore(rest);
    if (isOn) this.activate(mode);
    else {
      this.store(mode, false);
      mode.isKeptOff = true;
    }
    return '';
  }

  private activate(mode: RowMode): void {
    const { schema, index, values } = mode;
    if (schema.autoName !== undefined && !values[schema.nameParameter]) values[schema.nameParameter] = `${schema.autoName}_${index}`;
    checkRow(schema, values, this.options.configuration());
    this.store(mode, true);
  }

  private store(mode: RowMode, isActive: boolean): void {
    const { schema, index, parent, values, opaque } = mode;
    const children = parent ? {} : this.childrenOf(mode);
    const row: Row = { index, values: { ...values }, children, ...opaque && { opaque }, ...!isActive && { notActivated: true } };
    if (parent) {
      const rows = this.childrenOf(parent)[schema.path] ?? [];
      const others = rows.filter((other) => other.index !== index);
      if (mode.isNew && !mode.isStored && others.length < rows.length) throw new CommandError(`Error: ${schema.title} ${index} already exists`);
      this.setChildren(parent, schema.path, [...others, row].sort((one, other) => one.index - other.index));
      this.noteChild('set', parent, schema, row);
    } else this.storeInTable(mode, row);
    Object.assign(mode, { isStored: true, isActive, isChanged: false, isKeptOff: false });
  }

  private storeInTable(mode: RowMode, row: Row): void {
    const { schema, index } = mode;
    const table = this.tableOf(schema);
    if (!mode.isStored) this.addTo(table, mode);
    const before = table.at(index);
    if (before && table.nameOf(before) !== table.nameOf(row)) this.refuseIfUsed(table, table.nameOf(before));
    table.put(row);
    this.changes.push({ action: 'set', table: schema.path, index, name: table.nameOf(row) });
  }

  private addTo(table: Table, { schema, index, isNew, isInsert, values }: RowMode): void {
    if (this.options.isFull(schema.path) && !table.at(index)) throw new CommandError(`${schema.title} table is full`);
    if (isNew && table.at(index)) throw new CommandError(`Error: ${schema.title} ${index} already exists`);
    const name = values[schema.nameParameter] ?? '';
    if (isInsert && table.named(name)) throw new CommandError(`${schema.title} with name '${name}' already exists`);
    if (isInsert) table.makeRoomAt(index);
  }

  private leaveTo(depth: number): void {
    while (this.modes.length > depth) {
      const mode = this.modes.pop();
      if (mode?.kind === 'row') this.leaveRow(mode);
    }
  }

  /** What was changed and not activated stays in the table, and is not in effect. */
  private leaveRow(mode: RowMode): void {
    if (mode.isChanged) this.store(mode, false);
  }
}

const besideSelector = /^(\d{1,6})\/(\d{1,6}|new)$/;

function rowMode(schema: TableSchema, index: number, row: Row | undefined, more: { isNew?: boolean; isInsert?: boolean; parent?: RowMode } = {}): RowMode {
  return {
    kind: 'row', schema, index, values: { ...row?.values }, children: { ...row?.children }, isStored: row !== undefined, isActive: row !== undefined && !row.notActivated,
    isChanged: false, isKeptOff: false, isNew: false, isInsert: false, ...row?.opaque && { opaque: row.opaque }, ...more,
  };
}

interface Parsed { readonly isRemoval: boolean; readonly named: Word; readonly rest: readonly Word[] }

/** @throws CommandError for a `no` with nothing behind it */
function parsed(words: readonly Word[]): Parsed {
  const isRemoval = words[0] !== undefined && isWord(words[0], 'no');
  const [named, ...rest] = isRemoval ? words.slice(1) : words;
  if (!named) throw new CommandError('Incomplete command');
  return { isRemoval, named, rest };
}

/** A secret that is already obscured is taken as it stands. */
function valueOf({ isSecret }: ParameterSchema, value: Word, more: readonly Word[]): string {
  if (isSecret && more.length === 1 && more[0] && isWord(more[0], 'obscured')) return `${value.text} obscured`;
  nothingMore(more);
  return value.text;
}

function firstFree(rows: readonly Row[]): number {
  const taken = new Set(rows.map(({ index }) => index));
  let index = 0;
  while (taken.has(index)) index += 1;
  return index;
}

function isIndex(word: Word): boolean {
  return !word.isQuoted && /^\d{1,6}$/.test(word.text);
}

function isWord(word: Word, text: string): boolean {
  return !word.isQuoted && word.text === text;
}

function nothingMore(words: readonly Word[]): void {
  const [extra] = words;
  if (extra) throw invalid(extra);
}
