import { childWords, deviceTable, isKnownTable, lastWord, menus, parentTables, tableName } from './device-tables.js';
import { Hits } from './hits.js';
import { WantedEnds } from './wanted-ends.js';

/** A part of a print that belongs to one row of a table, from the line that opens it to the last one before its end. */
export interface RawRow {
  readonly table: string;
  /** The index, or the name, that the row is printed with, quotes included. */
  readonly selector: string;
  /** The row's lines, one character a byte. Rows inside it that hold nothing wanted are left out, unless the row itself does. */
  readonly text: string;
  /** The wanted values in it, by their number; none where every row is wanted. */
  readonly values: readonly number[];
}

const blank = 32;
const tab = 9;
const quote = 34;
const hash = 35;
const bang = 33;
const zero = 48;
const nine = 57;
const slash = 47;
const lineFeed = 10;
const carriageReturn = 13;
const afterAll = 0;
const exitWord = Buffer.from('exit');
const byteOrderMark = Buffer.from('\uFEFF');
// A device has no customers without the first; the other may be missing where nothing of it is wanted.
const rowSections: ReadonlySet<string> = new Set(['voip', 'network']);

/**
 * Finds the rows of a print that hold a wanted value, in one pass over bytes as they arrive. A device prints megabytes of which a site needs some lines:
 * nothing is built of a line before it is known to matter.
 *
 * Rows are told by their form (`<words> <index>`, closed by `exit`), and by their indentation where there is one: there a block of settings is a row too, and
 * a setting on a line of its own is none.
 */
export class PrintScanner {
  private readonly hits: Hits | undefined;
  /** Another section, rows printed beside their parents, and those parents: no leap passes over them. Sought by a rare letter, which is quickest. */
  private readonly turns: Hits;
  private readonly parentTables: ReadonlySet<string>;
  /** Read, but not yet followed by a whole line. */
  private held = 0;
  /** Of the text, and a zero behind it: telling rows apart is quicker by bytes than by characters. */
  private bytes = Buffer.alloc(0);
  private section = '';
  private menus: string[] = [];
  private sectionMargin = 0;
  private isSectionIndented = false;
  private isStarted = false;
  /** Whether the section that is open holds rows. */
  private isRowSection = false;
  /** Sections of rows that were there to their end. */
  private readonly closed = new Set<string>();
  private isCut = false;
  /** Sections of rows in which something stood that belongs to no row. */
  private readonly disturbed = new Set<string>();

  // Of the row that is open.
  private depth = 0;
  private opened = { path: '', selector: '' };
  private rowIndent = 0;
  private isIndented: boolean | undefined;
  private appliedAt = 0;
  private isWanted = false;
  private isChildWanted = false;
  private hasAnyWanted = false;
  private spanStart = -1;
  private readonly spans: { readonly text: string; readonly isKept: boolean }[] = [];
  private childText = '';
  private values: number[] = [];
  private text = '';
  private readonly wantedRows = new Set<string>();
  /** Bytes are taken as they are: a value of other than ASCII letters is looked for by its UTF-8 form. */
  constructor(
    private readonly wanted: WantedEnds | undefined, parentTables: Iterable<string>, private readonly neededSections: Iterable<string>,
    private readonly onRow: (row: RawRow) => void,
  ) {
    this.parentTables = new Set(parentTables);
    this.turns = new Hits(['figure', '/', ...[...this.parentTables].map((table) => `${lastWord(table)} `)]);
    this.hits = wanted && Hits.of(wanted.values());
  }

  /** Whether the needed sections of rows were there from beginning to end, nothing that belongs to no row had come between, and none is open. */
  get isWhole(): boolean {
    const needed = /* safeguard: print-network-whole */ ['voip', ...this.neededSections];
    if (this.isCut || this.isRowSection) return false;
    return needed.every((section) => this.closed.has(section) && /* safeguard: print-noise */ !this.disturbed.has(section));
  }

  push(bytes: Uint8Array): void {
    const isMarked = !this.isStarted && byteOrderMark.equals(bytes.subarray(0, byteOrderMark.length));
    this.isStarted = true;
    this.take(isMarked ? bytes.subarray(byteOrderMark.length) : bytes, false);
  }

  end(): void {
    this.take(Buffer.from('\n'), true);
    this.isCut = this.depth > 0;
    while (this.depth > 0) this.close(this.text.length);
  }

  /** Joined as bytes: a text that is joined of two is slow to look into. */
  private take(bytes: Uint8Array, isLast: boolean): void {
    const end = this.held + bytes.length;
    if (this.bytes.length <= end) this.bytes = Buffer.concat([this.bytes.subarray(0, this.held)], 2 * end + 1);
    this.bytes.set(bytes, this.held);
    this.bytes[end] = afterAll;
    const done = this.walk(this.bytes.toString('latin1', 0, end), isLast);
    this.bytes.copyWithin(0, done, end);
    this.held = end - done;
  }

  /** Answers up to where the text is done with. */
  private walk(text: string, isLast: boolean): number {
    this.text = text;
    this.hits?.search(text);
    this.turns.search(text);
    if (this.depth > 0) this.spanStart = 0;
    let at = 0;
    let lineEnd = text.indexOf('\n');
    for (;;) {
      // The line after one says whether it opens something.
      const next = lineEnd < 0 ? -1 : lineAfter(text, lineEnd + 1);
      const nextEnd = next < 0 ? -1 : text.indexOf('\n', next);
      if (lineEnd < 0 || (nextEnd < 0 && !isLast)) break;
      let end = lineEnd;
      let code = text.charCodeAt(end - 1);
      while (end > at && (code === carriageReturn || code === blank || code === tab)) {
        end -= 1;
        code = text.charCodeAt(end - 1);
      }
      let start = at;
      code = text.charCodeAt(start);
      while (start < end && (code === blank || code === tab)) {
        start += 1;
        code = text.charCodeAt(start);
      }
      const leapt = this.depth === 0 && this.hits ? this.afterDullRows(at, start, end, next) : -1;
      if (leapt >= 0) {
        at = leapt;
        lineEnd = text.indexOf('\n', at);
        continue;
      }
      if (start < end && code !== hash && code !== bang) this.line(start, end, start - at, at, next < 0 ? text.length : next);
      at = lineEnd + 1;
      lineEnd = next === at ? nextEnd : text.indexOf('\n', at);
    }
    if (this.depth > 0) this.cut(at);
    return at;
  }

  /** Where to read on behind rows in which nothing is wanted, if this line opens one; else -1. Most of a print is passed over in such leaps. */
  private afterDullRows(lineStart: number, start: number, end: number, next: number): number {
    const { hits, text } = this;
    const margin = start - lineStart;
    let space = end - 1;
    while (space > start && text.charCodeAt(space) !== blank) space -= 1;
    if (!hits || next < 0 || space <= start || !isIndex(text, space + 1, end) || marginAt(text, next) <= margin) return -1;
    if (this.wantedRows.size > 0 && text.slice(space + 1, end).includes('/')) return -1;
    const hit = /* safeguard: print-leap */ hits.next(lineStart);
    // Of a row that is kept the parts are needed.
    if (this.parentTables.has(tableName(this.pathOf(text.slice(start, space))))) return -1;
    // The last row of the table before a hit: of what lies between, nothing matters to what comes later.
    const last = margin === this.sectionMargin ? text.lastIndexOf(`\n${text.slice(lineStart, space + 1)}`, Math.min(hit, this.turns.next(end))) : -1;
    if (last >= next) return last + 1;
    const exit = this.afterDeeper(next, margin, hit);
    return exit < 0 ? -1 : this.afterExit(exit, margin, hit);
  }

  /** The first line that stands no deeper than a margin; -1 when a line before it does not end by `limit`. */
  private afterDeeper(from: number, margin: number, limit: number): number {
    let at = from;
    while (isDeeper(this.bytes, at, margin)) {
      const lineEnd = this.text.indexOf('\n', at);
      if (lineEnd < 0 || lineEnd > limit) return -1;
      at = lineEnd + 1;
    }
    return at;
  }

  /** Where an `exit` has ended that stands at a margin, if this line is one and ends by `limit`; else -1. */
  private afterExit(lineStart: number, margin: number, limit: number): number {
    const { bytes } = this;
    const word = lineStart + margin;
    for (let at = lineStart; at < word; at += 1) if (bytes[at] !== blank && bytes[at] !== tab) return -1;
    for (let at = 0; at < exitWord.length; at += 1) if (bytes[word + at] !== exitWord[at]) return -1;
    const next = afterLineEnd(bytes, word + exitWord.length);
    return next > limit + 1 ? -1 : next;
  }

  private line(start: number, end: number, indent: number, lineStart: number, next: number): void {
    const { text } = this;
    if (text.charCodeAt(start) === 99 && text.startsWith('configure ', start)) {
      while (this.depth > 0) this.close(lineStart);
      this.closeSection();
      this.section = text.slice(start + 10, end).trim();
      this.isRowSection = rowSections.has(this.section);
      this.menus = [];
      this.sectionMargin = marginAt(text, next);
      this.isSectionIndented = this.sectionMargin > indent;
    } else if (this.depth > 0) {
      this.inRow(start, end, indent, lineStart, next);
    } else {
      this.outside(start, end, indent, lineStart, next);
    }
  }

  private closeSection(): void {
    if (this.isRowSection) this.closed.add(this.section);
    this.isRowSection = false;
  }

  private inRow(start: number, end: number, indent: number, lineStart: number, next: number): void {
    const { text } = this;
    const isExit = end - start === 4 && text.startsWith('exit', start);
    if (this.isNoise(indent) && !isExit) {
      if (this.isRowSection) this.disturbed.add(this.section);
      return;
    }
    this.isIndented ??= indent > this.rowIndent;
    if (indent < this.rowIndent || (this.isIndented && indent === this.rowIndent)) {
      // Whatever stood open: at the row's own margin it has ended.
      while (this.depth > 0) this.close(lineStart);
      if (!isExit || this.isNoise(indent)) this.outside(start, end, indent, lineStart, next);
      return;
    }
    if (isExit) {
      // A row of a print with margins ends at its own, as above.
      if (this.depth > 1 || !this.isIndented) this.close(this.depth === 2 ? next : lineStart);
      return;
    }
    const last = text.charCodeAt(end - 1);
    if (last === 101 && isApplied(text, start, end)) {
      this.appliedAt |= 1 << Math.min(this.depth, 30);
      return;
    }
    if (last >= zero && last <= nine && this.opens(start, end, indent, lineStart, next)) return;
    if (this.isWantedLine(start, end)) this.noteWanted();
  }

  /** Whether the line opens a row inside this one, or one beside it where this one was left without `exit`. */
  private opens(start: number, end: number, indent: number, lineStart: number, next: number): boolean {
    const { text } = this;
    const space = text.lastIndexOf(' ', end - 1);
    if (space < start || !isIndex(text, space + 1, end)) return false;
    const words = text.slice(start, space);
    const isBeside = text.slice(space + 1, end).includes('/');
    const isWord = !words.includes(' ') && !isBeside;
    // In a print with margins what is in a child stands deeper still. Without them words tell, and what follows after a row is applied.
    const isWordOfChild = this.depth === 1 && !this.opened.selector.includes('/') && childWords.has(words);
    const isChild = this.isIndented === true
      ? marginAt(text, next) > indent || isExitAt(text, next, indent)
      : isWordOfChild || ((this.appliedAt & (1 << Math.min(this.depth, 30))) !== 0 && !isKnownTable(words));
    if (isWord && isChild) {
      if (this.depth === 1) this.cutKept(lineStart);
      this.depth += 1;
      this.appliedAt &= ~(1 << Math.min(this.depth, 30));
      return true;
    }
    if (this.isIndented === true || !(isBeside ? parentTables(words).length > 0 : isKnownTable(this.pathOf(words)))) return false;
    while (this.depth > 0) this.close(lineStart);
    this.outside(start, end, indent, lineStart, next);
    return true;
  }

  /** A line between rows: it opens one, or part of the name of a table, or is a setting that is none of our business. */
  private outside(start: number, end: number, indent: number, lineStart: number, next: number): void {
    const { text } = this;
    if (end - start === 4 && text.startsWith('exit', start)) {
      if (this.menus.pop() === undefined) this.closeSection();
      return;
    }
    if (this.isNoise(indent)) {
      if (this.isRowSection) this.disturbed.add(this.section);
      return;
    }
    if (this.isSectionIndented && marginAt(text, next) <= indent && !isExitAt(text, next, indent)) return;
    const isQuoted = text.charCodeAt(end - 1) === quote;
    const space = isQuoted ? text.lastIndexOf(' "', end - 2) : text.lastIndexOf(' ', end - 1);
    const path = space > start ? this.pathOf(text.slice(start, space)) : '';
    if (path !== '' && ((!isQuoted && isIndex(text, space + 1, end)) || isKnownTable(path))) this.openRow(path, text.slice(space + 1, end), indent, lineStart, start, end);
    else if (end - start < 40 && menus.has(this.pathOf(text.slice(start, end)))) this.menus.push(text.slice(start, end));
    else if (this.isSectionIndented) this.openRow(isQuoted && path !== '' ? path : this.pathOf(text.slice(start, end)), isQuoted && path !== '' ? text.slice(space + 1, end) : '', indent, lineStart, start, end);
  }

  /** Where rows stand at a margin, nothing of them stands before it: a line of a terminal or a log has come between, and may hide a row. */
  private isNoise(indent: number): boolean {
    return this.isSectionIndented && indent < this.sectionMargin;
  }

  private openRow(path: string, selector: string, indent: number, lineStart: number, start: number, end: number): void {
    this.depth = 1;
    this.opened = { path, selector };
    this.rowIndent = indent;
    this.isIndented = undefined;
    this.appliedAt = 0;
    this.isWanted = false;
    this.isChildWanted = false;
    this.hasAnyWanted = this.parentTables.has(tableName(path));
    this.spanStart = lineStart;
    this.values = [];
    if (this.isWantedLine(start, end) || this.isBesideWanted(path, selector)) this.noteWanted();
  }

  /** Some releases print the rows inside a row after it, with both indexes. */
  private isBesideWanted(path: string, selector: string): boolean {
    const end = selector.indexOf('/');
    return end > 0 && parentTables(path).some((parent) => this.wantedRows.has(`${parent} ${selector.slice(0, end)}`));
  }

  private isWantedLine(start: number, end: number): boolean {
    return this.wanted?.take(this.text, start, end, this.values) ?? true;
  }

  private noteWanted(): void {
    this.hasAnyWanted = true;
    if (this.depth === 1) this.isWanted = true;
    else this.isChildWanted = true;
  }

  /** Closes what is innermost; its last line ends before `at`. */
  private close(at: number): void {
    this.depth -= 1;
    if (this.depth === 1) {
      this.spans.push({ text: this.childText + this.text.slice(this.spanStart, at), isKept: this.isChildWanted });
      this.spanStart = at;
      this.childText = '';
      this.isChildWanted = false;
    }
    if (this.depth > 0) return;
    this.cutKept(at);
    // Of a row in which something is wanted inside, the rest inside is left out; of one that is passed by, nothing.
    const kept = this.isWanted || !this.hasAnyWanted ? this.spans : this.spans.filter(({ isKept }) => isKept);
    const row = { table: tableName(this.opened.path), selector: this.opened.selector, text: kept.map(({ text }) => text).join(''), values: this.values };
    if (this.hasAnyWanted) this.keep(row);
    this.spans.length = 0;
  }

  private keep(row: RawRow): void {
    if (this.isWanted && deviceTable(row.table).children) this.wantedRows.add(`${row.table} ${row.selector}`);
    this.onRow(row);
  }

  private cutKept(at: number): void {
    this.spans.push({ text: this.text.slice(this.spanStart, at), isKept: true });
    this.spanStart = at;
  }

  /** The text ends, the row goes on. */
  private cut(at: number): void {
    if (this.depth === 1) this.cutKept(at);
    else this.childText += this.text.slice(this.spanStart, at);
  }

  private pathOf(words: string): string {
    const section = this.section === '' || this.section === 'voip' ? '' : `${this.section}:`;
    if (this.menus.length === 0) return section === '' ? words : `${section}${words}`;
    const joined = `${section}${this.menus.join(' ')} ${words}`;
    return isKnownTable(joined) || menus.has(joined) ? joined : `${section}${words}`;
  }
}

function isApplied(text: string, start: number, end: number): boolean {
  const length = end - start;
  return (length === 8 && text.startsWith('activate', start)) || (length === 11 && text.startsWith('no activate', start));
}

/** Digits, or the two indexes of a row inside another (`21/32`). */
function isIndex(text: string, start: number, end: number): boolean {
  let slashes = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === slash && at > start && slashes === 0) slashes += 1;
    else if (code < zero || code > nine) return false;
  }
  return end > start;
}

/** Where the next line begins that is not empty; -1 when it is not there yet. */
function lineAfter(text: string, from: number): number {
  let lineStart = from;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === lineFeed) lineStart = at + 1;
    else if (code !== blank && code !== tab && code !== carriageReturn) return lineStart;
  }
  return -1;
}

/** Whether a line stands deeper than a margin; an empty one says nothing else. */
function isDeeper(bytes: Uint8Array, lineStart: number, margin: number): boolean {
  for (let at = lineStart; at <= lineStart + margin; at += 1) {
    const code = bytes[at];
    if (code !== blank && code !== tab) return code === carriageReturn || code === lineFeed;
  }
  return true;
}

/** Where the next line begins when nothing more stands on this one; else -1. */
function afterLineEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === carriageReturn || bytes[at] === blank || bytes[at] === tab) at += 1;
  return bytes[at] === lineFeed ? at + 1 : -1;
}

function isExitAt(text: string, lineStart: number, margin: number): boolean {
  return marginAt(text, lineStart) === margin && text.startsWith('exit', lineStart + margin) && /[\s]|^$/.test(text.charAt(lineStart + margin + 4));
}

function marginAt(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === blank || text.charCodeAt(end) === tab) end += 1;
  return end - at;
}
