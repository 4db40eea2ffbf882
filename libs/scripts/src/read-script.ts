import { isReservedWord } from './characters.js';
import { type CliCommand, type CliWord, lineText, type Statement } from './cli-command.js';
import { deviceTable, freeTexts, hasChild, isKnownTable, knownParameters, menus, parametersBegunBy, sectionOf, tableName, tablePaths } from './device-tables.js';
import type { TemplateProblem } from './template.js';

/** How a line picks a row: the next free index, an index, or a name. */
export type Selector = { readonly kind: 'new' } | { readonly kind: 'index'; readonly index: number } | { readonly kind: 'name'; readonly name: string };

/** What becomes of an entered row: only one in effect is of any use. */
export type Effect = 'in-effect' | 'inactive' | 'not-applied';

export interface ReadValue {
  readonly value: string;
  readonly line: number;
  /** Placeholders the value comes from. */
  readonly uses: readonly string[];
}

/** One row a script enters, with the rows inside it. */
export interface ReadRow {
  readonly table: string;
  readonly selector: Selector;
  readonly line: number;
  /** The command that entered the row. */
  readonly opening: readonly CliWord[];
  readonly parameters: ReadonlyMap<string, ReadValue>;
  /** Parameters taken back with `no`, by their line. */
  readonly cleared: ReadonlyMap<string, number>;
  readonly children: readonly ReadRow[];
  readonly removals: readonly ReadRemoval[];
  readonly statedName: string | undefined;
  readonly statedDefaults: ReadonlyMap<string, string>;
  readonly effect: Effect;
}

/** One row a script removes. */
export interface ReadRemoval {
  readonly table: string;
  readonly selector: Selector;
  readonly line: number;
  readonly words: readonly CliWord[];
}

export interface ReadScript {
  readonly rows: readonly ReadRow[];
  readonly removals: readonly ReadRemoval[];
  /** Lines that are not understood, or do what a script may not. */
  readonly problems: readonly TemplateProblem[];
  /** What is open after each line: the same list means the same place. */
  readonly placeAfter: ReadonlyMap<number, readonly number[]>;
}

interface OpenRow extends ReadRow {
  readonly parameters: Map<string, ReadValue>;
  readonly cleared: Map<string, number>;
  readonly children: OpenRow[];
  readonly removals: ReadRemoval[];
  readonly statedDefaults: Map<string, string>;
  statedName: string | undefined;
  effect: Effect;
}

type Mode = { readonly id: number } & (
  | { readonly kind: 'configure' }
  | { readonly kind: 'section'; readonly prefix: string }
  | { readonly kind: 'menu'; readonly path: string }
  | { readonly kind: 'row'; readonly row: OpenRow; readonly indent: number }
);
type Entered = Mode extends infer Each ? Each extends Mode ? Omit<Each, 'id'> : never : never;
type Level = Extract<Mode, { kind: 'section' | 'menu' }>;

const sections = ['voip', 'network'];
const keywords = ['activate', 'configure', 'enable', 'exit', 'show'];
// Commands of a device that a parameter must not be taken for, in any shortened form.
const foreignCommands = [
  'do', 'write', 'reload', 'reset', 'copy', 'erase', 'clear', 'debug', 'configure', 'quit', 'end', 'disable', 'ping', 'traceroute', 'admin', 'import', 'export', 'no', 'new', 'insert',
];
const commands = [...foreignCommands, ...keywords];
// Beginnings of what is set once for a whole device, beside the tables of `configure voip`.
const settingsWords = new Set(['application', 'gateway', 'ids', 'ldap', 'media', 'pstn', 'remote-web-services', 'tdm']);
/** Characters of a line that a message shows. */
const longestLine = 60;
const tableWord = /^[A-Za-z][A-Za-z0-9-]*$/;
const shownWord = /^[A-Za-z0-9][A-Za-z0-9./_-]*$/;
const twoKeys = /^\d+\/(?:\d+|new)$/i;
const understood = 'a script holds "configure voip", rows, their parameters, "activate", "exit" and "show", each on a line of its own';

/** Reads every line of a script as a device does. What can't be understood for sure is a problem with its line, never passed over. */
export function readScript(commands: readonly CliCommand[]): ReadScript {
  const reader = new ScriptReader();
  for (const command of commands) reader.take(command);
  return reader.end();
}

class ScriptReader {
  private readonly rows: OpenRow[] = [];
  private readonly removals: ReadRemoval[] = [];
  private readonly problems: TemplateProblem[] = [];
  private readonly placeAfter = new Map<number, readonly number[]>();
  private modes: Mode[] = [];
  private lastId = 0;
  private isConfiguring = false;
  private isFirst = true;
  private line = 0;
  private indent = 0;

  take({ indent = '', line, statements = [], words }: CliCommand): void {
    this.line = line;
    this.indent = indent.length;
    const before = this.openRow();
    this.step(words);
    if (statements.length > 0) this.state(statements, words[0]?.text === 'exit' ? before : this.openRow(), before);
    this.isFirst = false;
    this.placeAfter.set(line, this.modes.map(({ id }) => id));
  }

  end(): ReadScript {
    if (this.isConfiguring) this.fail('after "configure" the section is missing: configure voip');
    this.leaveAll();
    return { rows: this.rows, removals: this.removals, problems: this.problems, placeAfter: this.placeAfter };
  }

  private step(words: readonly CliWord[]): void {
    const first = words[0]?.text ?? '';
    const isAlone = words.length === 1;
    const isConfiguring = this.modes.at(-1)?.kind === 'configure';
    const isChosenNow = this.isConfiguring;
    this.isConfiguring = false;
    if (isConfiguring && (isChosenNow || sections.includes(first))) {
      if (isAlone) this.enterSection(first);
      else this.fail(`after "configure" comes a section alone: ${sections.join(' or ')}`);
    } else if (first === 'show' || (first === 'do' && words[1]?.text === 'show')) {
      this.checkShow(words.slice(first === 'do' ? 2 : 1));
    } else if (first === 'do' && wholeWord(words[1]?.text ?? '', ['show']) !== undefined) {
      this.failShort(words[1]?.text ?? '', 'show');
    } else if (first === 'enable' && isAlone && this.isFirst) {
      return;
    } else if (first === 'configure') {
      if (isAlone) this.chooseSection();
      else if (words.length > 2) this.fail('"configure" takes a section alone');
      else if (words.some(({ uses }) => uses.length > 0)) this.fail('a value can\'t choose what is configured');
      else {
        this.leaveAll();
        this.enterSection(words[1]?.text ?? '');
      }
    } else if (first === 'exit' && isAlone) {
      if (this.modes.length === 0) this.fail('"exit" closes nothing here');
      else this.leave('exit');
    } else if (first === 'activate' && isAlone) {
      const row = this.openRow();
      if (row) row.effect = row.effect === 'inactive' ? 'inactive' : 'in-effect';
      else this.fail('"activate" stands outside of a row');
    } else if (this.modes.length === 0 || isConfiguring) {
      this.refuse(words);
    } else if (/* safeguard: two-key-rows */ this.isByTwoKeys(words)) {
      this.fail(`two indexes may pick a row of anybody: open the row of the parent by its name, and what stands in it inside it`);
      if (first !== 'no') this.enter({ kind: 'row', row: newRow(first, { kind: 'new' }, this.line, words), indent: this.indent });
    } else if (first === 'no') {
      this.takeBack(words.slice(1), words);
    } else if (!this.open(words)) {
      const row = this.openRow();
      if (row) this.setParameter(row, words);
      else this.refuse(words);
    }
  }

  private checkShow(words: readonly CliWord[]): void {
    const isPlain = /* safeguard: show-plain-words */ words.length > 0 && words.every(({ text, uses }) => uses.length === 0 && shownWord.test(text));
    if (!isPlain) this.fail('after "show" stand words of letters, digits, ".", "/", "_" and "-" alone, and at least one: leave out values, ">" and pipes, with which a device could send or write what it shows');
  }

  /** What is said of the line just read belongs to the row it has opened, or stands in. */
  private state(statements: readonly Statement[], row: OpenRow | undefined, before: OpenRow | undefined): void {
    for (const statement of statements) {
      if (!row) this.problems.push({ line: statement.line, message: 'this "# trunkline:" stands before no row and no parameter' });
      else if (statement.kind === 'default') row.statedDefaults.set(statement.parameter, statement.value);
      else if (row === before) this.problems.push({ line: statement.line, message: '"# trunkline: name=" stands before the line that opens the row' });
      else this.stateName(row, statement);
    }
  }

  private stateName(row: OpenRow, { line, parameter }: Extract<Statement, { kind: 'name' }>): void {
    const { nameParameter = 'none' } = deviceTable(row.table);
    if (nameParameter === 'none' || nameParameter === parameter) row.statedName = parameter;
    else this.problems.push({ line, message: `the name of ${row.table} stands in ${nameParameter}` });
  }

  /** Where the section has a line of its own it has an "exit" of its own too. */
  private chooseSection(): void {
    this.leaveAll();
    this.isConfiguring = true;
    this.enter({ kind: 'configure' });
  }

  private enterSection(name: string): void {
    const whole = sections.includes(name) ? name : wholeWord(name, sections);
    if (whole !== undefined) {
      if (whole !== name) this.failShort(name, whole);
      this.enter({ kind: 'section', prefix: whole === 'voip' ? '' : `${whole}:` });
      return;
    }
    this.fail(`"configure ${name}" may not stand in a script: rows of customers are in ${sections.map((section) => `"configure ${section}"`).join(' and ')}`);
  }

  /** Opens a row or a part of a table's name; false when the line is neither. */
  private open(words: readonly CliWord[]): boolean {
    return this.openChild(words) || this.openTable(words) || this.openMenu(words);
  }

  private openChild(words: readonly CliWord[]): boolean {
    const [word, selecting] = words;
    const selector = words.length === 2 ? selectorOf(selecting) : undefined;
    const mode = this.modes.at(-1);
    if (!selector || !word || mode?.kind !== 'row') return false;
    const { row } = mode;
    if (!hasChild(row.table, word.text) && selector.kind !== 'new' && knownParameters(row.table).has(word.text)) return false;
    // A child may begin while its sister is still open.
    const at = this.modes.findLastIndex((open) => open.kind === 'row' && hasChild(open.row.table, word.text));
    if (at >= 0) {
      while (this.modes.length > at + 1) this.leave();
      return this.enterChild(words, selector);
    }
    if (isCommand(word.text) || parametersBegunBy(row.table, word.text).isShort || wholeWord(word.text, childWordsOf(row)) !== undefined) return false;
    if (this.levels().some((level) => isKnownTable(pathIn(level, word.text)))) return false;
    // Rows inside a row come after what applies it.
    const isRow = selector.kind === 'new' || (selector.kind === 'index' && row.effect === 'in-effect');
    if (!isRow) return false;
    // Nothing says that it stands inside but that its author has put it there.
    if (/* safeguard: doubtful-row */ this.indent > mode.indent) return this.enterChild(words, selector);
    this.failDoubt(words, row);
    return true;
  }

  private enterChild(words: readonly CliWord[], selector: Selector): boolean {
    const row = this.openRow();
    if (!row) return false;
    this.checkTable(words.slice(0, 1));
    const child = newRow(`${row.table} ${words[0]?.text ?? ''}`, selector, this.line, words);
    row.children.push(child);
    this.enter({ kind: 'row', row: child, indent: this.indent });
    return true;
  }

  /** A row of a table: by its full name, or by what is left of it where its beginning is open. */
  private openTable(words: readonly CliWord[]): boolean {
    const target = splitTarget(words);
    if (!target) return false;
    const known = this.levels().find((level) => isKnownTable(pathIn(level, target.path)));
    const row = this.openRow();
    if (row && knownParameters(row.table).has(target.path)) return false;
    if (known) {
      const path = pathIn(known, target.path);
      if (row && target.selector.kind !== 'new' && !path.includes(' ')) {
        const isUnknown = deviceTable(row.table).nameParameter === undefined;
        if (isUnknown || /* safeguard: table-or-parameter */ parametersBegunBy(row.table, path).names.length > 0) {
          this.fail(`"${path}" could be a parameter of ${row.table} or a row of its own: close the row before with "exit"`);
        }
        // In a known one it is read on as a row: so it was in scripts that are pinned.
        if (isUnknown) return true;
      }
      this.leaveTo(known);
      this.enterRow(path, target.selector, words);
      return true;
    }
    // What is not known is a row only where its form leaves no doubt.
    const isForm = target.selector.kind !== 'name' || target.isQuoted;
    if (row) {
      const isDoubtful = isForm && target.path.includes(' ') && !freeTexts.has(words[0]?.text ?? '');
      if (isDoubtful) this.failDoubt(words, row);
      return isDoubtful;
    }
    const level = this.levels()[0];
    if (!level) return false;
    const whole = this.wholePath(target.path, tablePaths);
    if (whole) {
      this.failShort(target.path, whole.shown);
      this.enter({ kind: 'row', row: newRow(tableName(whole.path), target.selector, this.line, words), indent: this.indent });
      return true;
    }
    if (!isForm || /* safeguard: command-is-no-table */ isCommand(words[0]?.text ?? '')) return false;
    this.checkTable(target.words);
    this.enterRow(pathIn(level, target.path), target.selector, words);
    return true;
  }

  private openMenu(words: readonly CliWord[]): boolean {
    if (words.some(({ quoted, uses }) => quoted || uses.length > 0)) return false;
    const text = words.map((word) => word.text).join(' ');
    const level = this.levels().find((open) => menus.has(pathIn(open, text)));
    if (!level) return false;
    this.leaveTo(level);
    this.enter({ kind: 'menu', path: pathIn(level, text) });
    return true;
  }

  /** `no …`: a row, a row inside a row, a parameter, or what applies a row. */
  private takeBack(rest: readonly CliWord[], words: readonly CliWord[]): void {
    const row = this.openRow();
    const first = rest[0]?.text ?? '';
    if (isCommand(first) && first !== 'activate') {
      if (row && rest.length === 1 && commandsBegun(first).join() === 'activate') this.failShort(first, 'activate');
      else this.fail(`"no ${first}" may not stand in a script: ${understood}`);
      return;
    }
    if (row && rest.length === 1 && first === 'activate') {
      row.effect = 'inactive';
      return;
    }
    const selector = rest.length === 2 ? selectorOf(rest[1]) : undefined;
    if (selector) {
      const parent = this.modes.findLast((mode) => mode.kind === 'row' && hasChild(mode.row.table, first));
      if (parent?.kind === 'row') {
        parent.row.removals.push({ table: `${parent.row.table} ${first}`, selector, line: this.line, words });
        return;
      }
    }
    const target = splitTarget(rest);
    const known = target && this.levels().find((level) => isKnownTable(pathIn(level, target.path)));
    if (target && known) {
      this.leaveTo(known);
      this.removals.push({ table: tableName(pathIn(known, target.path)), selector: target.selector, line: this.line, words });
    } else if (target && /* safeguard: short-removal */ this.failShortTarget(target.path, row)) {
      return;
    } else if (row && rest.length === 1) {
      this.clearParameter(row, first);
    } else if (row && selector) {
      this.checkTable(rest.slice(0, 1));
      row.removals.push({ table: `${row.table} ${first}`, selector, line: this.line, words });
    } else if (target && !row && (target.isQuoted || target.selector.kind !== 'name')) {
      const level = this.levels()[0];
      this.checkTable(target.words);
      this.removals.push({ table: level ? pathIn(level, target.path) : target.path, selector: target.selector, line: this.line, words });
    } else {
      this.fail(`not understood: ${row ? '"no" takes a parameter of the row' : '"no" takes a table and the name of a row in quotes'}`);
    }
  }

  /** A table that is not known has a name that could be one. Whether a value may stand in it is asked later. */
  private checkTable(words: readonly CliWord[]): void {
    const odd = /* safeguard: table-words */ words.find(({ text, uses }) => uses.length === 0 && (!tableWord.test(text) || isReservedWord(text)));
    if (odd) this.fail(`"${odd.text}" is no word of a table's name: those have letters, digits and "-", begin with a letter and are no commands; leave it out`);
  }

  /** Whether what `no` picks a row of is a shortened word, which is then refused. */
  private failShortTarget(path: string, row: OpenRow | undefined): boolean {
    if (row && knownParameters(row.table).has(path)) return false;
    const children = this.modes.flatMap((mode) => (mode.kind === 'row' ? childWordsOf(mode.row) : []));
    const whole = wholeWord(path, children) ?? this.wholePath(path, tablePaths)?.shown;
    if (whole !== undefined) this.failShort(path, whole);
    return whole !== undefined;
  }

  private setParameter(row: OpenRow, words: readonly CliWord[]): void {
    const name = words[0]?.text ?? '';
    if (!this.isParameter(row, name, words.length === 1)) return;
    if (words.length === 1) {
      this.fail(`"${name}" has no value; one with "#" stands in double quotes`);
      return;
    }
    if (words.length > 2 && !freeTexts.has(name) && !(words.length === 3 && words[2]?.text === 'obscured')) {
      this.fail(`the value of "${name}" has several words: put it in quotes. Where a row of its own begins here, close the row of ${row.table} before with "exit"`);
      return;
    }
    row.cleared.delete(name);
    const [word, ...more] = words.slice(1);
    const value = word && more.length === 0 ? word.text : lineText(words.slice(1));
    const before = row.parameters.get(name);
    if (before && before.value !== value) this.fail(`"${name}" has another value in line ${before.line}: leave one of the two out, or enter the row again`);
    row.parameters.set(name, { value, line: this.line, uses: words.slice(1).flatMap(({ uses }) => uses) });
    if (row.effect !== 'inactive') row.effect = 'not-applied';
  }

  private clearParameter(row: OpenRow, name: string): void {
    if (!this.isParameter(row, name, false)) return;
    row.parameters.delete(name);
    row.cleared.set(name, this.line);
    if (row.effect !== 'inactive') row.effect = 'not-applied';
  }

  private isParameter(row: OpenRow, name: string, isAlone: boolean): boolean {
    if (knownParameters(row.table).has(name)) return true;
    const isOther = menus.has(name) || (sectionOf(row.table) === undefined && settingsWords.has(name));
    const whole = isOther ? undefined : wholeWord(name, [...isAlone ? keywords : [], ...childWordsOf(row)]);
    const { isShort, names } = parametersBegunBy(row.table, name);
    if (whole !== undefined) this.failShort(name, whole);
    else if (/* safeguard: short-parameter */ isShort && !isOther) this.failShort(name, ...names);
    else if (isCommand(name) || isOther) this.fail(`"${name}" may not stand in a script: ${understood}`);
    else if (!/^[A-Za-z][\w-]*$/.test(name)) this.fail(`"${name}" is no parameter of a row`);
    else if (row.effect === 'in-effect') this.fail(`"${name}" stands after "activate" and could be something beside the row: put it before "activate", or close the row before with "exit"`);
    else return true;
    return false;
  }

  private refuse(words: readonly CliWord[]): void {
    const first = words[0]?.text ?? '';
    const whole = wholeWord(first, keywords) ?? this.wholePath(words.map((word) => word.text).join(' '), menus)?.shown;
    if (whole !== undefined) this.failShort(first, whole);
    // What follows is read as it is meant, and not blamed too.
    if (whole === 'configure' && this.modes.length === 0 && words.length === 2) this.enterSection(words[1]?.text ?? '');
    if (whole === undefined) /* safeguard: script-line-refused */ this.fail(`"${shownLine(words)}" may not stand in a script here: ${understood}`);
  }

  /** What a path shortens at one of the places where it may begin; `shown` is without what is open there. */
  private wholePath(path: string, candidates: Iterable<string>): { readonly path: string; readonly shown: string } | undefined {
    for (const level of this.levels()) {
      const whole = wholePath(pathIn(level, path), candidates);
      if (whole !== undefined) return { path: whole, shown: whole.slice(pathIn(level, '').length) };
    }
    return undefined;
  }

  /** The places where a table's name may begin, the innermost first. */
  private levels(): Level[] {
    return this.modes.filter((mode) => mode.kind === 'section' || mode.kind === 'menu').toReversed();
  }

  private openRow(): OpenRow | undefined {
    const mode = this.modes.at(-1);
    return mode?.kind === 'row' ? mode.row : undefined;
  }

  private enterRow(path: string, selector: Selector, words: readonly CliWord[]): void {
    const row = newRow(tableName(path), selector, this.line, words);
    this.rows.push(row);
    this.enter({ kind: 'row', row, indent: this.indent });
  }

  private enter(mode: Entered): void {
    this.modes.push({ ...mode, id: this.lastId += 1 });
  }

  private leaveAll(): void {
    while (this.modes.length > 0) this.leave();
  }

  private isByTwoKeys(words: readonly CliWord[]): boolean {
    const last = words.at(words.at(-1)?.text === 'insert' ? -2 : -1);
    const row = this.openRow();
    return words.length > 1 && last?.quoted === false && twoKeys.test(last.text) && !(row && words.length === 2 && knownParameters(row.table).has(words[0]?.text ?? ''));
  }

  private leaveTo(level: Level): void {
    while (this.modes.at(-1) !== level) this.leave();
  }

  /** A row that is left takes effect by `exit`, and otherwise only by an `activate` after its last parameter. */
  private leave(by?: 'exit'): void {
    const mode = this.modes.pop();
    if (mode?.kind !== 'row' || mode.row.effect === 'inactive') return;
    if (by === 'exit') mode.row.effect = 'in-effect';
  }

  private fail(message: string): void {
    this.problems.push({ line: this.line, message });
  }

  private failDoubt(words: readonly CliWord[], { table }: OpenRow): void {
    this.fail(`"${shownLine(words)}" could stand inside the row of ${table} or be a row of its own: close the row before with "exit", or indent what stands inside it`);
    this.enter({ kind: 'row', row: newRow(words[0]?.text ?? '', { kind: 'new' }, this.line, words), indent: this.indent });
  }

  private failShort(short: string, ...whole: readonly string[]): void {
    const small = short.toLowerCase();
    if (short !== small && whole.includes(small)) this.fail(`"${short}" stands in small letters: "${small}"`);
    else this.fail(`"${short}" is short for ${whole.map((each) => `"${each}"`).join(' or ')}: write the whole word`);
  }
}

/** The words that open a row inside a row. */
function childWordsOf({ table }: OpenRow): string[] {
  return Object.keys(deviceTable(table).children ?? {});
}

/** The line as a message shows it: whole words alone, because a secret that is cut is not found again and masked. */
function shownLine(words: readonly CliWord[]): string {
  const texts = words.map(({ text }) => text);
  const count = texts.findIndex((_text, index) => texts.slice(0, index + 1).join(' ').length > longestLine);
  return count < 0 ? texts.join(' ') : /* safeguard: line-cut-at-word */ [...texts.slice(0, count), '…'].join(' ');
}

/** Whether a word is a command of the device, whole or shortened, in any case. */
function isCommand(word: string): boolean {
  return commandsBegun(word).length > 0;
}

function commandsBegun(word: string): string[] {
  const beginning = word.toLowerCase();
  return word === '' ? [] : commands.filter((command) => command.startsWith(beginning));
}

function newRow(table: string, selector: Selector, line: number, opening: readonly CliWord[]): OpenRow {
  return {
    table, selector, line, opening, parameters: new Map(), cleared: new Map(), children: [], removals: [], statedName: undefined, statedDefaults: new Map(),
    effect: 'not-applied',
  };
}

function pathIn(level: Level, path: string): string {
  return level.kind === 'section' ? `${level.prefix}${path}` : `${level.path} ${path}`;
}

interface Target {
  /** The table as the line names it, and the words of that. */
  readonly path: string;
  readonly words: readonly CliWord[];
  readonly selector: Selector;
  readonly isQuoted: boolean;
}

/** Splits `sbc routing ip2ip-routing "X"` into table and selector; undefined when nothing is selected. */
function splitTarget(words: readonly CliWord[]): Target | undefined {
  const isInsert = words.length > 2 && words.at(-1)?.text === 'insert' && !words.at(-1)?.quoted && selectorOf(words.at(-2))?.kind === 'index';
  const counted = isInsert ? words.slice(0, -1) : words;
  const last = counted.at(-1);
  const table = counted.slice(0, -1);
  const selector = selectorOf(last);
  if (!selector || table.length === 0 || table.some(({ quoted }) => quoted)) return undefined;
  // A row that is inserted is a new one, whatever its place.
  return { path: table.map(({ text }) => text).join(' '), words: table, selector: isInsert ? { kind: 'new' } : selector, isQuoted: last?.quoted ?? false };
}

function selectorOf(word: CliWord | undefined): Selector | undefined {
  if (!word) return undefined;
  if (word.quoted) return { kind: 'name', name: word.text };
  if (word.text === 'new') return { kind: 'new' };
  if (/^\d{1,9}$/.test(word.text)) return { kind: 'index', index: Number(word.text) };
  return { kind: 'name', name: word.text };
}

/** The one word a shortened one stands for. */
function wholeWord(word: string, candidates: readonly string[]): string | undefined {
  return word === '' ? undefined : candidates.find((candidate) => candidate !== word && candidate.startsWith(word.toLowerCase()));
}

/** The table, or the part of one, whose words a path shortens. */
function wholePath(path: string, candidates: Iterable<string>): string | undefined {
  const words = path.split(' ');
  return [...candidates].find((candidate) => {
    const whole = candidate.split(' ');
    return candidate !== path && whole.length === words.length && whole.every((word, index) => word.startsWith(words[index]?.toLowerCase() || ' '));
  });
}
