import { type ParameterSchema, type TableSchema, wordsBeside } from '../schema/table-schema.js';
import type { Row } from '../tables.js';
import type { Layout, LayoutItem } from './layout.js';

/** A device's own print, as far as it is understood; the rest has its place in the layout. */
export interface ReadPrint {
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly layout: Layout;
}

/** Reads what a device has printed, whole: with its echo and prompt or without, in one profile or the other. */
export function readPrint(text: string, schemas: readonly TableSchema[]): ReadPrint {
  return new PrintReader(text, schemas).read();
}

interface Line {
  readonly indent: number;
  readonly text: string;
}

interface OpenRow {
  readonly index: number;
  notActivated?: true;
  readonly values: Record<string, string>;
  readonly children: Record<string, Row[]>;
  readonly opaque: string[];
}

interface Opening {
  readonly schema: TableSchema;
  readonly child?: TableSchema;
  readonly index?: number;
  readonly parent?: number;
  readonly name?: string;
}

type Part = { readonly section: string; readonly items: LayoutItem[] } | { readonly outside: string[] };

const remark = '# The following line is not activated';
const promptOrEcho = /^[^#;[\s][^#]*[#>]\s*(?:sh\S*\s.*)?$/;

class PrintReader {
  private readonly lines: readonly Line[];
  private at = 0;
  private readonly rows = new Map<string, OpenRow[]>();
  private readonly parts: Part[] = [];
  private readonly placed = new Set<string>();

  constructor(text: string, private readonly schemas: readonly TableSchema[]) {
    this.lines = text.replace(/(?:\r\n|\n|\r)$/, '').split(/\r\n|\n|\r/).map((line) => ({ indent: line.length - line.trimStart().length, text: line.trim() }));
  }

  read(): ReadPrint {
    for (let line = this.next(); line; line = this.next()) {
      const section = sectionOf(line);
      if (section !== undefined) this.readSection(section, line.indent);
      else if (!promptOrEcho.test(line.text)) this.outside.push(line.text);
    }
    if (!this.parts.some((part) => 'section' in part && part.section === 'voip')) this.itemsOf('voip');
    return { rows: this.rows, layout: this.parts };
  }

  private get outside(): string[] {
    const last = this.parts.at(-1);
    if (last && 'outside' in last) return last.outside;
    const added = { outside: [] };
    this.parts.push(added);
    return added.outside;
  }

  private itemsOf(section: string): LayoutItem[] {
    const known = this.parts.find((part) => 'section' in part && part.section === section);
    if (known && 'section' in known) return known.items;
    const added = { section, items: [] };
    this.parts.push(added);
    return added.items;
  }

  private readSection(section: string, indent: number): void {
    const items = this.itemsOf(section);
    // Without blanks at the beginning of lines only `exit` tells where something ends.
    const isFlat = this.peek()?.indent === indent;
    let remarks: string[] = [];
    for (let line = this.peek(); line && sectionOf(line) === undefined; line = this.peek()) {
      this.at += 1;
      if (line.text === 'exit' && this.isEndOfSection()) return;
      const opening = this.openingOf(section, line.text);
      if (opening) this.readTableRow(opening, items);
      else if (line.text === remark) remarks = [remark];
      else if (line.text !== '') items.push({ lines: [...remarks, ...this.opaqueFrom(line, isFlat ? (next) => this.openingOf(section, next.text) !== undefined : undefined)] });
      if (line.text !== remark) remarks = [];
    }
  }

  /** After its `exit`: an `exit` in the midst of rows ends something that is not understood. */
  private isEndOfSection(): boolean {
    const line = this.lines.slice(this.at).find(({ text }) => text !== '');
    return !line || sectionOf(line) !== undefined || (line.text.startsWith('#') && line.text !== remark) || promptOrEcho.test(line.text) || /^[;[]/.test(line.text);
  }

  private readTableRow({ schema, child, index, parent, name }: Opening, items: LayoutItem[]): void {
    const rows = this.rows.get(schema.path) ?? [];
    this.rows.set(schema.path, rows);
    if (!this.placed.has(schema.path)) items.push({ table: schema.path });
    this.placed.add(schema.path);
    const free = () => rows.reduce((next, row) => Math.max(next, row.index + 1), 0);
    if (!child) {
      const row = this.readRow(schema, index ?? free());
      if (name !== undefined) row.values[schema.nameParameter] ??= name;
      rows.push(row);
      return;
    }
    let holder = rows.find((row) => row.index === parent);
    if (!holder) rows.push(holder = openRow(parent ?? free()));
    (holder.children[child.path] ??= []).push(this.readRow(child, index ?? 0));
  }

  /** The lines of a row up to its `exit`, or to the line with which something else begins. */
  private readRow(schema: TableSchema, index: number): OpenRow {
    const row = openRow(index);
    for (let line = this.peek(); line && sectionOf(line) === undefined; line = this.peek()) {
      const child = schema.children?.find(({ path }) => new RegExp(`^${path} \\d+$`).test(line.text));
      if (!child && this.openingOf(schema.section, line.text)) break;
      this.at += 1;
      if (line.text === 'exit') break;
      if (line.text === 'no activate') row.notActivated = true;
      else if (child) (row.children[child.path] ??= []).push(this.readRow(child, Number(line.text.split(' ').at(-1))));
      else if (!['activate', remark, ''].includes(line.text)) this.readParameter(schema, row, line);
    }
    return row;
  }

  private readParameter(schema: TableSchema, row: OpenRow, line: Line): void {
    const [, name = '', rest] = /^(\S+) +(.*)$/.exec(line.text) ?? [];
    const parameter = schema.parameters[name];
    if (parameter && rest !== undefined) row.values[name] = valueOf(parameter, rest);
    else row.opaque.push(...this.opaqueFrom(line));
  }

  /** A line that means nothing to us, with all that stands deeper than it. */
  private opaqueFrom(line: Line, endsFlat?: (next: Line) => boolean): string[] {
    const lines = [line.text];
    for (let next = this.peek(); next && sectionOf(next) === undefined; next = this.peek()) {
      const isInside = next.indent > line.indent || (endsFlat && !endsFlat(next) && next.text !== '');
      const isEnd = next.text === 'exit' && next.indent === line.indent && (lines.length > 1 || endsFlat !== undefined);
      if (!isInside && !isEnd) break;
      this.at += 1;
      lines.push(`${' '.repeat(Math.max(0, next.indent - line.indent))}${next.text}`);
      if (isEnd) break;
    }
    return lines;
  }

  private openingOf(section: string, text: string): Opening | undefined {
    const [, words = '', index, childIndex, name] = /^(\S.*?) (?:(\d{1,6})(?:\/(\d{1,6}))?|"([^"]*)")$/.exec(text) ?? [];
    for (const schema of this.schemas) {
      if (schema.section !== section) continue;
      if (childIndex !== undefined) {
        const child = schema.children?.find((own) => wordsBeside(schema, own).join(' ') === words);
        if (child) return { schema, child, index: Number(childIndex), parent: Number(index) };
      } else if (words === schema.path) {
        return { schema, ...index !== undefined && { index: Number(index) }, ...name !== undefined && { name } };
      }
    }
    return undefined;
  }

  private peek(): Line | undefined {
    return this.lines[this.at];
  }

  private next(): Line | undefined {
    return this.lines[this.at++];
  }
}

function openRow(index: number): OpenRow {
  return { index, values: {}, children: {}, opaque: [] };
}

function sectionOf({ text }: Line): string | undefined {
  return /^configure (\S+)$/.exec(text)?.[1];
}

function valueOf({ isSecret }: ParameterSchema, text: string): string {
  const value = /^"([^"]*)"$/.exec(text)?.[1] ?? text;
  return isSecret && !value.endsWith(' obscured') ? `${value} obscured` : value;
}
